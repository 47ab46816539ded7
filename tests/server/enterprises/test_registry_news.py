"""The registry is asked again: once a day for every company, at once when there is news."""

from dataclasses import dataclass, field, replace

import pytest
from sqlalchemy import select, update

from server.accounts import registration as people
from server.accounts.id_documents import IdDocument, document_index
from server.accounts.models import Account, Level
from server.core.jobs import Claim, Job, JobState, Runner
from server.core.outbox import OutboxEvent
from server.enterprises import queries
from server.enterprises.errors import CompanyRegistered
from server.enterprises.jobs import (
    FOLLOW,
    LOOK_UP,
    CompanyFinder,
    RegistryDesk,
    RegistryFollower,
    follow,
    follow_registry,
)
from server.enterprises.models import Enterprise, EnterpriseStatus
from server.providers.registry import Company, RegistryUnavailable
from server.providers.registry.local import LocalRegistry
from server.worker import sweep_hourly
from tests.factories.companies import LU, OTHER_PHONE, QIN, SHIP, TEA, Office, form, index_of
from tests.factories.product import Product
from tests.fakes.clock import FakeClock

BY_LU = replace(TEA, representative=LU[0], representative_id_number=LU[1])


@dataclass
class Asked:
    """A registry that notes what it is asked; `away` for one that does not answer."""

    companies: list[Company]
    away: bool = False
    codes: list[str] = field(default_factory=list)
    development_only = True

    def company(self, code: str) -> Company:
        self.codes.append(code)
        if self.away:
            raise RegistryUnavailable()
        return LocalRegistry(self.companies).company(code)

    def companies_of(self, id_number: str) -> list[Company]:
        return LocalRegistry(self.companies).companies_of(id_number)


@pytest.fixture
def office(product: Product) -> Office:
    """Two companies, and none of the demo's."""
    with product.parts.db.begin() as uow:
        uow.session.execute(update(Enterprise).values(status=EnterpriseStatus.STRUCK_OFF))
    office = Office(product)
    for company in (TEA, SHIP):
        keep(office, company)
    return office


def desk(office: Office, registry: object) -> RegistryDesk:
    return RegistryDesk(office.product.parts.db, office.keys, registry)  # type: ignore[arg-type]


def keep(office: Office, company: Company) -> Enterprise:
    desk(office, office.registry).keep([company])
    return office.enterprise(company)


def hear(office: Office, *companies: Company, code: str | None = None) -> list[str]:
    """A round, or the question about one company; what was asked."""
    registry = Asked(list(companies))
    payload = {"code": code} if code else {}
    RegistryFollower(desk(office, registry))(Claim("job-1", FOLLOW, payload, 1, 1, 8))
    return registry.codes


def look_up(office: Office, account_id: str, *companies: Company) -> None:
    finder = CompanyFinder(desk(office, Asked(list(companies))))
    finder(Claim("job-1", LOOK_UP, {"account_id": account_id}, 1, 1, 8))


def waiting(office: Office) -> list[dict[str, str]]:
    with office.product.parts.db.read() as uow:
        rows = select(Job).where(Job.kind == FOLLOW, Job.state == JobState.QUEUED)
        return [dict(job.payload) for job in uow.session.scalars(rows)]


@pytest.mark.row("P-39")
def test_every_company_is_asked_about_once_a_day(office: Office, clock: FakeClock) -> None:
    clock.advance(hours=23)
    assert hear(office, TEA, SHIP) == []
    clock.advance(hours=1, seconds=1)

    assert hear(office, TEA, SHIP) == [SHIP.code, TEA.code]
    assert hear(office, TEA, SHIP) == []


@pytest.mark.row("P-39", "S-49")
def test_news_of_a_round_end_rights_and_are_told(office: Office, clock: FakeClock) -> None:
    former = office.session(office.open()).account_id
    clock.advance(days=2)

    hear(office, BY_LU, SHIP)

    assert office.enterprise().representative_id is None
    with office.product.parts.db.read() as uow:
        assert [one.code for one in queries.represented_by(uow, former)] == [SHIP.code]
        topics = [news.topic for news in uow.session.scalars(select(OutboxEvent))]
    assert topics == ["enterprise.representative_changed"]


@pytest.mark.row("P-39")
def test_a_company_with_news_is_asked_about_at_once_and_alone(office: Office) -> None:
    with office.product.parts.db.begin() as uow:
        follow(uow, TEA.code)
    assert waiting(office) == [{"code": TEA.code}]

    assert hear(office, replace(TEA, struck_off=True), SHIP, code=TEA.code) == [TEA.code]

    assert office.enterprise().status == EnterpriseStatus.STRUCK_OFF


@pytest.mark.row("P-39")
def test_a_long_list_is_asked_about_in_several_jobs(office: Office, clock: FakeClock) -> None:
    clock.advance(days=2)
    registry = Asked([TEA, SHIP])
    follower = RegistryFollower(desk(office, registry), at_once=1)

    follower(Claim("job-1", FOLLOW, {}, 1, 1, 8))
    assert (registry.codes, waiting(office)) == ([SHIP.code], [{}])
    follower(Claim("job-2", FOLLOW, {}, 1, 1, 8))

    assert registry.codes == [SHIP.code, TEA.code]


@pytest.mark.row("P-39")
def test_a_company_that_the_registry_does_not_know_is_left_as_it_is(
    office: Office, clock: FakeClock
) -> None:
    clock.advance(days=2)

    hear(office, SHIP)

    assert office.enterprise().status == EnterpriseStatus.ACTIVE
    assert hear(office, SHIP) == []


@pytest.mark.row("P-39")
def test_a_silent_registry_is_asked_again_later(office: Office, clock: FakeClock) -> None:
    clock.advance(days=2)
    with office.product.parts.db.begin() as uow:
        follow_registry(uow)
    registry = Asked([TEA, SHIP], away=True)
    runner = Runner(office.product.parts.db, {FOLLOW: RegistryFollower(desk(office, registry))})

    runner.run_all()
    registry.away = False
    clock.advance(seconds=5)
    runner.run_all()

    assert registry.codes == [SHIP.code, SHIP.code, TEA.code]


@pytest.mark.row("P-39")
def test_the_worker_asks_for_one_round_at_a_time(office: Office) -> None:
    for _ in range(2):
        sweep_hourly(office.product.parts)

    assert waiting(office) == [{}]


@pytest.mark.row("P-39", "F-07")
def test_a_representative_with_another_document_stays_when_asked_again(
    office: Office, clock: FakeClock
) -> None:
    by_permit = replace(TEA, representative_id_number="H12345678")
    with office.product.parts.db.begin() as uow:
        row = uow.session.get_one(Enterprise, office.enterprise().id)
        permit = IdDocument("hk_macao_permit", "H12345678")
        row.representative_index = document_index(office.keys, permit)
    clock.advance(days=2)

    hear(office, by_permit, SHIP)

    with office.product.parts.db.read() as uow:
        assert uow.session.scalars(select(OutboxEvent)).all() == []


@pytest.mark.row("F-12", "P-39")
def test_who_proves_himself_and_represents_a_company_no_more_is_not_taken_for_it(
    office: Office,
) -> None:
    person = office.person()

    look_up(office, person, BY_LU, SHIP)

    assert office.enterprise().representative_id is None
    assert office.enterprise().representative_index == index_of(office.keys, LU)


@pytest.mark.row("P-37", "P-39", "S-49")
def test_a_number_that_moves_takes_level_sessions_and_companies_along(office: Office) -> None:
    """The older account may be in other hands by now, as its phone may be."""
    older = office.person()
    look_up(office, older, TEA)
    session_id = office.session_of(older)
    newer = office.person(LU, Level.DECLARED)
    with office.product.parts.db.begin() as uow:
        people.prove(uow, uow.session.get_one(Account, newer), index_of(office.keys, QIN))
        uow.session.get_one(Account, newer).id_number_sealed = office.account(
            older
        ).id_number_sealed
    assert office.account(older).level == Level.DECLARED
    assert office.session(session_id).ended_at is not None

    keep(office, TEA)

    assert office.enterprise().representative_id == newer


@pytest.mark.row("F-01", "P-39")
def test_the_login_of_a_former_representative_gives_way(office: Office) -> None:
    office.open()
    with pytest.raises(CompanyRegistered):
        office.register(phone=OTHER_PHONE)
    first = office.login().id
    office.companies[0] = BY_LU

    office.register(form(BY_LU), OTHER_PHONE)

    assert office.login().id != first
