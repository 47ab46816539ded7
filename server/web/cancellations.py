"""What a company hands in to have a seal cancelled, by whichever way it came (F-30)."""

from typing import Annotated, Any

from apiflask.fields import UploadFile
from pydantic import BaseModel, ConfigDict, StringConstraints
from werkzeug.datastructures import FileStorage

from server.applications import cancelling, parties
from server.applications.content import materials_of
from server.applications.materials import LARGEST, of_holder
from server.applications.models import Material, PartyRole
from server.applications.parties import PartyForm, SealedParty
from server.applications.slots import SLOT_WORDS, Slot
from server.core.db import UnitOfWork
from server.runtime import runtime
from server.seals.errors import SealNotFound
from server.web.bodies import Body
from server.web.identity import current_person
from server.web.language import is_english
from server.web.visible_seals import SeenSeal, visible_seal

Short = Annotated[str, StringConstraints(max_length=64)]


class AgentIn(Body):
    """经办人, as his document has him; `consent_to_id_number` is his own separate consent."""

    name: Short
    document_type: Short = ""
    number: Short
    phone: Short
    consent_to_id_number: bool = False


class PictureUpload(BaseModel):
    """A multipart body with one JPG or PNG, at most 5 MiB (F-22)."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    picture: UploadFile


class HandedIn(Body):
    """Without `agent` the representative acts himself."""

    agent: AgentIn | None = None


def hand_in(seal_id: str, body: HandedIn) -> dict[str, Any]:
    """Who acts; what is still missing, and the `content` that the intent is bound to.

    Raises NotYoursToChange, SealCancelled, BadName, BadIdNumber, BadPhone, ConsentNeeded.
    """
    person = current_person()
    agent = _closed(body.agent) if body.agent else None
    with runtime().db.begin() as uow:
        _of_company(uow, seal_id)
        row = cancelling.begin(uow, seal_id, actor=person.account.id)
        cancelling.name_agent(uow, row, agent)
        uow.session.flush()
        return {"missing": cancelling.missing(uow, row), "content": cancelling.content(uow, row)}


def take(seal_id: str, slot: str, picture: FileStorage) -> Material:
    """Take a picture, in the place of the one before. MaterialTooLarge, NotAPicture, SlotUnknown
    …
    """
    person = current_person()
    with runtime().db.read() as uow:
        _of_company(uow, seal_id).seal.require_not_cancelled()
    cancelling.require_slot(slot)
    taken = runtime().material_desk.take(slot, picture.stream.read(LARGEST + 1))
    with runtime().db.begin() as uow:
        _of_company(uow, seal_id)
        row = cancelling.begin(uow, seal_id, actor=person.account.id)
        return cancelling.keep_material(uow, row, taken)


def show(seal_id: str, slot: str) -> bytes:
    """A picture that was handed in, a JPEG. SealNotFound, MaterialNotFound."""
    with runtime().db.read() as uow:
        _of_company(uow, seal_id)
        row = cancelling.find(uow, seal_id, current_person().account.id)
        if row is None:
            raise SealNotFound()
        material = of_holder(uow, row.id, slot)
    return runtime().material_desk.read(material)


def shown(uow: UnitOfWork, seen: SeenSeal) -> dict[str, Any]:
    """What the page asks for, with the company's registered words."""
    row = cancelling.find(uow, seen.seal.id, current_person().account.id)
    kept = materials_of(uow, row.id) if row else {}
    company = seen.right.enterprise if seen.right else None
    place = f"/m/seals/{seen.seal.id}/materials"
    language = 1 if is_english() else 0
    slots = [
        {
            "slot": slot.value,
            "of": _group(slot),
            "name": words.names[language],
            "hint": words.hint[language],
            "kept": slot in kept,
            "url": f"{place}/{slot}",
            "picture": f"{place}/{slot}/picture",
        }
        for slot, words in SLOT_WORDS.items()
        if _group(slot)
    ]
    return {"slots": slots, "agent": row.agent_name if row else "", "company": company}


def _group(slot: Slot) -> str:
    """Whose picture it is: `agent`, `representative`, `company`; empty for a person's own."""
    if slot in (Slot.AGENT_FRONT, Slot.AGENT_BACK, Slot.AUTHORIZATION):
        return "agent"
    if slot in (Slot.REPRESENTATIVE_FRONT, Slot.REPRESENTATIVE_BACK):
        return "representative"
    return "company" if slot is Slot.LICENCE else ""


def _of_company(uow: UnitOfWork, seal_id: str) -> SeenSeal:
    seen = visible_seal(uow, current_person(), seal_id)
    seen.require_owner()
    if seen.right is None:
        raise SealNotFound()
    return seen


def _closed(agent: AgentIn) -> SealedParty:
    form = PartyForm(PartyRole.AGENT, **agent.model_dump())
    return parties.prepare(runtime().providers.keys, form, current_person().account)
