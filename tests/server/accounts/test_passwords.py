"""Login passwords: which are taken, how they are kept, how guesses are counted and compared."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Protocol

import pytest
from sqlalchemy import select

from server.accounts import codes, login, names, passwords, sessions
from server.accounts.codes import Purpose
from server.accounts.errors import (
    AgreementsNotTicked,
    CodeExpired,
    PasswordLocked,
    WeakPassword,
    WrongCode,
    WrongPassword,
)
from server.accounts.models import Account, AccountSession, Means
from server.core.audit import AuditRow
from server.core.offload import heavy
from tests.factories.people import BROWSER, NEW_PHONE, OTHER_PHONE, People
from tests.factories.product import HUANG, WEI

GOOD = "correct-horse-1"


class Check(Protocol):
    def __call__(self, password: str, name: str = WEI.phone) -> str: ...


@pytest.fixture
def check(people: People) -> Check:
    """Try a password for 韦志远's phone, or another name."""

    def try_it(password: str, name: str = WEI.phone) -> str:
        return login.check_password(people.db, people.name(name), password)

    return try_it


@contextmanager
def work_noted() -> Iterator[list[str]]:
    """The kept digests that a guess was held against, with all of Argon2's work."""
    compared: list[str] = []

    def noted(work: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        compared.append(args[-1])
        return work(*args, **kwargs)

    heavy.have_it_done(noted)
    try:
        yield compared
    finally:
        heavy.have_it_done(lambda work, args, kwargs: work(*args, **kwargs))


@pytest.mark.row("S-24")
@pytest.mark.parametrize(
    "password", ["guiyin-2026", "abcdefg1", "12345678-", "桂林山水甲天下1", "a1" * 32]
)
def test_eight_to_sixty_four_characters_of_two_kinds_are_taken(password: str) -> None:
    passwords.check_strength(password)


@pytest.mark.row("S-24")
@pytest.mark.parametrize(
    "password",
    ["", "abcde-1", "a1" * 32 + "b", "abcdefgh", "12345678", "--------", "桂林山水甲天下第一"],
)
def test_short_long_and_uniform_passwords_are_refused(password: str) -> None:
    with pytest.raises(WeakPassword):
        passwords.check_strength(password)


@pytest.mark.row("S-24")
@pytest.mark.parametrize("password", ["a-13907719001", "x-91450100ma5k8q2x13"])
def test_a_password_that_holds_its_owners_number_is_refused(password: str) -> None:
    with pytest.raises(WeakPassword):
        passwords.check_strength(password, NEW_PHONE, "", "91450100MA5K8Q2X13")

    passwords.check_strength(password, OTHER_PHONE)


@pytest.mark.row("S-44")
def test_a_password_is_kept_as_argon2id_with_a_salt_of_its_own() -> None:
    kept, again = passwords.digest(GOOD), passwords.digest(GOOD)

    assert kept.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert kept != again
    assert GOOD not in kept
    assert len(kept) <= 200
    assert passwords.matches(GOOD, kept)
    assert passwords.matches(GOOD, again)
    assert not passwords.matches(GOOD + " ", kept)


@pytest.mark.row("S-24")
def test_no_password_opens_an_account_that_has_none() -> None:
    for guess in ("", GOOD, "\ud800" + GOOD):
        assert not passwords.matches(guess, "")


@pytest.mark.row("S-24")
def test_a_name_that_nobody_has_takes_the_same_work(people: People, check: Check) -> None:
    people.register(NEW_PHONE)
    passwords.matches(GOOD, "")  # the digest of nobody is made once in a process
    answers = []
    with work_noted() as compared:
        for name in (WEI.phone, NEW_PHONE, OTHER_PHONE, "450103199001010016"):
            with pytest.raises(WrongPassword) as wrong:
                check(GOOD, name)
            answers.append(wrong.value.details)

    assert answers == [{"tries_left": 4}] * 4
    weight = {kept.rsplit("$", 2)[0] for kept in compared}
    assert (len(compared), weight) == (4, {"$argon2id$v=19$m=19456,t=2,p=1"})


@pytest.mark.row("F-06")
def test_the_right_password_names_the_account_and_forgives_the_wrong_ones(
    people: People, check: Check
) -> None:
    wei = people.found(WEI.phone)
    assert wei
    for _ in range(4):
        with pytest.raises(WrongPassword):
            check(GOOD)

    assert check(WEI.password) == wei.id
    assert check(WEI.password, WEI.id_number) == wei.id
    with pytest.raises(WrongPassword) as wrong:
        check(GOOD)
    assert wrong.value.details == {"tries_left": 4}


@pytest.mark.row("S-24")
@pytest.mark.parametrize("name", [WEI.phone, WEI.id_number, NEW_PHONE])
def test_five_wrong_passwords_lock_a_name_whether_anybody_has_it(check: Check, name: str) -> None:
    left = []
    for _ in range(5):
        with pytest.raises(WrongPassword) as wrong:
            check(GOOD, name)
        left.append(wrong.value.details["tries_left"])

    assert left == [4, 3, 2, 1, 0]
    with pytest.raises(PasswordLocked) as locked:
        check(WEI.password, name)
    assert locked.value.details == {"retry_after": 15 * 60}


@pytest.mark.row("S-24")
def test_a_lock_ends_and_the_next_one_is_longer(people: People, check: Check) -> None:
    def guess_five_times() -> None:
        for _ in range(5):
            with pytest.raises(WrongPassword):
                check(GOOD)

    guess_five_times()
    people.product.clock.advance(minutes=15)
    guess_five_times()

    with pytest.raises(PasswordLocked) as locked:
        check(WEI.password)
    assert locked.value.details == {"retry_after": 24 * 3600}


@pytest.mark.row("F-06", "P-41")
def test_a_password_opens_a_session_only_with_the_agreements(people: People, check: Check) -> None:
    wei = check(WEI.password)
    with people.db.begin() as uow, pytest.raises(AgreementsNotTicked):
        login.by_password(uow, wei, agreed=False, device=BROWSER)
    with people.db.begin() as uow:
        account, token = login.by_password(uow, wei, agreed=True, device=BROWSER)

    with people.db.read() as uow:
        rows = sessions.open_sessions(uow, wei)
    assert (account.id, [row.means for row in rows]) == (wei, [Means.PASSWORD])
    assert token not in rows[0].token_digest


def two_sessions(people: People, account_id: str) -> list[str]:
    """Their ids, the newest first."""
    with people.db.begin() as uow:
        account = uow.session.get_one(Account, account_id)
        for _ in range(2):
            sessions.open_session(uow, account, BROWSER, Means.SMS)
            uow.session.flush()
        return [row.id for row in sessions.open_sessions(uow, account_id)]


@pytest.mark.row("F-05")
def test_a_new_password_ends_every_other_session(people: People, check: Check) -> None:
    wei = check(WEI.password)
    here, _ = two_sessions(people, wei)
    digest = passwords.digest(GOOD)
    with people.db.begin() as uow:
        login.set_password(uow, uow.session.get_one(Account, wei), digest, keep=here)

    with people.db.read() as uow:
        assert [row.id for row in sessions.open_sessions(uow, wei)] == [here]
        told = uow.session.scalars(select(AuditRow.details).order_by(AuditRow.seq.desc())).first()
    assert told == {"sessions_ended": 1}
    assert check(GOOD) == wei


@pytest.mark.row("F-05")
@pytest.mark.parametrize("name", [WEI.phone, WEI.id_number])
def test_a_forgotten_password_is_reset_by_a_code_and_all_sessions_end(
    people: People, check: Check, name: str
) -> None:
    wei = check(WEI.password)
    two_sessions(people, wei)
    reset(people, name)

    with people.db.read() as uow:
        assert (
            uow.session.scalars(
                select(AccountSession.id).where(AccountSession.ended_at.is_(None))
            ).all()
            == []
        )
    assert check(GOOD) == wei
    with pytest.raises(WrongPassword):
        check(WEI.password)


@pytest.mark.row("F-05", "S-24")
def test_a_reset_for_a_phone_that_nobody_registered_is_a_wrong_code(people: People) -> None:
    name = people.name(NEW_PHONE)
    proof = people.desk.prove(people.ask(purpose=Purpose.RESET_PASSWORD), "000000")

    with people.db.begin() as uow, pytest.raises(WrongCode):
        login.reset_by_code(uow, name, proof, passwords.digest(GOOD))


@pytest.mark.row("F-05", "S-23")
def test_a_code_resets_one_password_once(people: People, check: Check) -> None:
    proof = reset(people, WEI.phone)

    with people.db.begin() as uow, pytest.raises(CodeExpired):
        login.reset_by_code(uow, people.name(WEI.phone), proof, passwords.digest("another-1"))
    assert check(GOOD)


@pytest.mark.row("F-05", "S-23")
def test_a_code_for_coming_in_resets_no_password(people: People, check: Check) -> None:
    code = people.code(people.ask(WEI.phone))
    proof = people.desk.prove(people.ask(WEI.phone, Purpose.RESET_PASSWORD), code)

    with people.db.begin() as uow, pytest.raises(WrongCode):
        login.reset_by_code(uow, people.name(WEI.phone), proof, passwords.digest(GOOD))
    assert check(WEI.password)


@pytest.mark.row("F-05")
def test_a_new_password_opens_the_lock_under_every_name(people: People, check: Check) -> None:
    for name in (WEI.phone, WEI.id_number):
        for _ in range(5):
            with pytest.raises(WrongPassword):
                check("wrong-2026", name)

    reset(people, WEI.phone)

    assert check(GOOD, WEI.phone) == check(GOOD, WEI.id_number)


@pytest.mark.row("F-05", "S-23")
@pytest.mark.parametrize(
    "ask",
    [(WEI.phone, Purpose.ENTER), (HUANG.phone, Purpose.RESET_PASSWORD)],
    ids=["for coming in", "of another phone"],
)
def test_a_proof_for_something_else_resets_no_password(
    people: People, ask: tuple[str, Purpose]
) -> None:
    proof = people.proof(people.ask(*ask))

    with people.db.begin() as uow, pytest.raises(WrongCode):
        login.reset_by_code(uow, people.name(WEI.phone), proof, passwords.digest(GOOD))


def reset(people: People, typed: str) -> codes.CodeProof:
    name = people.name(typed)
    to = names.recipient(people.db, people.desk.keys, name)
    proof = people.proof(codes.CodeAsk(to, Purpose.RESET_PASSWORD, "203.0.113.7"))
    with people.db.begin() as uow:
        login.reset_by_code(uow, name, proof, passwords.digest(GOOD))
    return proof
