"""People's accounts where two transactions really run at once: one waits, and sees the other."""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as StillWaits
from typing import Any

import pytest

from server.accounts import phone_change, registration
from server.accounts.codes import CodeDesk
from server.accounts.errors import TooManyCodes
from server.accounts.fresh_proofs import CHANGE_PHONE
from server.accounts.models import Account, Level
from server.core.ids import fingerprint
from tests.factories.people import (
    BROWSER,
    NEW_PHONE,
    NUMBER,
    OTHER_NUMBER,
    OTHER_PHONE,
    People,
    claim,
)
from tests.factories.product import Product

WAIT_SECONDS = 0.3


@pytest.fixture
def people(product: Product) -> People:
    return People(product)


@pytest.fixture
def thread() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(1) as pool:
        yield pool


def waits(asked: "Future[Any]") -> bool:
    try:
        asked.result(WAIT_SECONDS)
    except StillWaits:
        return True
    return False


@pytest.mark.row("P-37")
def test_a_claim_that_crosses_a_proof_changes_nothing(people: People) -> None:
    account_id = people.register(NEW_PHONE, claim())
    other = registration.close_document(
        people.desk.keys, account_id, claim(OTHER_NUMBER, name="另一人")
    )
    with people.db.begin() as late:
        before = late.session.get_one(Account, account_id)
        with people.db.begin() as uow:
            account = uow.session.get_one(Account, account_id)
            registration.prove(uow, account, people.name(NUMBER).index)
        registration.declare(late, before, other)

    account = people.account(account_id)
    assert (account.level, account.name) == (Level.PROVEN, "覃小红")


@pytest.mark.row("S-23")
@pytest.mark.parametrize("limit", ["address_an_hour", "sent_a_day"])
def test_codes_to_different_phones_are_counted_together(
    people: People, thread: ThreadPoolExecutor, limit: str
) -> None:
    desk: CodeDesk = people.limited(**{limit: 1})
    ask = people.ask(NEW_PHONE)
    with people.db.begin() as uow:
        desk._issue(uow, desk._proof(ask, "000000"), fingerprint(f"{ask.address} of codes"))
        uow.session.flush()
        second = thread.submit(desk.send, people.ask(OTHER_PHONE))
        assert waits(second)

    with pytest.raises(TooManyCodes):
        second.result()


@pytest.mark.row("P-38")
def test_a_phone_that_two_take_at_once_is_taken_by_one(
    people: People, thread: ThreadPoolExecutor
) -> None:
    session = people.log_in(people.register(NEW_PHONE))
    proofs = (
        people.proof(phone_change.ask_new(people.desk, session, OTHER_PHONE, "203.0.113.7")),
        people.own_proof(session, CHANGE_PHONE),
    )
    new = phone_change.prepare(people.desk.keys, session.account_id, OTHER_PHONE)
    to_enter = people.proof(people.ask(OTHER_PHONE))
    registering = registration.prepare(people.desk.keys, OTHER_PHONE)

    def register() -> str:
        with people.db.begin() as uow:
            account, _ = registration.register(
                uow, registering, to_enter, agreed=True, device=BROWSER
            )
            return account.id

    with people.db.begin() as uow:
        phone_change.change(uow, session, new, *proofs)
        uow.session.flush()
        second = thread.submit(register)
        assert waits(second)

    assert second.result() == session.account_id
