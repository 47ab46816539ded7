"""What an application says: the seals it asks for, what is missing, and the digest of it all."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from server.applications import parties
from server.applications.errors import (
    ApplicationIncomplete,
    HandwritingNeeded,
    NothingWanted,
)
from server.applications.models import KINDS, Application, Material, Party, PartyRole, Way
from server.applications.parties import ROLES
from server.applications.slots import HANDWRITING, needed
from server.core.db import UnitOfWork
from server.sealing import impression
from server.seals.models import SealKind


@dataclass(frozen=True)
class Wanted:
    """One seal that is asked for.

    `font` is the lettering of a square seal. A handwritten one is drawn from `strokes` (the pad's
    JSON) or, with `picture`, from the photo in the slot `handwriting`.
    """

    kind: SealKind
    font: str = ""
    strokes: Mapping[str, Any] | None = None
    picture: bool = False

    def as_json(self) -> dict[str, Any]:
        """As the row keeps it; what is not said is left out."""
        said = {"font": self.font, "strokes": self.strokes, "picture": self.picture}
        return {"kind": self.kind.value, **{key: value for key, value in said.items() if value}}


def require_sound(way: Way, wanted: Sequence[Wanted]) -> None:
    """Raise NothingWanted for none, one twice, or a kind of another way; HandwritingNeeded,
    BadStrokes.
    """
    kinds = [one.kind for one in wanted]
    if not kinds or len(set(kinds)) != len(kinds) or not set(kinds) <= set(KINDS[way]):
        raise NothingWanted(kinds=[kind.value for kind in KINDS[way]])
    for one in wanted:
        is_drawn = bool(one.strokes) + one.picture
        if one.kind == SealKind.HANDWRITTEN and is_drawn != 1:
            raise HandwritingNeeded()
        if one.strokes:
            impression.read_strokes(one.strokes)


def materials_of(uow: UnitOfWork, holder_id: str) -> dict[str, Material]:
    """The pictures of an application or a cancellation, by slot."""
    rows = uow.session.scalars(select(Material).where(Material.holder_id == holder_id))
    return {row.slot: row for row in rows}


def missing(
    application: Application, people: Mapping[PartyRole, Party], slots: Mapping[str, Material]
) -> list[str]:
    """What is still to be given: `wanted`, `unit`, `party:…`, `material:…`, `method`."""
    way = Way(application.way)
    by_photo = any(one.get("picture") for one in application.wanted)
    wanted_slots = needed(way, another_agent=not parties.is_one_person(dict(people)))
    said = {
        "wanted": application.wanted,
        "unit": not application.is_of_company
        or (application.unit_name and application.unit_number),
        **{f"party:{role}": role in people for role in ROLES[way]},
        **{f"material:{slot}": slot in slots for slot in wanted_slots},
        f"material:{HANDWRITING}": not by_photo or HANDWRITING in slots,
        "method": way == Way.FAST or application.method,
    }
    return [name for name, is_there in said.items() if not is_there]


def require_complete(uow: UnitOfWork, application: Application) -> None:
    """Raise ApplicationIncomplete with everything that is missing."""
    people = parties.of(uow, application.id)
    lacking = missing(application, people, materials_of(uow, application.id))
    if lacking:
        raise ApplicationIncomplete(missing=lacking)


def digest(uow: UnitOfWork, application: Application) -> str:
    """SHA-256 over all that it says; a person's intent is bound to it.

    Any change of seals, people, phones, materials or method gives another.
    """
    people = parties.of(uow, application.id)
    said = [
        application.id,
        application.owner_kind,
        application.owner_id,
        application.way,
        application.unit_name,
        application.unit_number,
        application.wanted,
        sorted(
            [one.role, one.name, one.document_type, one.number_index, one.phone_index]
            for one in people.values()
        ),
        sorted([slot, one.id] for slot, one in materials_of(uow, application.id).items()),
        application.method,
        application.method_digest,
    ]
    canonical = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()
