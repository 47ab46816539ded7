"""The face before a company: a login opens nothing without it, and each face opens one session."""

import pytest
from sqlalchemy import select

from server.accounts.errors import FaceNotPassed, LoginNeeded
from server.accounts.faces import FacePurpose
from server.accounts.id_documents import IdDocument
from server.accounts.models import Account, AccountSession, Level
from server.accounts.registration import Declared, close_document, declare
from server.core.audit import AuditRow
from server.enterprises import gate
from server.enterprises.errors import FaceGate
from server.enterprises.service import NoRepresentative
from tests.factories.companies import LU, OTHER_PHONE, SHIP, Office, form
from tests.factories.product import Product
from tests.fakes.clock import FakeClock


@pytest.fixture
def office(product: Product) -> Office:
    return Office(product)


@pytest.mark.row("F-10")
@pytest.mark.parametrize("for_granted", [True, False])
def test_a_companys_own_login_opens_nothing_before_the_face(
    office: Office, for_granted: bool
) -> None:
    for session_id in (office.register(), office.log_in()):
        with pytest.raises(FaceGate):
            gate.require_face(office.session(session_id), for_granted=for_granted)


@pytest.mark.row("F-10")
def test_after_the_face_it_is_open(office: Office) -> None:
    gate.require_face(office.session(office.open()), for_granted=True)


@pytest.mark.row("F-10")
def test_the_face_of_one_session_opens_no_other(office: Office) -> None:
    office.open()

    with pytest.raises(FaceGate):
        gate.require_face(office.session(office.log_in()), for_granted=False)


@pytest.mark.row("F-10")
def test_people_are_exempt_unless_the_policy_asks_them_too() -> None:
    own, acting = AccountSession(), AccountSession(acting_enterprise_id="ent-1")

    gate.require_face(own, for_granted=True)
    gate.require_face(acting, for_granted=False)
    with pytest.raises(FaceGate):
        gate.require_face(acting, for_granted=True)


@pytest.mark.row("F-10", "F-01")
def test_the_first_face_opens_the_login_and_names_the_representative(
    office: Office, clock: FakeClock
) -> None:
    session_id = office.register()
    assert office.enterprise().representative_id is None

    office.enter(session_id, office.face(session_id))

    person = office.session(session_id).account_id
    assert office.enterprise().representative_id == person
    assert office.login().opened_at == clock.now()
    assert office.session(session_id).face_at == clock.now()
    with office.product.parts.db.read() as uow:
        wanted = select(AuditRow).where(AuditRow.event == "enterprise.login_opened")
        row = uow.session.scalars(wanted).one()
    assert (row.actor, row.subject) == (person, office.enterprise().id)


@pytest.mark.row("F-10")
def test_a_later_face_leaves_the_day_of_the_first(office: Office, clock: FakeClock) -> None:
    office.open()
    first = clock.now()
    clock.advance(days=1)
    again = office.log_in()

    office.enter(again, office.face(again))

    assert office.login().opened_at == first
    assert office.session(again).face_at == clock.now()


@pytest.mark.row("F-10", "S-31")
def test_a_check_is_good_once_for_its_own_session_and_purpose(office: Office) -> None:
    first = office.register()
    second = office.log_in()
    check = office.face(first)
    office.face(second, FacePurpose.REAL_NAME)

    with pytest.raises(FaceNotPassed):
        office.enter(second, check)
    with pytest.raises(FaceNotPassed):
        office.enter(second, office.face(second, FacePurpose.REAL_NAME))
    with pytest.raises(FaceNotPassed):
        office.enter(second, "face-unknown")
    assert office.login().opened_at is None
    office.enter(first, check)
    office.enter(first, check)  # an answer that was lost on its way is asked for again
    with pytest.raises(FaceNotPassed):
        office.enter(second, check)


@pytest.mark.row("F-10")
def test_a_check_of_another_account_opens_nothing(office: Office) -> None:
    mine = office.register()
    check = office.face(mine)
    other = office.person(LU)
    with office.product.parts.db.begin() as uow:
        uow.session.get_one(AccountSession, mine).account_id = other

    with pytest.raises(FaceNotPassed):
        office.enter(mine, check)


@pytest.mark.row("F-10")
def test_a_face_that_does_not_fit_opens_and_proves_nothing(office: Office) -> None:
    session_id = office.register()

    with pytest.raises(FaceNotPassed):
        office.enter(session_id, office.face(session_id, ok=False))

    assert office.account(office.session(session_id).account_id).level == Level.DECLARED
    assert office.enterprise().representative_id is None


@pytest.mark.row("F-10", "S-49")
def test_a_face_for_a_login_that_gave_way_comes_too_late(office: Office) -> None:
    squatter = office.register(phone=OTHER_PHONE)
    check = office.face(squatter)
    office.register()

    with pytest.raises(LoginNeeded):
        office.enter(squatter, check)


@pytest.mark.row("F-10", "F-01")
def test_who_proved_himself_meanwhile_comes_in_as_himself(office: Office) -> None:
    """The account that only claimed his number when the login was made is not used further."""
    claimed = office.session(office.register()).account_id
    with office.product.parts.db.begin() as uow:
        uow.session.get_one(Account, claimed).id_number_index = None
    person = office.person()

    assert office.session(office.log_in()).account_id == person


@pytest.mark.row("F-10")
def test_one_company_opened_is_not_the_next(office: Office) -> None:
    office.open()
    other = office.register(form(SHIP))

    with pytest.raises(FaceGate):
        gate.require_face(office.session(other), for_granted=False)
    assert office.login(SHIP).opened_at is None


@pytest.mark.row("F-10", "F-01")
def test_an_attackers_own_face_opens_no_company(office: Office) -> None:
    """He knows the public facts, and exchanges the document of the account for his own."""
    session_id = office.register(phone=OTHER_PHONE)
    own = Declared(LU[0], IdDocument("resident_id", LU[1]), consent_to_id_number=True)
    closed = close_document(office.keys, office.session(session_id).account_id, own)
    with office.product.parts.db.begin() as uow:
        declare(uow, uow.session.get_one(Account, closed.account_id), closed)

    with pytest.raises(NoRepresentative):
        office.enter(session_id, office.face(session_id))

    with pytest.raises(FaceGate):
        gate.require_face(office.session(session_id), for_granted=False)
    assert office.login().opened_at is None
    assert office.enterprise().representative_id is None
    office.open()
