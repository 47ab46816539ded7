"""A company comes in by code and password, and finds back in by the phone of its login."""

import pytest

from server.accounts import passwords
from server.accounts.codes import Purpose
from server.accounts.errors import AgreementsNotTicked, CodeExpired, WrongCode
from server.accounts.models import Means
from server.enterprises import registration
from server.enterprises.errors import (
    BadCompanyCode,
    CompanyPasswordLocked,
    WrongCompanyPassword,
)
from tests.factories.companies import (
    OFFICE_PHONE,
    OTHER_PASSWORD,
    PASSWORD,
    PHONE,
    SHIP,
    TEA,
    Office,
    form,
)
from tests.factories.product import Product
from tests.fakes.clock import FakeClock


@pytest.fixture
def office(product: Product) -> Office:
    return Office(product)


def refusals(office: Office, code: str, tries: int) -> list[tuple[type[Exception], object]]:
    """What a guesser is told, one guess after the other."""
    told: list[tuple[type[Exception], object]] = []
    for _ in range(tries):
        with pytest.raises((WrongCompanyPassword, CompanyPasswordLocked)) as refused:
            registration.check_password(office.product.parts.db, code, "wrong-2026")
        told.append((type(refused.value), refused.value.details))
    return told


@pytest.mark.row("F-04")
def test_code_and_password_open_a_session_that_acts_for_the_company_alone(office: Office) -> None:
    office.open()

    session = office.session(office.log_in())

    assert session.means == Means.PASSWORD
    assert session.enterprise_login_id == office.login().id
    assert session.acting_enterprise_id == office.enterprise().id
    assert session.face_at is None


@pytest.mark.row("F-04")
def test_a_login_without_the_agreements_is_refused(office: Office) -> None:
    office.register()
    db = office.product.parts.db
    login_id = registration.check_password(db, TEA.code, PASSWORD)

    with pytest.raises(AgreementsNotTicked), db.begin() as uow:
        registration.log_in(uow, login_id, agreed=False, device=PHONE)


@pytest.mark.row("F-04", "S-24")
def test_five_wrong_passwords_lock_a_company_that_is_known_and_one_that_is_not(
    office: Office,
) -> None:
    office.register()

    known, unknown = refusals(office, TEA.code, 6), refusals(office, SHIP.code, 6)

    assert known == unknown
    assert [kind for kind, _ in known] == [WrongCompanyPassword] * 5 + [CompanyPasswordLocked]
    assert [details for _, details in known[:5]] == [{"tries_left": n} for n in (4, 3, 2, 1, 0)]
    with pytest.raises(CompanyPasswordLocked):
        office.log_in()


@pytest.mark.row("F-04")
def test_a_lock_ends_by_itself_and_the_next_one_lasts_longer(
    office: Office, clock: FakeClock
) -> None:
    office.register()
    refusals(office, TEA.code, 5)
    clock.advance(minutes=14)
    with pytest.raises(CompanyPasswordLocked):
        office.log_in()
    clock.advance(minutes=1)

    refusals(office, TEA.code, 5)
    clock.advance(hours=23)
    with pytest.raises(CompanyPasswordLocked):
        office.log_in()
    clock.advance(hours=1)

    assert office.log_in()


@pytest.mark.row("F-04")
def test_the_right_password_starts_the_count_again(office: Office) -> None:
    office.register()
    refusals(office, TEA.code, 4)

    office.log_in()

    assert refusals(office, TEA.code, 1) == [(WrongCompanyPassword, {"tries_left": 4})]


@pytest.mark.row("S-24")
def test_an_unknown_company_costs_the_same_work_as_a_known_one(office: Office) -> None:
    """The digest of nobody is of the same kind, so that the clock tells nothing."""
    office.register()
    kept = office.login().password_digest

    assert passwords._of_nobody().split("$")[:4] == kept.split("$")[:4]
    assert not passwords.matches(PASSWORD, "")


@pytest.mark.row("F-04")
def test_a_code_that_is_none_is_refused_before_anything_is_counted(office: Office) -> None:
    with pytest.raises(BadCompanyCode):
        registration.check_password(office.product.parts.db, TEA.code[:17], PASSWORD)


@pytest.mark.row("F-05")
def test_the_code_of_the_logins_phone_sets_a_new_password_and_ends_its_sessions(
    office: Office,
) -> None:
    opened = office.open()
    person = office.session(opened).account_id
    proof = office.reset_code()
    assert proof.to.phone == OFFICE_PHONE

    office.reset(OTHER_PASSWORD, proof)

    assert office.session(opened).ended_at is not None
    assert office.session(office.log_in(password=OTHER_PASSWORD)).account_id == person
    with pytest.raises(WrongCompanyPassword):
        office.log_in(password=PASSWORD)


@pytest.mark.row("F-05")
def test_the_sessions_of_another_company_go_on(office: Office) -> None:
    office.open()
    other = office.register(form(SHIP))

    office.reset(OTHER_PASSWORD, office.reset_code())

    assert office.session(other).ended_at is None


@pytest.mark.row("F-05", "S-23")
def test_a_code_resets_once_and_one_for_another_purpose_never(office: Office) -> None:
    office.register()
    proof = office.reset_code()
    office.reset(OTHER_PASSWORD, proof)

    with pytest.raises(CodeExpired):
        office.reset(PASSWORD, proof)
    with pytest.raises(WrongCode):
        office.reset(PASSWORD, office.proof(purpose=Purpose.COMPANY))
    assert office.log_in(password=OTHER_PASSWORD)


@pytest.mark.row("F-05", "F-04")
def test_a_new_password_opens_the_lock(office: Office) -> None:
    """The lock's own words tell the company to find back in this way."""
    office.register()
    refusals(office, TEA.code, 5)

    office.reset(OTHER_PASSWORD, office.reset_code())

    assert office.log_in(password=OTHER_PASSWORD)


@pytest.mark.row("F-05", "S-24")
def test_for_a_company_without_a_login_nothing_is_sent_and_nobody_can_tell(
    office: Office,
) -> None:
    db = office.product.parts.db
    before = registration.recipient(db, office.keys, TEA.code)
    office.register()
    after = registration.recipient(db, office.keys, TEA.code)

    assert (before.phone, after.phone) == (None, OFFICE_PHONE)
    assert before.index == after.index != registration.recipient(db, office.keys, SHIP.code).index
    with pytest.raises(WrongCode):
        office.reset(OTHER_PASSWORD, office.reset_code(), SHIP)


@pytest.mark.row("F-05", "S-23")
def test_the_code_of_one_company_sets_no_other_ones_password(office: Office) -> None:
    office.register()
    office.register(form(SHIP))
    mine = office.reset_code(SHIP)

    with pytest.raises(WrongCode):
        office.reset(OTHER_PASSWORD, mine, TEA)

    assert office.log_in(TEA)
