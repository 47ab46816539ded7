"""用章核验方式: one per owner, a password of its own where that was chosen."""

import pytest

from server.accounts import passwords
from server.accounts.models import AccountSession
from server.certificates.models import OwnerKind
from server.core.audit import AuditRow
from server.core.db import Database
from server.intents import methods
from server.intents.errors import (
    UsePasswordIsLogin,
    UsePasswordLocked,
    UsePasswordsDiffer,
    UsePasswordTooShort,
    WrongUsePassword,
)
from server.intents.methods import LoginPasswords, MethodChoice, check_use_password, prepare_choice
from server.intents.models import OwnerMethod, VerificationMethod
from tests.factories.companies import PASSWORD as COMPANY_PASSWORD
from tests.factories.companies import Office
from tests.factories.people import People
from tests.factories.product import WEI, Product
from tests.fakes.clock import FakeClock

OWNER = (OwnerKind.ACCOUNT, "acc-1")
SECRET = "紫薇花开2026"


@pytest.fixture
def session(product: Product) -> AccountSession:
    return People(product).log_in_by(WEI.phone)


@pytest.fixture
def logins(product: Product, session: AccountSession) -> LoginPasswords:
    return LoginPasswords(product.parts.db, session.account_id)


@pytest.fixture
def db(product: Product) -> Database:
    return product.parts.db


def choose(logins: LoginPasswords, password: str, again: str | None = None) -> MethodChoice:
    typed = (password, password if again is None else again)
    return prepare_choice(VerificationMethod.PASSWORD, *typed, unlike=logins)


def keep(db: Database, choice: MethodChoice) -> None:
    with db.begin() as uow:
        methods.set_method(uow, *OWNER, choice)


@pytest.mark.row("F-23")
def test_an_owner_has_one_method_the_pin_until_he_chooses(
    db: Database, logins: LoginPasswords
) -> None:
    with db.read() as uow:
        assert methods.method_of(uow, *OWNER) == VerificationMethod.PIN
    for method in VerificationMethod:
        keep(db, prepare_choice(method, SECRET, SECRET, unlike=logins))
        with db.read() as uow:
            assert methods.method_of(uow, *OWNER) == method
            assert methods.method_of(uow, OwnerKind.ENTERPRISE, "acc-1") == VerificationMethod.PIN
            assert uow.session.query(OwnerMethod).count() == 1
            told = uow.session.query(AuditRow).filter(AuditRow.event == "method.set").all()
    assert [row.details["method"] for row in told] == list(VerificationMethod)


@pytest.mark.row("F-24")
def test_the_password_is_kept_as_a_digest_and_only_for_its_own_method(
    db: Database, logins: LoginPasswords
) -> None:
    keep(db, choose(logins, SECRET))
    with db.read() as uow:
        kept = uow.session.query(OwnerMethod).one().password_digest
    assert SECRET not in kept
    assert passwords.matches(SECRET, kept)

    keep(db, prepare_choice(VerificationMethod.SMS, SECRET, SECRET, unlike=logins))
    with db.read() as uow:
        assert uow.session.query(OwnerMethod).one().password_digest == ""


@pytest.mark.row("F-24")
def test_passwords_that_differ_are_refused_in_the_manuals_words(logins: LoginPasswords) -> None:
    for again in ("紫薇花开2027", "", SECRET + "\ud800"):
        with pytest.raises(UsePasswordsDiffer) as refused:
            choose(logins, SECRET, again)
    assert refused.value.message[0] == "核验密码不一致！"


@pytest.mark.row("F-24")
def test_six_characters_are_enough_and_five_are_not(logins: LoginPasswords) -> None:
    for password in ("", "24680", "x" * 65):
        with pytest.raises(UsePasswordTooShort):
            choose(logins, password)
    for password in ("246800", "x" * 64):
        choose(logins, password)


@pytest.mark.row("F-24")
def test_the_login_password_is_refused_the_persons_and_his_companys(product: Product) -> None:
    office = Office(product)
    session = office.session(office.open())
    People(product).set_password(session.account_id, passwords.digest("morning-2026"))
    logins = LoginPasswords(product.parts.db, session.account_id)

    for password in ("morning-2026", COMPANY_PASSWORD):
        with pytest.raises(UsePasswordIsLogin):
            choose(logins, password)
    choose(logins, "morning-2027")


@pytest.mark.row("F-24")
def test_who_tries_login_passwords_out_by_choosing_gets_ten(
    logins: LoginPasswords, clock: FakeClock
) -> None:
    for number in range(10):
        choose(logins, f"guess-{number}")

    for password in (WEI.password, SECRET):
        with pytest.raises(UsePasswordLocked):
            choose(logins, password)
    clock.advance(hours=1)
    choose(logins, SECRET)


@pytest.mark.row("F-24")
def test_wrong_use_passwords_are_counted_and_lock_and_the_right_one_starts_anew(
    db: Database, logins: LoginPasswords, clock: FakeClock
) -> None:
    keep(db, choose(logins, SECRET))
    for _ in range(2):
        for left in (4, 3, 2, 1):
            with pytest.raises(WrongUsePassword) as refused:
                check_use_password(db, *OWNER, "246800")
            assert refused.value.details == {"tries_left": left}
        check_use_password(db, *OWNER, SECRET)

    for _ in range(5):
        with pytest.raises(WrongUsePassword):
            check_use_password(db, *OWNER, "246800")
    with pytest.raises(UsePasswordLocked):
        check_use_password(db, *OWNER, SECRET)
    clock.advance(minutes=15)
    check_use_password(db, *OWNER, SECRET)


@pytest.mark.row("F-24")
def test_without_a_use_password_none_is_right(db: Database) -> None:
    for password in ("", SECRET):
        with pytest.raises(WrongUsePassword):
            check_use_password(db, *OWNER, password)
