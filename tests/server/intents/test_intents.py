"""意愿认证: one proof, of one person in one login, for one act on one thing, spent once."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from server.accounts import sessions
from server.accounts.codes import CodeAsk, Purpose
from server.accounts.errors import (
    CodeExpired,
    LoginNeeded,
    PhoneNotBound,
    WrongCode,
)
from server.accounts.models import Account
from server.certificates.errors import WrongPin
from server.certificates.unlock import PinLocked
from server.core.audit import AuditRow
from server.intents import service
from server.intents.actions import Action, IntentMethod, Subject
from server.intents.errors import (
    IntentExpired,
    IntentNeeded,
    IntentRefused,
    IntentSpent,
)
from server.intents.models import PROVE_WITHIN, USE_WITHIN, Intent
from tests.factories.intents import SEAL, Intents
from tests.factories.people import People
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


def test_old_proofs_are_forgotten(product: Product, mine: Intents, clock: FakeClock) -> None:
    mine.proved()
    clock.advance(days=29)
    kept = Intents.of(product).begin().intent.id
    clock.advance(days=1)
    with mine.db.begin() as uow:
        service.sweep(uow)
        assert uow.session.scalars(select(Intent.id)).all() == [kept]
