"""意愿认证: one proof, of one person in one login, for one act on one thing, spent once."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from server.accounts import sessions
from server.accounts.codes import CodeAsk, Purpose
from server.accounts.errors import (
    CodeExpired,
    ConsentNeeded,
    FaceNotPassed,
    LoginNeeded,
    PhoneNotBound,
    WrongCode,
)
from server.accounts.faces import FaceAsk, FacePurpose
from server.accounts.models import Account
from server.certificates.errors import WrongPin
from server.certificates.unlock import PinLocked
from server.core.audit import AuditRow
from server.intents import service
from server.intents.actions import Action, IntentMethod, Subject
from server.intents.errors import (
    IntentExpired,
    IntentMethodRefused,
    IntentNeeded,
    IntentRefused,
    IntentSpent,
    NoIntentMethod,
)
from server.intents.models import PROVE_WITHIN, USE_WITHIN, Intent
from server.providers.face import Outcome
from tests.factories.companies import OFFICE_PHONE, Office
from tests.factories.intents import SEAL, Intents
from tests.factories.people import NEW_PHONE, People
from tests.factories.product import HUANG, Product
from tests.fakes.clock import FakeClock
from tests.fakes.threads import together

METHODS = list(IntentMethod)
SECOND = timedelta(seconds=1)


@pytest.fixture
def mine(product: Product) -> Intents:
    return Intents.of(product)


def events(mine: Intents, intent_id: str) -> list[str]:
    with mine.db.read() as uow:
        wanted = select(AuditRow).where(AuditRow.subject == intent_id).order_by(AuditRow.seq)
        return [row.event for row in uow.session.scalars(wanted)]


@pytest.mark.row("F-29", "F-30")
@pytest.mark.parametrize("method", METHODS)
def test_a_pin_a_code_and_a_face_prove_an_intent_and_both_steps_are_on_record(
    mine: Intents, method: IntentMethod
) -> None:
    intent_id = mine.proved(method)

    assert mine.spend(intent_id).method == method
    assert events(mine, intent_id) == ["intent.proved", "intent.used"]


@pytest.mark.parametrize("method", METHODS)
def test_an_intent_that_nobody_has_proved_opens_nothing(
    mine: Intents, method: IntentMethod
) -> None:
    for intent_id in ("", mine.begin(method).intent.id):
        with pytest.raises(IntentNeeded):
            mine.spend(intent_id)


@pytest.mark.row("R-12", "R-13")
def test_of_sixteen_at_once_one_spends_it(mine: Intents) -> None:
    intent_id = mine.proved()

    outcomes = together([lambda: mine.spend(intent_id)] * 16)

    assert sum(isinstance(one, Intent) for one in outcomes) == 1
    assert sum(isinstance(one, IntentSpent) for one in outcomes) == 15
    assert events(mine, intent_id) == ["intent.proved", "intent.used"]


@pytest.mark.row("R-12")
def test_who_proves_twice_at_once_has_proved_it_once(mine: Intents) -> None:
    begun = mine.begin(IntentMethod.SMS)
    code = mine.code()

    outcomes = together([lambda: mine.desk.prove_sms(mine.session, begun.intent.id, code)] * 4)

    assert outcomes == [None] * 4
    assert events(mine, begun.intent.id) == ["intent.proved"]


@pytest.mark.parametrize(
    ("action", "parameters"),
    [
        (Action.ENABLE_SEAL, SEAL),
        (Action.SUSPEND_SEAL, {"seal": "seal-2"}),
        (Action.SUSPEND_SEAL, {"grant": "seal-1"}),
        (Action.SUSPEND_SEAL, {}),
        (Action.SUSPEND_SEAL, {**SEAL, "enterprise": "ent-1"}),
    ],
)
def test_it_is_good_for_its_own_act_and_its_own_thing_alone(
    mine: Intents, action: Action, parameters: dict[str, str]
) -> None:
    intent_id = mine.proved()

    with pytest.raises(IntentRefused):
        mine.spend(intent_id, action, parameters)

    assert mine.spend(intent_id).used_at, "a wrong try spends nothing"


def test_it_is_good_in_its_own_login_alone(product: Product, mine: Intents) -> None:
    intent_id = mine.proved()
    for other in (Intents.of(product), Intents.of(product, HUANG)):
        with pytest.raises(IntentRefused):
            other.spend(intent_id)
        with pytest.raises(IntentRefused):
            other.desk.prove_pin(other.session, mine.begin().intent.id, other.person.pin)


def test_a_login_that_has_ended_spends_nothing(mine: Intents) -> None:
    intent_id = mine.proved()
    with mine.db.begin() as uow:
        sessions.end_all(uow, mine.session.account_id)

    with pytest.raises(LoginNeeded):
        mine.spend(intent_id)


@pytest.mark.parametrize("method", METHODS)
def test_it_has_to_be_proved_within_ten_minutes(
    mine: Intents, clock: FakeClock, method: IntentMethod
) -> None:
    begun = mine.begin(method)
    clock.advance(seconds=PROVE_WITHIN.total_seconds())

    with pytest.raises(IntentExpired):
        mine.prove(begun)
    with pytest.raises(IntentExpired):
        mine.spend(begun.intent.id)


def test_it_may_be_proved_at_the_last_moment_and_used_at_the_last(
    mine: Intents, clock: FakeClock
) -> None:
    begun = mine.begin()
    clock.advance(seconds=(PROVE_WITHIN - SECOND).total_seconds())
    intent_id = mine.prove(begun)
    clock.advance(seconds=(USE_WITHIN - SECOND).total_seconds())

    assert mine.spend(intent_id).used_at


def test_what_was_proved_has_to_be_used_within_five_minutes(
    mine: Intents, clock: FakeClock
) -> None:
    intent_id = mine.proved()
    clock.advance(seconds=USE_WITHIN.total_seconds())

    with pytest.raises(IntentExpired):
        mine.spend(intent_id)


@pytest.mark.row("S-21")
def test_a_wrong_pin_counts_like_any_other_and_locks(mine: Intents) -> None:
    intent_id = mine.begin().intent.id
    left = []
    for _ in range(4):
        with pytest.raises(WrongPin) as refused:
            mine.desk.prove_pin(mine.session, intent_id, "000000")
        left.append(refused.value.details["tries_left"])
    assert left == [4, 3, 2, 1]

    for pin in ("000000", mine.person.pin):
        with pytest.raises(PinLocked):
            mine.desk.prove_pin(mine.session, intent_id, pin)
    with pytest.raises(IntentNeeded):
        mine.spend(intent_id)


@pytest.mark.row("S-23")
def test_a_code_proves_the_intent_that_it_was_sent_for_and_no_other(
    mine: Intents, clock: FakeClock
) -> None:
    first = mine.begin(IntentMethod.SMS)
    code = mine.code()
    clock.advance(minutes=1)
    subject = Subject(Action.SUSPEND_SEAL, SEAL)
    second = mine.desk.begin(service.IntentAsk(mine.session, subject, IntentMethod.SMS))

    with pytest.raises(WrongCode):
        mine.desk.prove_sms(mine.session, second.intent.id, code)
    with pytest.raises(CodeExpired):
        mine.desk.prove_sms(mine.session, first.intent.id, code)


@pytest.mark.row("S-23")
def test_a_code_that_was_sent_to_log_in_proves_no_intent(mine: Intents) -> None:
    begun = mine.begin(IntentMethod.SMS)
    people = People(mine.product)
    code = people.code(people.ask(mine.person.phone, Purpose.ENTER, subject=begun.intent.id))

    with pytest.raises(WrongCode):
        mine.desk.prove_sms(mine.session, begun.intent.id, code)


@pytest.mark.row("S-23")
def test_a_code_of_an_intent_logs_nobody_in(mine: Intents) -> None:
    begun = mine.begin(IntentMethod.SMS)
    people, code = People(mine.product), mine.code()
    ask = people.ask(mine.person.phone, Purpose.ENTER, subject=begun.intent.id)

    with pytest.raises(WrongCode):
        people.spend(ask, code)
    assert isinstance(ask, CodeAsk)


def test_a_phone_that_was_exchanged_meanwhile_proves_nothing(mine: Intents) -> None:
    begun = mine.begin(IntentMethod.SMS)
    code = mine.code()
    with mine.db.begin() as uow:
        account = uow.session.get_one(Account, mine.session.account_id)
        account.phone_index = "another"

    with pytest.raises(PhoneNotBound):
        mine.desk.prove_sms(mine.session, begun.intent.id, code)


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


def test_old_proofs_are_forgotten(product: Product, mine: Intents, clock: FakeClock) -> None:
    mine.proved()
    clock.advance(days=29)
    kept = Intents.of(product).begin().intent.id
    clock.advance(days=1)
    with mine.db.begin() as uow:
        service.sweep(uow)
        assert uow.session.scalars(select(Intent.id)).all() == [kept]
