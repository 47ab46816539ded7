"""A code to a phone that was looked up: neither answer nor time tells whether there is one."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from time import monotonic

import pytest
from sqlalchemy import select

from server.accounts import names
from server.accounts.codes import CodeAsk, CodeDesk, Purpose, to_phone
from server.accounts.errors import CodeTooSoon
from server.accounts.models import SmsCode
from server.core.aside import in_a_thread
from server.enterprises import registration as companies
from server.providers.sms import Receipt, SmsUnavailable
from tests.factories.companies import SHIP, TEA, Office
from tests.factories.people import People
from tests.factories.product import WEI, Product
from tests.fakes.outside import SilentSms

UNKNOWN, ADDRESS = "450103199203151220", "203.0.113.7"


class SlowSms:
    """A gateway that takes a message and answers when it is let."""

    development_only = True

    def __init__(self, clock: object) -> None:
        self._clock = clock
        self.answers, self.taken = threading.Event(), threading.Semaphore(0)

    def send(self, phone: str, template: str, params: object) -> Receipt:
        self.taken.release()
        assert self.answers.wait(20)
        return Receipt("1", self._clock.now())  # type: ignore[attr-defined]


@pytest.fixture
def people(product: Product) -> People:
    return People(product)


@pytest.fixture
def slow(product: Product) -> Iterator[SlowSms]:
    sms = SlowSms(product.clock)
    yield sms
    sms.answers.set()


def asked(desk: CodeDesk, typed: str) -> CodeAsk:
    to = names.recipient(desk.db, desk.keys, names.read_login_name(desk.keys, typed))
    return CodeAsk(to, Purpose.RESET_PASSWORD, ADDRESS)


@pytest.mark.row("S-24", "S-23")
@pytest.mark.parametrize("typed", [WEI.phone, WEI.id_number])
def test_an_answer_does_not_wait_for_the_gateway_when_the_name_was_looked_up(
    people: People, slow: SlowSms, typed: str
) -> None:
    desk = replace(people.desk, sms=slow, aside=in_a_thread)
    begun = monotonic()
    known = desk.send(asked(desk, typed))
    unknown = desk.send(asked(desk, UNKNOWN))
    assert monotonic() - begun < 10
    assert known == unknown
    # It was sent all the same, and is still on its way.
    assert slow.taken.acquire(timeout=10)
    assert not slow.answers.is_set()


@pytest.mark.row("S-24", "R-09")
def test_a_gateway_that_is_down_does_not_tell_whose_name_is_known(
    people: People, caplog: pytest.LogCaptureFixture
) -> None:
    desk = replace(people.desk, sms=SilentSms())
    assert desk.send(asked(desk, WEI.id_number)) == desk.send(asked(desk, UNKNOWN))
    assert [one.message for one in caplog.records].count("code_not_sent") == 1
    # Nor does the pause until the next one tell, and the code that never left is worth nothing.
    for typed in (WEI.id_number, UNKNOWN):
        with pytest.raises(CodeTooSoon):
            desk.send(asked(desk, typed))
    with desk.db.read() as uow:
        rows = uow.session.scalars(select(SmsCode)).all()
        assert sorted(row.used_at is None for row in rows) == [False, True]
        assert [row.sent for row in rows if row.used_at is None] == [False]


@pytest.mark.row("R-09")
def test_whoever_typed_the_phone_itself_is_told_that_the_gateway_is_down(people: People) -> None:
    desk = replace(people.desk, sms=SilentSms())
    with pytest.raises(SmsUnavailable):
        desk.send(CodeAsk(to_phone(desk.keys, WEI.phone), Purpose.ENTER, ADDRESS))


@pytest.mark.row("S-24")
def test_the_phone_of_a_companys_login_is_looked_up_too(product: Product, people: People) -> None:
    Office(product).register()
    for code in (TEA.code, SHIP.code):
        to = companies.recipient(people.db, people.desk.keys, code)
        assert (to.is_found, to.phone is None) == (True, code != TEA.code)
