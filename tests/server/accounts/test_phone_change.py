"""Another phone, a new password, a declared name: what a person changes of his own account."""

import pytest

from server.accounts import (
    fresh_proofs,
    login,
    notices,
    passwords,
    phone_change,
    real_name,
    registration,
)
from server.accounts.codes import CodeProof, Purpose
from server.accounts.errors import BadPhone, PhoneTaken, WrongCode, WrongPassword
from server.accounts.fresh_proofs import CHANGE_PHONE, REAL_NAME, SET_PASSWORD, FreshProof
from server.accounts.models import Account, AccountSession, Level
from server.accounts.news import News
from server.accounts.phones import open_phone
from server.accounts.sessions import Company
from tests.factories.people import BROWSER, NEW_PHONE, NUMBER, OTHER_PHONE, Faces, People, claim
from tests.factories.product import WEI

OLD = "morning-2026"
NEW = "evening-2026"


@pytest.fixture
def mine(people: People) -> AccountSession:
    account_id = people.register(NEW_PHONE)
    people.set_password(account_id, passwords.digest(OLD))
    return people.log_in(account_id)


def of_new(people: People, session: AccountSession, phone: str = OTHER_PHONE) -> CodeProof:
    return people.proof(phone_change.ask_new(people.desk, session, phone, "203.0.113.7"))


def given(people: People, session: AccountSession) -> FreshProof:
    return fresh_proofs.give_password(people.db, session, OLD)


def change(
    people: People,
    session: AccountSession,
    proof: CodeProof,
    old: FreshProof,
    phone: str = OTHER_PHONE,
) -> Account:
    new = phone_change.prepare(people.desk.keys, session.account_id, phone)
    with people.db.begin() as uow:
        return phone_change.change(uow, session, new, proof, old)


@pytest.mark.row("P-38")
def test_the_new_phone_takes_the_place_of_the_old(people: People, mine: AccountSession) -> None:
    change(people, mine, of_new(people, mine), given(people, mine))

    found = people.found(OTHER_PHONE)
    assert found
    assert found.id == mine.account_id
    assert open_phone(people.desk.keys, found.id, found.phone_sealed or b"") == OTHER_PHONE
    assert people.found(NEW_PHONE) is None


@pytest.mark.row("P-36", "P-38")
def test_a_new_phone_is_told(people: People, mine: AccountSession) -> None:
    change(people, mine, of_new(people, mine), given(people, mine))

    with people.db.read() as uow:
        told = notices.told(uow, mine.account_id).items
    assert [one.news for one in told] == [News.PHONE_CHANGED]


@pytest.mark.row("P-38")
def test_every_other_session_ends_with_the_old_phone(people: People, mine: AccountSession) -> None:
    people.log_in(mine.account_id)
    people.log_in(mine.account_id, Company("elog-1", "ent-1"))

    change(people, mine, of_new(people, mine), given(people, mine))

    assert people.open_sessions(mine.account_id) == [mine.id]


@pytest.mark.row("P-38")
def test_the_code_of_the_old_phone_proves_the_person_too(
    people: People, mine: AccountSession
) -> None:
    old = people.own_proof(mine, CHANGE_PHONE)
    assert people.product.sms.messages()[0].phone == NEW_PHONE

    assert change(people, mine, of_new(people, mine), old).id == mine.account_id


@pytest.mark.row("P-38", "S-24")
def test_who_holds_a_phone_of_somebody_else_learns_that_it_is_taken_and_nobody_else_does(
    people: People, mine: AccountSession
) -> None:
    typed = phone_change.ask_new(people.desk, mine, WEI.phone, "203.0.113.7")
    code = people.code(typed)
    with pytest.raises(WrongCode):
        change(people, mine, people.desk.prove(typed, "000000"), given(people, mine), WEI.phone)

    with pytest.raises(PhoneTaken):
        change(people, mine, people.desk.prove(typed, code), given(people, mine), WEI.phone)

    assert people.found(NEW_PHONE)


@pytest.mark.row("P-38", "S-23")
def test_the_code_of_one_phone_binds_no_other(people: People, mine: AccountSession) -> None:
    with pytest.raises(WrongCode):
        change(people, mine, of_new(people, mine), given(people, mine), "13907719003")


@pytest.mark.row("P-38", "S-23")
def test_a_code_to_log_in_with_or_of_another_session_binds_no_phone(
    people: People, mine: AccountSession
) -> None:
    to_enter = people.proof(people.ask(OTHER_PHONE))
    elsewhere = people.log_in(mine.account_id)
    for proof in (to_enter, of_new(people, elsewhere)):
        with pytest.raises(WrongCode):
            change(people, mine, proof, given(people, mine))


def test_what_is_no_phone_is_refused(people: People, mine: AccountSession) -> None:
    with pytest.raises(BadPhone):
        phone_change.prepare(people.desk.keys, mine.account_id, "110")


def test_a_phone_closed_for_another_account_is_not_taken(
    people: People, mine: AccountSession
) -> None:
    proof = of_new(people, mine)
    new = phone_change.prepare(people.desk.keys, "acc-other", OTHER_PHONE)
    with people.db.begin() as uow, pytest.raises(ValueError, match="another account"):
        phone_change.change(uow, mine, new, proof, given_within(people, mine))


def given_within(people: People, session: AccountSession) -> FreshProof:
    """The password's proof, without a transaction of its own."""
    account = people.account(session.account_id)
    return fresh_proofs.PasswordGiven(account.password_digest)


@pytest.mark.row("P-38")
def test_a_new_password_needs_the_old_or_the_bound_phone_and_keeps_this_session(
    people: People, mine: AccountSession
) -> None:
    people.log_in(mine.account_id)
    proof = given(people, mine)
    with people.db.begin() as uow:
        fresh_proofs.set_password(uow, mine, proof, passwords.digest(NEW))

    assert people.open_sessions(mine.account_id) == [mine.id]
    with pytest.raises(WrongPassword):
        given(people, mine)
    again = people.own_proof(mine, SET_PASSWORD)
    with people.db.begin() as uow:
        fresh_proofs.set_password(uow, mine, again, passwords.digest(OLD))
    assert login.check_password(people.db, people.name(NEW_PHONE), OLD) == mine.account_id


@pytest.mark.row("P-37")
def test_the_bound_phones_code_raises_an_account_to_a_declared_name(
    people: People, mine: AccountSession
) -> None:
    document = registration.close_document(people.desk.keys, mine.account_id, claim())
    proof = people.own_proof(mine, REAL_NAME)
    with people.db.begin() as uow:
        real_name.declare(uow, mine, document, proof)

    account = people.account(mine.account_id)
    assert (account.level, account.name) == (Level.DECLARED, "覃小红")
    assert people.found(NUMBER) is None


@pytest.mark.row("P-37")
def test_a_code_for_something_else_declares_no_name(people: People, mine: AccountSession) -> None:
    document = registration.close_document(people.desk.keys, mine.account_id, claim())
    proof = people.own_proof(mine, CHANGE_PHONE)
    with people.db.begin() as uow, pytest.raises(WrongCode):
        real_name.declare(uow, mine, document, proof)


@pytest.mark.row("P-38", "S-23")
def test_only_a_code_to_enter_registers_a_phone(people: People) -> None:
    new = registration.prepare(people.desk.keys, NEW_PHONE)
    proof = people.proof(people.ask(purpose=Purpose.NEW_PHONE))
    with people.db.begin() as uow, pytest.raises(WrongCode):
        registration.register(uow, new, proof, agreed=True, device=BROWSER)


@pytest.mark.row("P-38")
def test_a_face_proves_the_person_when_the_old_phone_is_lost(people: People, faces: Faces) -> None:
    account_id = people.register(NEW_PHONE, claim())
    faces.passed(account_id)
    mine = people.log_in(account_id)
    shown = fresh_proofs.FaceShown(faces.passed(account_id, CHANGE_PHONE.face, mine.id))

    assert change(people, mine, of_new(people, mine), shown).id == account_id
