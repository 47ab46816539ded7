"""What several requests do at once with one identity: one row, one holder, one count."""

import threading
import time
from collections.abc import Callable
from typing import Any

from server.accounts import identities, subscriptions
from server.accounts.errors import AnotherIdentityBound, IdentityTaken
from server.accounts.identities import Assertion
from server.accounts.models import IdentityKind
from server.accounts.subscriptions import Source
from server.core.db import UnitOfWork
from tests.factories.people import NEW_PHONE, OTHER_PHONE, People
from tests.fakes.threads import together

FIRST = Assertion(IdentityKind.WECHAT, "wx-one", "openid-1", "union-1")
SECOND = Assertion(IdentityKind.WECHAT, "wx-one", "openid-2", "union-2")
HELD_SECONDS = 0.2
Act = Callable[[UnitOfWork], Any]


def keep(people: People, said: Assertion) -> str:
    sealed = identities.prepare(people.desk.keys, said)
    with people.db.begin() as uow:
        return identities.keep(uow, sealed).id


def overlapping(people: People, first: Act, second: Act) -> list[Any]:
    """What each brought, or its error; the second begins before the first has committed."""
    done = threading.Event()

    def hold() -> Any:
        with people.db.begin() as uow:
            found = first(uow)
            done.set()
            time.sleep(HELD_SECONDS)
            return found

    def follow() -> Any:
        done.wait(10)
        with people.db.begin() as uow:
            return second(uow)

    return together([hold, follow])


def test_an_identity_seen_by_two_at_once_is_one_row(people: People) -> None:
    # The key holder is asked before, so that both come to the table.
    one, other = (identities.prepare(people.desk.keys, FIRST) for _ in range(2))
    kept = overlapping(
        people,
        lambda uow: identities.keep(uow, one).id,
        lambda uow: identities.keep(uow, other).id,
    )
    assert kept == [one.id, one.id]


def test_an_identity_that_two_bind_at_once_is_one_persons(people: People) -> None:
    mine, other = people.register(NEW_PHONE), people.register(OTHER_PHONE)
    kept = keep(people, FIRST)
    bound, refused = overlapping(
        people,
        lambda uow: identities.bind(uow, kept, mine).account_id,
        lambda uow: identities.bind(uow, kept, other).account_id,
    )
    assert bound == mine
    assert isinstance(refused, IdentityTaken)


def test_an_account_takes_one_of_two_identities_that_come_at_once(people: People) -> None:
    mine = people.register()
    kept = [keep(people, one) for one in (FIRST, SECOND)]
    bound, refused = overlapping(
        people,
        lambda uow: identities.bind(uow, kept[0], mine).account_id,
        lambda uow: identities.bind(uow, kept[1], mine).account_id,
    )
    assert bound == mine
    assert isinstance(refused, AnotherIdentityBound)


def test_the_phone_and_the_push_at_once_are_one_consent_and_one_message(people: People) -> None:
    mine = keep(people, FIRST)

    def accept(source: Source) -> Act:
        return lambda uow: subscriptions.accept(uow, mine, "sealed", source, uow.now)

    overlapping(people, accept(Source.PHONE), accept(Source.PUSH))

    def use(uow: UnitOfWork) -> bool:
        return subscriptions.use(uow, mine, "sealed")

    assert overlapping(people, use, use) == [True, False]
