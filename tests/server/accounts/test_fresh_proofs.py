"""Who is logged in proves afresh that it is he: once, in this session, for one act."""

from collections.abc import Callable

import pytest

from server.accounts import closing, fresh_proofs, passwords, sessions
from server.accounts.errors import (
    CodeExpired,
    FaceNotPassed,
    LoginNeeded,
    NotForCompanyLogin,
    PasswordLocked,
    PhoneNotBound,
    WrongCode,
    WrongPassword,
)
from server.accounts.fresh_proofs import (
    CHANGE_PHONE,
    CLOSE_ACCOUNT,
    SET_PASSWORD,
    TAKE_DATA,
    Act,
    FaceShown,
    FreshProof,
)
from server.accounts.models import Account, AccountSession
from server.accounts.sessions import Company
from tests.factories.people import NEW_PHONE, OTHER_PHONE, Faces, People, claim

PASSWORD = "morning-2026"
ACTS = [CHANGE_PHONE, SET_PASSWORD, TAKE_DATA, CLOSE_ACCOUNT]
Prove = Callable[[People, Faces, AccountSession, Act], FreshProof]


def by_code(people: People, _faces: Faces, session: AccountSession, act: Act) -> FreshProof:
    return people.own_proof(session, act)


def by_face(_people: People, faces: Faces, session: AccountSession, act: Act) -> FreshProof:
    return FaceShown(faces.passed(session.account_id, act.face, session.id))


def by_password(people: People, _faces: Faces, session: AccountSession, _act: Act) -> FreshProof:
    return fresh_proofs.give_password(people.db, session, PASSWORD)


WAYS = [by_code, by_face, by_password]


@pytest.fixture
def mine(people: People, faces: Faces) -> AccountSession:
    """A session of a proven person with phone and password."""
    account_id = people.register(NEW_PHONE, claim())
    faces.passed(account_id)
    people.set_password(account_id, passwords.digest(PASSWORD))
    return people.log_in(account_id)


def spend(people: People, session: AccountSession, proof: FreshProof, act: Act) -> Account:
    with people.db.begin() as uow:
        return fresh_proofs.spend(uow, session, proof, act)


@pytest.mark.row("P-38")
@pytest.mark.parametrize("prove", WAYS)
def test_a_code_a_face_or_the_password_proves_who_is_there(
    people: People, faces: Faces, mine: AccountSession, prove: Prove
) -> None:
    for act in ACTS:
        proof = prove(people, faces, mine, act)
        assert spend(people, mine, proof, act).id == mine.account_id


@pytest.mark.row("P-38")
@pytest.mark.parametrize(("prove", "refused"), [(by_code, CodeExpired), (by_face, FaceNotPassed)])
def test_a_code_and_a_face_prove_once(
    people: People,
    faces: Faces,
    mine: AccountSession,
    prove: Prove,
    refused: type[Exception],
) -> None:
    proof = prove(people, faces, mine, CHANGE_PHONE)
    spend(people, mine, proof, CHANGE_PHONE)

    with pytest.raises(refused):
        spend(people, mine, proof, CHANGE_PHONE)


@pytest.mark.row("P-38", "S-23", "S-31")
@pytest.mark.parametrize(("prove", "refused"), [(by_code, WrongCode), (by_face, FaceNotPassed)])
def test_a_proof_for_one_act_opens_no_other(
    people: People,
    faces: Faces,
    mine: AccountSession,
    prove: Prove,
    refused: type[Exception],
) -> None:
    proof = prove(people, faces, mine, TAKE_DATA)

    with pytest.raises(refused):
        spend(people, mine, proof, CLOSE_ACCOUNT)


@pytest.mark.row("P-38", "S-23", "S-31")
@pytest.mark.parametrize(("prove", "refused"), [(by_code, WrongCode), (by_face, FaceNotPassed)])
def test_a_proof_of_one_session_is_none_in_another(
    people: People,
    faces: Faces,
    mine: AccountSession,
    prove: Prove,
    refused: type[Exception],
) -> None:
    other = people.log_in(mine.account_id)
    proof = prove(people, faces, mine, TAKE_DATA)

    with pytest.raises(refused):
        spend(people, other, proof, TAKE_DATA)


@pytest.mark.row("P-38")
@pytest.mark.parametrize(
    ("prove", "refused"),
    [(by_code, WrongCode), (by_face, FaceNotPassed), (by_password, WrongPassword)],
)
def test_nobody_proves_himself_for_another_ones_account(
    people: People,
    faces: Faces,
    mine: AccountSession,
    prove: Prove,
    refused: type[Exception],
) -> None:
    stranger = people.log_in(people.register(OTHER_PHONE))
    proof = prove(people, faces, mine, CHANGE_PHONE)

    with pytest.raises(refused):
        spend(people, stranger, proof, CHANGE_PHONE)


@pytest.mark.row("P-38", "S-31")
def test_the_face_of_another_account_shown_in_this_session_proves_nothing(
    people: People, faces: Faces, mine: AccountSession
) -> None:
    stranger = people.log_in(people.register(OTHER_PHONE))
    shown = FaceShown(faces.passed(mine.account_id, CHANGE_PHONE.face, stranger.id))

    with pytest.raises(FaceNotPassed):
        spend(people, stranger, shown, CHANGE_PHONE)


@pytest.mark.row("P-38")
def test_a_password_that_was_exchanged_meanwhile_proves_nothing(
    people: People, faces: Faces, mine: AccountSession
) -> None:
    proof = by_password(people, faces, mine, CHANGE_PHONE)
    people.set_password(mine.account_id, passwords.digest("evening-2026"))

    with pytest.raises(WrongPassword):
        spend(people, mine, proof, CHANGE_PHONE)


@pytest.mark.row("P-38", "S-24")
def test_guesses_of_who_holds_a_session_are_counted_and_lock_nobody_out(
    people: People, mine: AccountSession
) -> None:
    for _ in range(5):
        with pytest.raises(WrongPassword):
            fresh_proofs.give_password(people.db, mine, "wrong-2026")
    with pytest.raises(PasswordLocked):
        fresh_proofs.give_password(people.db, mine, PASSWORD)

    name = people.name(NEW_PHONE)
    assert fresh_proofs.login.check_password(people.db, name, PASSWORD) == mine.account_id


@pytest.mark.row("P-38")
def test_a_companys_login_proves_nothing_about_the_person_behind_it(
    people: People, faces: Faces, mine: AccountSession
) -> None:
    company = people.log_in(mine.account_id, Company("elog-1", "ent-1"))

    with pytest.raises(NotForCompanyLogin):
        spend(people, company, by_password(people, faces, company, CHANGE_PHONE), CHANGE_PHONE)


@pytest.mark.row("P-38")
def test_a_session_that_was_ended_meanwhile_changes_nothing(
    people: People, faces: Faces, mine: AccountSession
) -> None:
    proof = by_code(people, faces, mine, CHANGE_PHONE)
    with people.db.begin() as uow:
        sessions.end_session(uow, mine.id, account_id=mine.account_id)

    with pytest.raises(LoginNeeded):
        spend(people, mine, proof, CHANGE_PHONE)


@pytest.mark.row("P-38")
def test_the_ways_that_are_offered_are_those_at_hand(people: People, mine: AccountSession) -> None:
    new = people.register(OTHER_PHONE)

    assert fresh_proofs.ways(people.account(mine.account_id)) == ["sms", "password", "face"]
    assert fresh_proofs.ways(people.account(new)) == ["sms"]


def test_no_code_goes_to_a_phone_that_is_not_there(people: People, mine: AccountSession) -> None:
    with people.db.begin() as uow:
        account = uow.session.get_one(Account, mine.account_id)
        account.phone_index = account.phone_sealed = None

    with pytest.raises(PhoneNotBound):
        fresh_proofs.ask_code(people.desk, mine, CHANGE_PHONE, "203.0.113.7")


@pytest.mark.row("P-38", "R-12")
def test_who_has_closed_his_account_meanwhile_is_told_to_log_in(
    people: People, mine: AccountSession
) -> None:
    proof = people.own_proof(mine, CLOSE_ACCOUNT)
    with people.db.begin() as uow:
        closing.close(uow, mine, proof, [])

    with pytest.raises(LoginNeeded):
        fresh_proofs.ask_code(people.desk, mine, CLOSE_ACCOUNT, "203.0.113.7")
    with pytest.raises(LoginNeeded):
        fresh_proofs.give_password(people.db, mine, PASSWORD)
