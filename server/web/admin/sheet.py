"""One application as a reviewer sees it: what was typed beside what is registered."""

from collections.abc import Sequence
from dataclasses import dataclass

from server.accounts.id_documents import DOCUMENT_TYPES
from server.accounts.models import Account
from server.applications import content, parties, slots
from server.applications.lifecycle import STATE_WORDS, ApplicationState
from server.applications.models import Application, Party, PartyRole, Way
from server.applications.parties import Person
from server.applications.slots import SLOT_WORDS, Slot
from server.core.db import UnitOfWork
from server.enterprises.models import Enterprise, EnterpriseStatus
from server.enterprises.service import plain
from server.runtime import runtime
from server.seals.models import KIND_NAMES
from server.web.language import is_english
from server.web.words import say

WAYS = {Way.FAST: "企业快速申领", Way.FULL: "企业申领", Way.PERSONAL: "个人申领"}
ROLES = {
    PartyRole.REPRESENTATIVE: "法定代表人",
    PartyRole.AGENT: "经办人",
    PartyRole.PERSON: "申请人",
}
STANDING = {
    EnterpriseStatus.ACTIVE: "存续",
    EnterpriseStatus.SUSPENDED: "已暂停",
    EnterpriseStatus.STRUCK_OFF: "已注销",
}
AGREES, DIFFERS = "与登记号码一致", "与登记号码不一致"


@dataclass(frozen=True)
class Line:
    """One fact: as typed, as registered (empty where nobody registers it), and whether both agree
    (None where there is nothing to hold it against)."""

    what: str
    typed: str
    registered: str = ""
    agrees: bool | None = None


@dataclass(frozen=True)
class Shown:
    """A picture that was handed in, or a slot that stayed empty."""

    slot: str
    name: str
    is_there: bool


@dataclass(frozen=True)
class Sheet:
    """All that the page of one application shows; each picture may be asked for anew."""

    application: Application
    way: str
    state: str
    seals: Sequence[str]
    lines: Sequence[Line]
    pictures: Sequence[Shown]

    @property
    def may_decide(self) -> bool:
        """Whether it waits for a decision."""
        return self.application.state == ApplicationState.IN_REVIEW

    @property
    def differences(self) -> int:
        """How many facts are not as registered."""
        return sum(line.agrees is False for line in self.lines)


def sheet_of(application: Application) -> Sheet:
    """Read the rows, then open what is sealed, outside the transaction."""
    with runtime().db.read() as uow:
        people = parties.of(uow, application.id)
        there = set(content.materials_of(uow, application.id))
        registered = _registered(uow, application)
    lines = _of_unit(application, registered)
    for party in people.values():
        lines += _of_person(parties.opened(runtime().providers.keys, party), party, registered)
    way = Way(application.way)
    return Sheet(
        application,
        say(WAYS[way]),
        say(STATE_WORDS[ApplicationState(application.state)]),
        [say(KIND_NAMES[kind]) for kind in application.kinds],
        lines,
        _pictures(way, there, one_person=parties.is_one_person(people)),
    )


def _registered(uow: UnitOfWork, application: Application) -> Enterprise | Account:
    if application.is_of_company:
        return uow.session.get_one(Enterprise, application.owner_id)
    return uow.session.get_one(Account, application.owner_id)


def _of_unit(application: Application, registered: Enterprise | Account) -> list[Line]:
    if not isinstance(registered, Enterprise):
        return []
    name, number = application.unit_name, application.unit_number
    known, standing = registered.code, EnterpriseStatus(registered.status)
    is_open = standing == EnterpriseStatus.ACTIVE
    return [
        Line(say("单位名称"), name, registered.name, plain(name) == plain(registered.name)),
        Line(say("统一社会信用代码"), number, known, number == known),
        Line(say("登记状态"), "", say(STANDING[standing]), is_open),
    ]


def _of_person(person: Person, party: Party, registered: Enterprise | Account) -> list[Line]:
    role, place = say(ROLES[person.role]), 1 if is_english() else 0
    kind = next(one for one in DOCUMENT_TYPES if one.code == person.document.type)
    name, number = f"{role} · {say('姓名')}", f"{role} · {kind.names[place]}"
    known = _known(person.role, registered)
    if known is None:
        lines = [Line(name, person.name), Line(number, person.document.number)]
    else:
        same = party.number_index == known[1]
        lines = [
            Line(name, person.name, known[0], person.name == known[0]),
            Line(number, person.document.number, say(AGREES if same else DIFFERS), same),
        ]
    return [*lines, Line(f"{role} · {say('手机号')}", person.phone)]


def _known(role: PartyRole, registered: Enterprise | Account) -> tuple[str, str] | None:
    """Name and number's digest as registered; nobody registers who an agent is."""
    if role == PartyRole.REPRESENTATIVE and isinstance(registered, Enterprise):
        return registered.representative_name, registered.representative_index
    if role == PartyRole.PERSON and isinstance(registered, Account):
        return registered.name, registered.id_number_index or ""
    return None


def _pictures(way: Way, there: set[str], *, one_person: bool) -> list[Shown]:
    needed = slots.needed(way, another_agent=not one_person)
    wanted = [slot for slot in slots.allowed(way) if slot in there or slot in needed]
    return [Shown(slot.value, _name(slot), slot in there) for slot in wanted]


def _name(slot: Slot) -> str:
    return SLOT_WORDS[slot].names[1 if is_english() else 0]
