"""Whoever has proved himself finds the companies that he represents without typing them."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from server.accounts.faces import FacePurpose
from server.accounts.models import Account, Level
from server.core.jobs import Claim, Job, Runner, WorkBrokeOff
from server.core.jobs import JobState as State
from server.enterprises.jobs import LOOK_UP, CompanyFinder, RegistryDesk
from server.enterprises.models import Enterprise
from server.enterprises.queries import acting_for
from server.providers.registry import Company, RegistryUnavailable
from server.providers.registry.local import LocalRegistry
from server.worker import handlers
from tests.factories.companies import LU, OTHER_PHONE, QIN, SHIP, TEA, Office
from tests.factories.product import Product
from tests.fakes.clock import FakeClock

OF_LU = Company("91450200MA5P6D4H0F", "柳州小曼食品有限公司", "450200", *LU)


class SilentRegistry(LocalRegistry):
    """Does not answer."""

    def companies_of(self, id_number: str) -> list[Company]:
        raise RegistryUnavailable()


@pytest.fixture
def office(product: Product) -> Office:
    return Office(product, [TEA, SHIP, OF_LU])


def worker(office: Office, registry: LocalRegistry | None = None) -> Runner:
    return office.product.worker(registry=registry or office.registry)


def known(office: Office) -> set[str]:
    with office.product.parts.db.read() as uow:
        return set(uow.session.scalars(select(Enterprise.code)))


def look_up(office: Office, account_id: str) -> None:
    finder = CompanyFinder(RegistryDesk(office.product.parts.db, office.keys, office.registry))
    finder(Claim("job-1", LOOK_UP, {"account_id": account_id}, 1, 1, 8))


def acts_for(office: Office, account_id: str) -> list[str]:
    with office.product.parts.db.read() as uow:
        return [company.code for company in acting_for(uow, account_id)]


@pytest.mark.row("F-12", "P-37")
def test_a_face_that_proves_a_person_brings_his_companies_in_guangxi(office: Office) -> None:
    before = known(office)
    person = office.person(level=Level.DECLARED)
    session_id = office.session_of(person)

    office.face(session_id, FacePurpose.REAL_NAME)

    assert worker(office).run_all() == 1
    assert known(office) - before == {TEA.code}
    assert acts_for(office, person) == [TEA.code]


@pytest.mark.row("F-12")
def test_looking_twice_changes_nothing(office: Office) -> None:
    person = office.person()
    for _ in range(2):
        look_up(office, person)

    assert acts_for(office, person) == [TEA.code]


@pytest.mark.row("F-12")
def test_nobody_is_asked_about_who_is_not_proven_or_is_gone(
    office: Office, clock: FakeClock
) -> None:
    before = known(office)
    claimed, gone = office.person(level=Level.DECLARED), office.person(LU)
    with office.product.parts.db.begin() as uow:
        uow.session.get_one(Account, gone).closed_at = clock.now()

    look_up(office, claimed)
    look_up(office, gone)

    assert known(office) == before


@pytest.mark.row("F-12", "P-39")
def test_a_company_that_was_struck_off_is_nobodys_role(office: Office) -> None:
    office.companies[0] = replace(TEA, struck_off=True)
    person = office.person()

    look_up(office, person)

    assert acts_for(office, person) == []


@pytest.mark.row("F-12", "P-39")
def test_a_company_that_waited_for_its_representative_has_him_now(office: Office) -> None:
    office.register(phone=OTHER_PHONE)
    assert office.enterprise().representative_id is None
    with office.product.parts.db.begin() as uow:
        claims = select(Account).where(Account.name == QIN[0])
        uow.session.scalars(claims).one().id_number_index = None
    person = office.person()

    look_up(office, person)

    assert office.enterprise().representative_id == person


@pytest.mark.row("F-12")
def test_a_silent_registry_is_asked_again_later(office: Office, clock: FakeClock) -> None:
    person = office.person(level=Level.DECLARED)
    office.face(office.session_of(person), FacePurpose.REAL_NAME)

    worker(office, SilentRegistry(office.companies)).run_all()
    with office.product.parts.db.read() as uow:
        job = uow.session.scalars(select(Job).where(Job.kind == LOOK_UP)).one()
    assert (job.state, job.last_error) == (State.QUEUED, "registry_unavailable")
    assert job.payload == {"account_id": person}
    clock.advance(seconds=5)
    worker(office).run_all()

    assert acts_for(office, person) == [TEA.code]


def test_a_look_up_that_killed_its_workers_is_given_up(office: Office) -> None:
    finder = handlers(office.product.parts)[LOOK_UP]

    with pytest.raises(WorkBrokeOff):
        finder(Claim("job-1", LOOK_UP, {"account_id": office.person()}, 9, 9, 8))
