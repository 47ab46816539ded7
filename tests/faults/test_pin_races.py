"""PINs at once, over HTTP and over restarts: never a sixth is looked at, on either database."""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from server.certificates.unlock import PIN_POLICY, attempts_key
from server.core.db import Database
from server.core.limits import AttemptCounter
from tests.factories.devices import PhoneInHand
from tests.factories.domain import account_of
from tests.factories.product import WEI, Product, Signing
from tests.factories.truth import truth_of
from tests.fakes.threads import together

WRONG = "000000"
RACERS = 10


def racers(signing: Signing, pin: str) -> list[Callable[[], TestResponse]]:
    """The person's phone in so many windows: each has the cookies, each sends the PIN."""
    asked, phone = signing.scan(), signing.phone
    shown = signing.page.read()["qr"]["reference_code"]

    def window() -> Callable[[], TestResponse]:
        other = PhoneInHand(signing.product.app.test_client(), phone.person, phone.sms)
        other.client._cookies.update(phone.client._cookies)
        return lambda: other.confirm(asked, signing.page, pin=pin, reference_code=shown)

    return [window() for _ in range(RACERS)]


def counted(product: Product) -> tuple[int, int]:
    """The tries that are written down for the signer's PIN, and the locks."""
    with product.parts.db.read() as uow:
        row = uow.session.get_one(AttemptCounter, attempts_key(account_of(uow, WEI).id))
        return row.tries, row.locks


def codes(answers: list[TestResponse]) -> list[str]:
    return [answer.get_json()["code"] for answer in answers]


def again(product: Product) -> TestResponse:
    """The right PIN, in a new signing."""
    signing = product.signing()
    return signing.phone.confirm(signing.scan(), signing.page)


@pytest.mark.row("S-21")
def test_of_ten_wrong_pins_at_once_five_are_looked_at(product: Product) -> None:
    signing = product.signing()

    answers = together(racers(signing, WRONG))

    wrong = [one.get_json()["tries_left"] for one in answers if one.status_code == 422]
    assert sorted(wrong) == [1, 2, 3, 4]
    # The fifth is told of its lock; who comes when the session has ended of that learns so.
    assert set(codes(answers)) <= {"wrong_pin", "pin_locked", "access_denied"}
    assert "pin_locked" in codes(answers)
    assert counted(product) == (PIN_POLICY.tries, 1)
    assert truth_of(product, signing.id).page_grants == 0


@pytest.mark.row("S-21")
def test_of_ten_wrong_pins_at_once_after_four_none_is_told_of_a_try_left(product: Product) -> None:
    signing = product.signing()
    windows = racers(signing, WRONG)
    for window in windows[:4]:
        assert window().status_code == 422

    answers = together(windows)

    assert set(codes(answers)) <= {"pin_locked", "access_denied"}
    assert counted(product) == (PIN_POLICY.tries, 1)
    refused = again(product)
    assert (refused.status_code, refused.get_json()["code"]) == (429, "pin_locked")


@pytest.mark.row("S-21", "S-50")
def test_wrong_pins_are_remembered_over_a_restart_and_so_is_the_lock(product: Product) -> None:
    windows = racers(product.signing(), WRONG)
    for window in windows[:4]:
        window()

    with restarted(product) as second:
        fifth = racers(second.signing(), WRONG)[0]()
    with restarted(product) as third:
        refused = again(third)

    assert (fifth.status_code, fifth.get_json()["code"]) == (429, "pin_locked")
    assert (refused.status_code, refused.get_json()["code"]) == (429, "pin_locked")
    product.clock.advance(minutes=15)
    assert again(product).status_code == 200
    with product.parts.db.read() as uow:
        assert uow.session.scalars(select(AttemptCounter.key)).all() == []


@contextmanager
def restarted(product: Product) -> Iterator[Product]:
    """The process is gone and another one has begun, on the same stores."""
    product.parts.db.close()
    with closing(Database(product.parts.settings.database, product.clock)) as fresh:
        yield Product.begun(replace(product.parts, db=fresh), product.clock)
