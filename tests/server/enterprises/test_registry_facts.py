"""News from the registry: a row follows it, and who may act follows at once."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from server.accounts.models import Account, AccountSession, Level
from server.core.audit import AuditRow
from server.core.outbox import OutboxEvent
from server.enterprises import registration, service
from server.enterprises.errors import CompanyStruckOff
from server.enterprises.models import Enterprise, EnterpriseStatus
from server.enterprises.queries import acting_for, represented_by
from server.enterprises.service import Facts, NoRepresentative
from server.providers.registry import Company
from tests.factories.companies import LU, QIN, TEA, Office, index_of
from tests.factories.product import Product
from tests.fakes.clock import FakeClock

BY_LU = replace(TEA, representative=LU[0], representative_id_number=LU[1])
STRUCK_OFF = replace(TEA, struck_off=True)


@pytest.fixture
def office(product: Product) -> Office:
    return Office(product)


def hear(office: Office, company: Company) -> Enterprise:
    """The registry's word on a company comes in."""
    person = (company.representative, company.representative_id_number)
    facts = Facts.of(company, index_of(office.keys, person))
    with office.product.parts.db.begin() as uow:
        service.keep(uow, facts)
    return office.enterprise(company)


def told(office: Office) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Topics and audit events about the company with the audience and the actor of each."""
    subject = office.enterprise().id
    with office.product.parts.db.read() as uow:
        news = uow.session.scalars(select(OutboxEvent).where(OutboxEvent.subject == subject))
        rows = uow.session.scalars(
            select(AuditRow).where(AuditRow.subject == subject, AuditRow.actor == "registry")
        )
        return [(n.topic, n.audience) for n in news], [(row.event, row.actor) for row in rows]


def represents(office: Office, account_id: str) -> list[str]:
    with office.product.parts.db.read() as uow:
        by_right = [company.code for company in represented_by(uow, account_id)]
        assert by_right == [company.code for company in acting_for(uow, account_id)]
        return by_right


@pytest.mark.row("P-39")
def test_a_company_is_kept_as_the_registry_has_it(office: Office, clock: FakeClock) -> None:
    row = hear(office, TEA)

    assert (row.code, row.name, row.place, row.representative_name) == (
        TEA.code,
        TEA.name,
        TEA.place,
        QIN[0],
    )
    assert (row.status, row.checked_at) == (EnterpriseStatus.ACTIVE, clock.now())
    assert row.representative_id is None
    assert told(office) == ([], [])


@pytest.mark.row("P-39")
def test_hearing_the_same_again_is_no_news(office: Office, clock: FakeClock) -> None:
    first = hear(office, TEA)
    clock.advance(days=1)

    again = hear(office, TEA)

    assert (again.id, again.checked_at) == (first.id, clock.now())
    assert told(office) == ([], [])


@pytest.mark.row("P-39")
@pytest.mark.parametrize(
    ("news", "kind"),
    [
        (replace(TEA, name="南宁新茶业有限公司"), "enterprise.name_changed"),
        (BY_LU, "enterprise.representative_changed"),
        (STRUCK_OFF, "enterprise.struck_off"),
    ],
    ids=["name", "representative", "struck off"],
)
def test_each_change_is_kept_told_and_audited_once(
    office: Office, news: Company, kind: str
) -> None:
    hear(office, TEA)

    for _ in range(2):
        row = hear(office, news)

    assert (row.name, row.representative_name) == (news.name, news.representative)
    assert (row.status == EnterpriseStatus.STRUCK_OFF) == news.struck_off
    assert told(office) == ([(kind, "own")], [(kind, "registry")])


@pytest.mark.row("P-39")
def test_a_move_to_another_place_is_kept_also_when_somebody_represents_it(office: Office) -> None:
    office.open()

    assert hear(office, replace(TEA, place="450200")).place == "450200"


@pytest.mark.row("P-39", "S-49")
def test_the_former_representative_loses_his_rights_at_once(office: Office) -> None:
    session_id = office.open()
    former = office.session(session_id).account_id
    assert represents(office, former) == [TEA.code]

    row = hear(office, BY_LU)

    assert row.representative_id is None
    assert represents(office, former) == []
    assert office.session(session_id).ended_at is not None
    with pytest.raises(NoRepresentative):
        service.representative_of(row)
    with pytest.raises(NoRepresentative):
        office.log_in()


@pytest.mark.row("P-39")
def test_the_new_representative_takes_over_once_he_is_proven(office: Office) -> None:
    former = office.session(office.open()).account_id
    claimed = office.person(LU, Level.DECLARED)
    assert hear(office, BY_LU).representative_id is None
    with office.product.parts.db.begin() as uow:
        uow.session.get_one(Account, claimed).level = Level.PROVEN

    assert hear(office, BY_LU).representative_id == claimed
    assert (represents(office, claimed), represents(office, former)) == ([TEA.code], [])
    session_id = office.log_in()
    assert office.session(session_id).account_id == claimed
    office.enter(session_id, office.face(session_id))


@pytest.mark.row("P-39")
def test_one_who_is_proven_already_takes_over_with_the_news(office: Office) -> None:
    person = office.person(LU)
    office.open()

    assert hear(office, BY_LU).representative_id == person


@pytest.mark.row("P-39", "F-10", "S-49")
def test_the_face_of_the_former_representative_opens_nothing(office: Office) -> None:
    """Also in a session that was there before the news and has not heard of it."""
    office.open()
    session_id = office.log_in()
    check = office.face(session_id)
    with office.product.parts.db.begin() as uow:
        row = uow.session.get_one(Enterprise, office.enterprise().id)
        row.representative_index, row.representative_id = index_of(office.keys, LU), None

    with pytest.raises(NoRepresentative):
        office.enter(session_id, check)

    assert office.session(session_id).face_at is None


@pytest.mark.row("P-39")
def test_a_closed_account_represents_nobody(office: Office, clock: FakeClock) -> None:
    person = office.person()
    with office.product.parts.db.begin() as uow:
        uow.session.get_one(Account, person).closed_at = clock.now()

    assert hear(office, TEA).representative_id is None


@pytest.mark.row("P-39", "S-49")
def test_nobody_acts_for_a_company_that_was_struck_off(office: Office) -> None:
    session_id, again = office.open(), office.log_in()
    check = office.face(again)

    row = hear(office, STRUCK_OFF)

    assert represents(office, office.session(session_id).account_id) == []
    assert office.session(session_id).ended_at is not None
    with pytest.raises(CompanyStruckOff):
        service.require_open(row)
    with pytest.raises(CompanyStruckOff):
        office.log_in()
    with office.product.parts.db.begin() as uow:
        uow.session.get_one(AccountSession, again).ended_at = None
    with pytest.raises(CompanyStruckOff):
        office.enter(again, check)


@pytest.mark.row("P-39")
def test_a_name_that_changed_leaves_the_sessions_open(office: Office) -> None:
    session_id = office.open()

    hear(office, replace(TEA, name="南宁新茶业有限公司"))

    assert office.session(session_id).ended_at is None
    assert registration.check_password(office.product.parts.db, TEA.code, "tea-2026-leaf")
