"""Agreements and consents: each of a version, given once, taken back, asked for again."""

import pytest
from sqlalchemy import select

from server.accounts import consents
from server.accounts.consents import AT_LOGIN, VERSIONS, Agreement
from server.accounts.errors import AgreementsNotTicked, ConsentNeeded
from server.accounts.models import Consent
from server.core.audit import AuditRow
from tests.factories.people import HOLDER, NEW_PHONE, Faces, People, claim

SEPARATE = [Agreement.FACE, Agreement.ID_NUMBER]


@pytest.fixture
def account(people: People) -> str:
    """Somebody who has accepted what a login needs."""
    return people.register()


def rows(people: People, account_id: str, kind: Agreement) -> list[Consent]:
    with people.db.read() as uow:
        mine = (Consent.account_id == account_id, Consent.kind == kind)
        return list(uow.session.scalars(select(Consent).where(*mine)))


def missing(people: People, account_id: str) -> list[Agreement]:
    with people.db.read() as uow:
        return consents.missing(uow, account_id)


def make_old(people: People, account_id: str, kind: Agreement) -> None:
    """As if a new version had come out since."""
    with people.db.begin() as uow:
        mine = (Consent.account_id == account_id, Consent.kind == kind)
        uow.session.scalars(select(Consent).where(*mine)).one().version = "2020-01-01"


def give(people: People, account_id: str, *kinds: Agreement) -> None:
    with people.db.begin() as uow:
        consents.give(uow, account_id, kinds or AT_LOGIN)


def require(people: People, account_id: str, kind: Agreement) -> None:
    with people.db.read() as uow:
        consents.require(uow, account_id, kind)


def test_every_agreement_has_a_version_that_its_column_holds() -> None:
    assert set(VERSIONS) == set(Agreement)
    assert max(map(len, VERSIONS.values())) <= 16


@pytest.mark.row("P-41")
def test_a_login_needs_the_tick() -> None:
    consents.require_ticked(True)
    with pytest.raises(AgreementsNotTicked):
        consents.require_ticked(False)


@pytest.mark.row("P-41")
@pytest.mark.parametrize("kind", list(AT_LOGIN))
def test_a_new_version_is_asked_for_again(people: People, account: str, kind: Agreement) -> None:
    assert missing(people, account) == []
    make_old(people, account, kind)
    assert missing(people, account) == [kind]

    give(people, account)

    assert missing(people, account) == []
    versions = {row.version for row in rows(people, account, kind)}
    assert versions == {"2020-01-01", VERSIONS[kind]}


@pytest.mark.row("P-41")
def test_what_is_missing_comes_in_its_order(people: People, account: str) -> None:
    for kind in reversed(AT_LOGIN):
        make_old(people, account, kind)

    assert missing(people, account) == [Agreement.TERMS, Agreement.PRIVACY]


@pytest.mark.row("P-41")
def test_saying_it_again_adds_nothing(people: People, account: str) -> None:
    give(people, account)
    give(people, account, Agreement.TERMS)

    (row,) = rows(people, account, Agreement.TERMS)
    assert row.version == VERSIONS[Agreement.TERMS]


@pytest.mark.row("P-41")
@pytest.mark.parametrize("kind", SEPARATE)
def test_a_login_gives_no_separate_consent(people: People, account: str, kind: Agreement) -> None:
    with pytest.raises(ConsentNeeded) as needed:
        require(people, account, kind)
    assert needed.value.details == {"consent": kind.value, "version": VERSIONS[kind]}

    give(people, account, kind)
    require(people, account, kind)
    make_old(people, account, kind)
    with pytest.raises(ConsentNeeded):
        require(people, account, kind)


@pytest.mark.row("P-41")
@pytest.mark.parametrize("kind", SEPARATE)
def test_a_separate_consent_is_said_in_the_request_itself(kind: Agreement) -> None:
    consents.require_said(True, kind)
    with pytest.raises(ConsentNeeded) as needed:
        consents.require_said(False, kind)
    assert needed.value.details == {"consent": kind.value, "version": VERSIONS[kind]}


@pytest.mark.row("P-41")
def test_a_consent_is_taken_back_and_its_row_stays(people: People, account: str) -> None:
    give(people, account, *SEPARATE)
    with people.db.begin() as uow:
        consents.withdraw(uow, account, Agreement.FACE)

    with pytest.raises(ConsentNeeded):
        require(people, account, Agreement.FACE)
    require(people, account, Agreement.ID_NUMBER)
    assert [row.withdrawn_at for row in rows(people, account, Agreement.FACE)] == [
        people.product.clock.now()
    ]

    give(people, account, Agreement.FACE)
    require(people, account, Agreement.FACE)
    assert len(rows(people, account, Agreement.FACE)) == 2


@pytest.mark.row("P-41")
def test_one_persons_word_is_nobody_elses(people: People, account: str) -> None:
    other = people.register("13907719005")
    give(people, account, Agreement.FACE)

    with pytest.raises(ConsentNeeded):
        require(people, other, Agreement.FACE)


@pytest.mark.row("P-41")
def test_giving_and_taking_back_are_in_the_audit_trail(people: People, account: str) -> None:
    give(people, account, Agreement.FACE)
    with people.db.begin() as uow:
        consents.withdraw(uow, account, Agreement.FACE)

    with people.db.read() as uow:
        said = select(AuditRow).where(AuditRow.subject == account).order_by(AuditRow.seq)
        told = [
            (row.event, row.details["kind"])
            for row in uow.session.scalars(said)
            if row.event.startswith("consent.")
        ]
    assert told == [
        ("consent.given", "terms"),
        ("consent.given", "privacy"),
        ("consent.given", "face"),
        ("consent.withdrawn", "face"),
    ]


@pytest.mark.row("P-41")
def test_a_strangers_tick_is_nobodys_consent_until_the_face_has_passed(
    people: People, faces: Faces
) -> None:
    person = people.register(NEW_PHONE, claim())
    check = faces.begin(person)
    assert rows(people, person, Agreement.FACE) == []

    faces.decide(check)
    faces.desk.settle(check, HOLDER)

    assert len(rows(people, person, Agreement.FACE)) == 1
