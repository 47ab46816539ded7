"""Proofs of intent where transactions really run at once: one spends, one proves, one row stays."""

from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as StillWaits

import pytest
from sqlalchemy import func, select

from server.certificates.models import OwnerKind
from server.core.audit import AuditRow
from server.intents import methods, service
from server.intents.actions import Action, IntentMethod, Subject
from server.intents.errors import IntentSpent
from server.intents.methods import MethodChoice
from server.intents.models import Intent, OwnerMethod, VerificationMethod
from tests.factories.intents import SEAL, Intents
from tests.factories.product import Product
from tests.fakes.threads import together

RACERS = 16
WAIT_SECONDS = 0.3


@pytest.fixture
def mine(product: Product) -> Intents:
    return Intents.of(product)


def events(mine: Intents, intent_id: str) -> list[str]:
    with mine.db.read() as uow:
        wanted = select(AuditRow.event).where(AuditRow.subject == intent_id)
        return list(uow.session.scalars(wanted.order_by(AuditRow.seq)))


@pytest.mark.row("R-12", "R-13")
def test_of_sixteen_at_once_one_spends_a_proof(mine: Intents) -> None:
    intent_id = mine.proved()

    outcomes = together([lambda: mine.spend(intent_id)] * RACERS)

    assert sum(isinstance(one, Intent) for one in outcomes) == 1
    assert sum(isinstance(one, IntentSpent) for one in outcomes) == RACERS - 1
    assert events(mine, intent_id) == ["intent.proved", "intent.used"]


@pytest.mark.row("R-13")
def test_who_comes_while_a_proof_is_being_spent_waits_and_is_refused(mine: Intents) -> None:
    intent_id, subject = mine.proved(), Subject(Action.SUSPEND_SEAL, SEAL)
    with ThreadPoolExecutor(1) as thread:
        with mine.db.begin() as uow:
            service.spend(uow, intent_id=intent_id, session=mine.session, subject=subject)
            second = thread.submit(mine.spend, intent_id)
            with pytest.raises(StillWaits):
                second.result(WAIT_SECONDS)
        assert isinstance(second.exception(10), IntentSpent)


@pytest.mark.row("R-12")
def test_a_code_that_is_typed_four_times_at_once_proves_once(mine: Intents) -> None:
    intent_id = mine.begin(IntentMethod.SMS).intent.id
    code = mine.code()

    outcomes = together([lambda: mine.desk.prove_sms(mine.session, intent_id, code)] * 4)

    assert outcomes == [None] * 4
    assert events(mine, intent_id) == ["intent.proved"]


@pytest.mark.row("F-23")
def test_a_method_that_is_chosen_eight_times_at_once_is_one_row(mine: Intents) -> None:
    owner = (OwnerKind.ACCOUNT, mine.session.account_id)

    def choose(method: VerificationMethod) -> None:
        with mine.db.begin() as uow:
            methods.set_method(uow, *owner, MethodChoice(method))

    assert (
        together([lambda one=one: choose(one) for one in [*VerificationMethod] * 2]) == [None] * 8
    )
    with mine.db.read() as uow:
        assert uow.session.scalar(select(func.count()).select_from(OwnerMethod)) == 1
