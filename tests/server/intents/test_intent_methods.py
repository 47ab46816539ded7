"""By what an intent is proved: what the act allows and the person has; a face of its own."""

import pytest

from server.accounts.errors import (
    ConsentNeeded,
    FaceNotPassed,
)
from server.accounts.faces import FaceAsk, FacePurpose
from server.accounts.models import Account
from server.intents import service
from server.intents.actions import Action, IntentMethod, Subject
from server.intents.errors import (
    IntentMethodRefused,
    IntentNeeded,
    IntentRefused,
    NoIntentMethod,
)
from server.providers.face import Outcome
from tests.factories.companies import OFFICE_PHONE, Office
from tests.factories.intents import SEAL, Intents
from tests.factories.people import NEW_PHONE, People
from tests.factories.product import Product


@pytest.fixture
def mine(product: Product) -> Intents:
    return Intents.of(product)


@pytest.mark.row("S-31")
def test_a_face_that_was_shown_for_something_else_proves_nothing(mine: Intents) -> None:
    begun = mine.begin(IntentMethod.FACE)
    faces, session = mine.product.parts.face_desk, mine.session
    for purpose in (FacePurpose.ENTER_COMPANY, FacePurpose.INTENT):
        ask = FaceAsk(session.account_id, purpose, session.id, consent=True)
        check, _ = faces.start(ask)
        mine.show_face(check.id)
        assert faces.settle(check.id, session.id) == Outcome.PASSED
    other = mine.begin(IntentMethod.FACE)
    mine.prove(other)

    assert mine.desk.prove_face(session, begun.intent.id) == Outcome.PENDING
    with pytest.raises(IntentNeeded):
        mine.spend(begun.intent.id)


def test_a_face_that_did_not_pass_proves_nothing(mine: Intents) -> None:
    begun = mine.begin(IntentMethod.FACE)
    mine.show_face(begun.intent.face_check_id or "", passes=False)

    assert mine.desk.prove_face(mine.session, begun.intent.id) == Outcome.FAILED
    with pytest.raises(IntentNeeded):
        mine.spend(begun.intent.id)


def test_a_face_that_was_used_for_something_else_proves_nothing(mine: Intents) -> None:
    begun = mine.begin(IntentMethod.FACE)
    check_id = begun.intent.face_check_id or ""
    mine.show_face(check_id)
    faces = mine.product.parts.face_desk
    faces.settle(check_id, mine.session.id)
    with mine.db.begin() as uow:
        service.faces.spend(uow, check_id, FacePurpose.INTENT, mine.session.id)

    with pytest.raises(FaceNotPassed):
        mine.desk.prove_face(mine.session, begun.intent.id)


def test_a_face_is_asked_with_a_consent_of_its_own(mine: Intents) -> None:
    subject = Subject(Action.SUSPEND_SEAL, SEAL)
    with pytest.raises(ConsentNeeded):
        mine.desk.begin(service.IntentAsk(mine.session, subject, IntentMethod.FACE))


def test_one_method_does_not_prove_what_was_begun_by_another(mine: Intents) -> None:
    begun = mine.begin(IntentMethod.SMS)

    with pytest.raises(IntentRefused):
        mine.desk.prove_pin(mine.session, begun.intent.id, mine.person.pin)


@pytest.mark.row("F-21", "F-30")
@pytest.mark.parametrize("action", [Action.APPLY, Action.CANCEL_SEAL])
def test_a_company_applies_and_cancels_by_text_message_alone(mine: Intents, action: Action) -> None:
    of_company, own = {**SEAL, "enterprise": "ent-1"}, SEAL
    for method in (IntentMethod.PIN, IntentMethod.FACE):
        with pytest.raises(IntentMethodRefused) as refused:
            mine.begin(method, action, of_company)
        assert refused.value.details == {"methods": ["sms"]}
        mine.begin(method, action, own)
    intent_id = mine.proved(IntentMethod.SMS, action, of_company)

    assert mine.spend(intent_id, action, of_company).method == "sms"


@pytest.mark.row("P-40")
def test_a_forgotten_use_password_is_not_found_back_by_pin(mine: Intents) -> None:
    with pytest.raises(IntentMethodRefused) as refused:
        mine.begin(IntentMethod.PIN, Action.RESET_USE_PASSWORD)
    assert refused.value.details == {"methods": ["sms", "face"]}


def test_a_person_is_offered_what_he_has(product: Product) -> None:
    people = People(product)
    session = people.log_in(people.register(NEW_PHONE))
    newcomer = Intents(product, session)

    with pytest.raises(IntentMethodRefused) as refused:
        newcomer.begin(IntentMethod.PIN)
    assert refused.value.details == {"methods": ["sms"]}
    with newcomer.db.begin() as uow:
        account = uow.session.get_one(Account, session.account_id)
        account.phone_index = account.phone_sealed = None
    with pytest.raises(NoIntentMethod):
        newcomer.begin(IntentMethod.SMS)


@pytest.mark.row("F-21")
def test_a_companys_own_login_is_proved_by_its_representative(product: Product) -> None:
    office = Office(product)
    session = office.session(office.open())
    at_desk = Intents(product, session)

    face = at_desk.proved(IntentMethod.FACE)
    assert at_desk.spend(face).account_id == office.enterprise().representative_id
    # He has bound no phone of his own yet: the code goes where the company has registered.
    text = at_desk.proved(IntentMethod.SMS)
    assert product.sms.messages()[0].phone == OFFICE_PHONE
    assert at_desk.spend(text).account_id == office.enterprise().representative_id
