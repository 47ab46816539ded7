"""The signing PIN: counted before it is looked at, locked after five, useless without our key."""

from dataclasses import dataclass, field

import pytest
from sqlalchemy import delete

from server.accounts import notices
from server.accounts.news import News
from server.certificates.errors import BadPin, NoCertificate, WrongPin
from server.certificates.models import PersonalKey
from server.certificates.unlock import OpenedPerson, PinLocked, locked_seconds, open_person
from server.core.db import Database
from server.providers.keys import Keys, KeysUnavailable
from tests.factories.domain import account_of
from tests.factories.product import WEI, Product
from tests.fakes.clock import FakeClock
from tests.fakes.threads import together
from tests.fakes.trouble import Broken, abandon

WRONG = "000000"


@dataclass
class Person:
    """Somebody who types PINs."""

    db: Database
    keys: Keys
    account_id: str
    pin: str = field(repr=False)

    def heard(self) -> list[str]:
        with self.db.read() as uow:
            return [one.news for one in notices.told(uow, self.account_id).items]

    def types(self, pin: str) -> OpenedPerson:
        return open_person(self.db, self.keys, self.account_id, pin)

    def types_wrong(self) -> int:
        with pytest.raises(WrongPin) as refusal:
            self.types(WRONG)
        left: int = refusal.value.details["tries_left"]
        return left

    def is_locked_for(self) -> int:
        with self.db.read() as uow:
            return locked_seconds(uow, self.account_id)


@pytest.fixture
def wei(product: Product) -> Person:
    with product.parts.db.read() as uow:
        account_id = account_of(uow, WEI).id
    return Person(product.parts.db, product.parts.providers.keys, account_id, WEI.pin)


@pytest.mark.row("S-21")
def test_five_wrong_pins_lock_and_the_right_one_is_refused_for_15_minutes(
    wei: Person, clock: FakeClock
) -> None:
    assert [wei.types_wrong() for _ in range(4)] == [4, 3, 2, 1]
    with pytest.raises(PinLocked) as fifth:
        wei.types(WRONG)
    assert fifth.value.details == {"retry_after": 900}

    clock.advance(minutes=14, seconds=59)
    with pytest.raises(PinLocked) as right_one:
        wei.types(wei.pin)
    assert right_one.value.details == {"retry_after": 1}

    clock.advance(seconds=1)
    assert wei.types(wei.pin).account_id == wei.account_id
    assert wei.types_wrong() == 4


@pytest.mark.row("P-36", "S-21")
def test_the_owner_hears_of_the_lock_once_and_of_no_single_wrong_pin(wei: Person) -> None:
    assert [wei.types_wrong() for _ in range(4)] == [4, 3, 2, 1]
    assert wei.heard() == []
    for _ in range(3):
        with pytest.raises(PinLocked):
            wei.types(WRONG)
    assert wei.heard() == [News.PIN_LOCKED]


@pytest.mark.row("S-21")
def test_the_fifth_try_may_still_be_the_right_one(wei: Person) -> None:
    for _ in range(4):
        wei.types_wrong()
    wei.types(wei.pin)
    assert wei.is_locked_for() == 0


@pytest.mark.row("S-21")
@pytest.mark.parametrize(
    "typed", ["", "12345", "1234567890123", "12345a", " 135790", "١٢٣٤٥٦", "１３５７９０", "-13579"]
)
def test_what_is_no_pin_is_refused_and_not_counted(typed: str, wei: Person) -> None:
    with pytest.raises(BadPin):
        wei.types(typed)
    assert wei.types_wrong() == 4


@pytest.mark.row("S-21")
def test_of_ten_wrong_pins_at_once_five_are_looked_at(wei: Person) -> None:
    outcomes = together([lambda: wei.types(WRONG)] * 10)
    wrong = [one.details["tries_left"] for one in outcomes if isinstance(one, WrongPin)]
    locked = [one for one in outcomes if isinstance(one, PinLocked)]
    # The fifth is looked at as well, and is told of the lock that it closed.
    assert (sorted(wrong), len(locked)) == ([1, 2, 3, 4], 6)
    with pytest.raises(PinLocked):
        wei.types(wei.pin)


@pytest.mark.row("S-21")
def test_a_try_is_counted_although_its_caller_fails_afterwards(wei: Person) -> None:
    with pytest.raises(WrongPin):
        wei.types(WRONG)
    with pytest.raises(Broken):
        abandon(wei.db, lambda _uow: None)
    assert wei.types_wrong() == 3


@pytest.mark.row("S-21", "S-44")
def test_no_refusal_tells_the_pin(wei: Person) -> None:
    with pytest.raises(WrongPin) as refusal:
        wei.types("864209")
    assert "864209" not in f"{refusal.value} {refusal.value!r} {refusal.value.details}"


def test_an_opened_person_does_not_show_his_key(wei: Person) -> None:
    assert "wrapping_key" not in repr(wei.types(wei.pin))


def test_without_a_certificate_no_pin_is_counted(wei: Person) -> None:
    with wei.db.begin() as uow:
        uow.session.execute(delete(PersonalKey).where(PersonalKey.account_id == wei.account_id))
    with pytest.raises(NoCertificate):
        wei.types(wei.pin)
    assert wei.is_locked_for() == 0


class AbsentKeys:
    """A key service that does not answer."""

    development_only = True

    def hmac(self, purpose: str, subject: str, data: bytes = b"") -> bytes:
        raise KeysUnavailable

    wrap = unwrap = hmac


@pytest.mark.row("S-51")
def test_a_key_service_that_is_away_costs_no_try(wei: Person) -> None:
    present, wei.keys = wei.keys, AbsentKeys()
    for _ in range(6):
        with pytest.raises(KeysUnavailable):
            wei.types(wei.pin)
    wei.keys = present
    assert wei.types_wrong() == 4
