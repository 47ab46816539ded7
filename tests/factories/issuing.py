"""Applications that are ready to be issued, and what lies in the tables afterwards."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from server.applications.issuing import Outside
from server.applications.lifecycle import ApplicationState
from server.applications.models import Application, Way
from server.applications.service import ISSUE
from server.certificates.models import (
    Certificate,
    HeldCopy,
    KeyCopy,
    KeyRing,
)
from server.core.jobs import Claim
from server.seals.models import Seal, SealKind
from tests.factories.applications import Applicant

KINDS = (SealKind.COMPANY, SealKind.FINANCE, SealKind.INVOICE)


def ready(wei: Applicant, kinds: Sequence[SealKind] = KINDS, way: Way = Way.FULL) -> Application:
    """An application that everybody has certified."""
    application_id = wei.filled(way, kinds)
    wei.submit(application_id)
    wei.certify(application_id)
    return wei.found(application_id)


@dataclass
class Made:
    """What lies in the tables of one owner."""

    rings: list[KeyRing]
    seals: list[Seal]
    certificates: list[Certificate]
    copies: list[KeyCopy]
    held: list[HeldCopy]


def made_for(wei: Applicant, row: Application) -> Made:
    with wei.product.parts.db.read() as uow:

        def of(table: Any) -> list[Any]:
            return list(uow.session.scalars(select(table).where(table.owner_id == row.owner_id)))

        rings = of(KeyRing)
        on = [ring.id for ring in rings]
        copies = uow.session.scalars(select(KeyCopy).where(KeyCopy.ring_id.in_(on))).all()
        held = uow.session.scalars(select(HeldCopy).where(HeldCopy.ring_id.in_(on))).all()
        signing = [one for one in of(Certificate) if one.algorithm != "x25519"]
        return Made(rings, of(Seal), signing, list(copies), list(held))


def assert_made_once(wei: Applicant, row: Application, kinds: Sequence[SealKind] = KINDS) -> Made:
    made = made_for(wei, row)
    assert sorted(seal.kind for seal in made.seals) == sorted(kinds)
    assert len(made.rings) == 1
    assert sorted(one.algorithm for one in made.certificates) == ["p256", "sm2"]
    assert wei.found(row.id).state == ApplicationState.DONE
    return made


def wait_out(wei: Applicant) -> None:
    """Until a lease is over, and the longest pause between two tries."""
    wei.product.clock.advance(minutes=15)


def parts_of(wei: Applicant) -> tuple[Any, Outside]:
    outside = wei.product.parts.providers
    return outside.keys, Outside(outside.ca, outside.seal_maker, outside.seal_numbers)


def claim(row: Application) -> Claim:
    return Claim("job-1", ISSUE, {"application_id": row.id}, 1, 1, 1000)
