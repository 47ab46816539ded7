"""People who apply for seals, and everything that an application needs, filled in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cached_property
from typing import Any

from sqlalchemy import select

from server.accounts.models import Account, AccountSession, Means
from server.accounts.sessions import open_session
from server.applications import parties, queries, service
from server.applications.content import Wanted
from server.applications.desk import ApplicationDesk
from server.applications.models import Application, Material, PartyRole, Way
from server.applications.parties import Party, PartyForm
from server.applications.queries import Viewer
from server.applications.service import Checked, Decision, Draft, Terms
from server.applications.slots import Slot, needed
from server.core.db import UnitOfWork
from server.core.ids import fingerprint, new_id
from server.core.jobs import Job
from server.enterprises.jobs import RegistryDesk
from server.enterprises.models import Enterprise
from server.intents.actions import IntentMethod
from server.intents.methods import MethodChoice
from server.intents.models import Intent, VerificationMethod
from server.providers.registry import Company
from server.providers.registry.local import LocalRegistry
from server.seals.models import SealKind
from server.seed import DemoPerson
from tests.factories.companies import PHONE
from tests.factories.domain import account_of
from tests.factories.product import WEI, Product

# WEI represents it by the registry's word, and it has no seals yet.
LIUZHOU = "91450200MA5P6D4H0F"
GUANGZHOU = "91440101MA5C9W3R74"
AGENT = ("覃明亮", "450102198805011021", "13907719001")
STROKES = {
    "width": 300,
    "height": 150,
    "strokes": [[[20, 40, 0], [120, 60, 40], [260, 50, 90]], [[140, 10, 200], [150, 130, 280]]],
}
HAND = Terms(review_by_hand=True, link_life=timedelta(days=7))
AUTOMATIC = Terms(review_by_hand=False, link_life=timedelta(days=7))


@dataclass
class Applicant:
    """One person with the desk that serves his applications."""

    product: Product
    person: DemoPerson = WEI

    @property
    def desk(self) -> ApplicationDesk:
        outside = self.product.parts.providers
        return ApplicationDesk(self.product.parts.db, outside.keys, outside.registry)

    @property
    def account_id(self) -> str:
        with self.product.parts.db.read() as uow:
            return account_of(uow, self.person).id

    @property
    def viewer(self) -> Viewer:
        return Viewer(self.account_id)

    def company(self, code: str = LIUZHOU, **changed: Any) -> Enterprise:
        """The company's row, as the registry says it now."""
        outside = self.product.parts.providers
        told = outside.registry.company(code)
        facts = Company(**{**vars(told), **changed})
        RegistryDesk(self.product.parts.db, outside.keys, outside.registry).keep([facts])
        with self.product.parts.db.read() as uow:
            return uow.session.scalars(select(Enterprise).where(Enterprise.code == code)).one()

    def start(self, way: Way = Way.FULL, code: str = LIUZHOU) -> str:
        company = "" if way == Way.PERSONAL else self.company(code).id
        with self.product.parts.db.begin() as uow:
            return service.start(uow, account_id=self.account_id, way=way, enterprise_id=company).id

    def save(self, application_id: str, **draft: Any) -> Application:
        with self.product.parts.db.begin() as uow:
            return service.save(
                uow, application_id=application_id, viewer=self.viewer, draft=Draft(**draft)
            )

    def people(self, *forms: PartyForm) -> list[parties.SealedParty]:
        return self.desk.prepare_people(self.account_id, forms)

    def filled(
        self,
        way: Way = Way.FULL,
        kinds: Sequence[SealKind] = (SealKind.COMPANY, SealKind.FINANCE),
        **other: Any,
    ) -> str:
        """A draft with all that its way asks for; `agent` is its agent's name, number, phone."""
        application_id = self.start(way)
        self.fill(application_id, way, kinds, other.get("agent", AGENT))
        return application_id

    def fill(
        self,
        application_id: str,
        way: Way,
        kinds: Sequence[SealKind],
        agent: tuple[str, str, str] | None = AGENT,
    ) -> None:
        """Give a draft all that its way asks for."""
        self.save(
            application_id,
            wanted=[wanted(kind) for kind in kinds],
            people=self.people(*forms(way, agent)),
            method=MethodChoice(VerificationMethod.SMS),
        )
        self.add_materials(application_id, needed(way, another_agent=bool(agent)))

    def add_materials(self, application_id: str, slots: Sequence[Slot]) -> None:
        """Rows as if the pictures had been taken in."""
        with self.product.parts.db.begin() as uow:
            for slot in slots:
                row = Material(id=new_id("mat"), holder_id=application_id, slot=slot)
                row.digest, row.key_closed, row.taken_at = "d" * 64, b"", uow.now
                row.width = row.height = row.size = 1
                uow.session.add(row)

    def check(self, application_id: str) -> Checked:
        return self.desk.check(application_id, self.viewer)

    def submit(
        self, application_id: str, terms: Terms = AUTOMATIC, checked: Checked | None = None
    ) -> Application:
        checked = checked or self.check(application_id)
        session, intent = self.session, self.proved(checked)
        with self.product.parts.db.begin() as uow:
            return service.submit(uow, terms, checked=checked, session=session, intent_id=intent)

    @cached_property
    def session(self) -> AccountSession:
        """His login, on a phone."""
        with self.product.parts.db.begin() as uow:
            account = uow.session.get_one(Account, self.account_id)
            token = open_session(uow, account, PHONE, Means.SMS)
            uow.session.flush()
            mine = AccountSession.token_digest == fingerprint(token)
            return uow.session.scalars(select(AccountSession).where(mine)).one()

    def proved(self, checked: Checked, method: IntentMethod = IntentMethod.SMS) -> str:
        """The id of an intent as if he had just proved it for this content."""
        session = self.session
        with self.product.parts.db.begin() as uow:
            row = uow.session.get_one(Application, checked.application_id)
            wish = service.subject(row, checked.content)
            intent = Intent(id=new_id("int"), session_id=session.id, action=wish.action)
            intent.account_id, intent.subject_digest = session.account_id, wish.digest
            intent.method, intent.begun_at, intent.proved_at = method, uow.now, uow.now
            uow.session.add(intent)
            return intent.id

    def withdraw(self, application_id: str) -> Application:
        with self.product.parts.db.begin() as uow:
            return service.withdraw(uow, application_id=application_id, viewer=self.viewer)

    def reject(self, application_id: str, reason: str = "材料不符") -> None:
        with self.product.parts.db.begin() as uow:
            service.reject(uow, decision_on(uow, application_id), reason=reason)

    def approve(self, application_id: str) -> None:
        with self.product.parts.db.begin() as uow:
            service.approve(uow, HAND, decision_on(uow, application_id))

    def certify(self, application_id: str) -> None:
        """As if everybody had certified."""
        with self.product.parts.db.begin() as uow:
            service.certified(uow, uow.session.get_one(Application, application_id))

    def send_back(
        self, application_id: str, reason: str = "补正", parts: Mapping[str, str] | None = None
    ) -> None:
        """A reviewer asks for a correction."""
        with self.product.parts.db.begin() as uow:
            decision = decision_on(uow, application_id)
            service.ask_correction(uow, decision, reason=reason, parts=parts or {})

    def tell(self, **news: Any) -> None:
        """From now on this is what the registry says of his company."""
        registry = self.product.parts.providers.registry
        assert isinstance(registry, LocalRegistry)
        registry.tell(replace(registry.company(LIUZHOU), **news))

    def jobs(self, kind: str) -> list[dict[str, str]]:
        """The payloads of all jobs of a kind."""
        with self.product.parts.db.read() as uow:
            return [job.payload for job in uow.session.scalars(select(Job).where(Job.kind == kind))]

    def found(self, application_id: str) -> Application:
        with self.product.parts.db.read() as uow:
            return queries.find(uow, application_id, self.viewer)

    def parties_of(self, application_id: str) -> dict[PartyRole, Party]:
        with self.product.parts.db.read() as uow:
            return parties.of(uow, application_id)


def decision_on(uow: UnitOfWork, application_id: str, reviewer: str = "rev-1") -> Decision:
    """A reviewer who has the application before him as it is now."""
    row = uow.session.get_one(Application, application_id)
    return Decision(row.id, reviewer, row.content_digest)


def wanted(kind: SealKind) -> Wanted:
    """One seal of a kind, with what that kind needs."""
    strokes = STROKES if kind == SealKind.HANDWRITTEN else None
    return Wanted(kind, font="song" if kind == SealKind.SQUARE else "", strokes=strokes)


def forms(way: Way, agent: tuple[str, str, str] | None = AGENT) -> list[PartyForm]:
    """The people of a way; without `agent` the representative is his own."""
    if way == Way.PERSONAL:
        return [PartyForm(PartyRole.PERSON)]
    representative = PartyForm(PartyRole.REPRESENTATIVE)
    if agent is None:
        return [representative, PartyForm(PartyRole.AGENT)]
    name, number, phone = agent
    return [
        representative,
        PartyForm(PartyRole.AGENT, name, "resident_id", number, phone, consent_to_id_number=True),
    ]
