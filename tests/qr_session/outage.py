"""Two processes and their waiting pages on one Redis, which a test takes away for a while."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from time import monotonic

import pytest

from qr_session import Phone, Purpose, QrSessionService, State
from qr_session.bus import EVERYTHING
from qr_session.errors import StoreAway
from qr_session.redis_bus import RedisBus
from qr_session.redis_store import RedisStore
from tests.fakes.clock import FakeClock
from tests.qr_session.patience import within
from tests.qr_session.scene import BROWSER, MASTER_KEY

HELD = 50
CALL_SECONDS = 2.5
BACK_SECONDS = 3


@contextmanager
def process(url: str) -> Iterator[QrSessionService]:
    """What one process has: a store and a bus of its own."""
    clock = FakeClock()
    with (
        closing(RedisStore(url, clock=clock)) as store,
        closing(RedisBus(url, store_tells=True)) as bus,
    ):
        yield QrSessionService(
            store, bus, clock=clock, master_key=MASTER_KEY, base_url="https://seal.example"
        )


class Held:
    """The pages that a process holds: what each showed last. Nothing is read without news."""

    def __init__(self, service: QrSessionService, ids: list[str]) -> None:
        self.shown = dict.fromkeys(ids, State.PENDING)
        self._service = service
        service.bus.subscribe(self._on_news)

    def _on_news(self, session_id: str, _seq: int) -> None:
        for each in list(self.shown) if session_id == EVERYTHING else [session_id]:
            if each in self.shown:
                self.shown[each] = self._service.peek(each).state

    def all_show(self, state: State) -> bool:
        return set(self.shown.values()) == {state}


@dataclass(frozen=True)
class Pair:
    """One process holds the pages, the other one serves the phones; a ticket for each page."""

    web: QrSessionService
    other: QrSessionService
    tickets: dict[str, str]
    held: Held

    def every_call_fails_in_time(self) -> None:
        session_id, ticket = next(iter(self.tickets.items()))
        calls = [
            lambda: self.other.create(purpose=Purpose.SIGN, subject="8"),
            lambda: self.other.peek(session_id),
            lambda: scan(self.other, ticket),
        ]
        for call in calls:
            begun = monotonic()
            with pytest.raises(StoreAway):
                call()
            assert monotonic() - begun < CALL_SECONDS

    def scan_all(self) -> None:
        """Most of this is told while the web process still waits for its next try."""
        for ticket in self.tickets.values():
            scan(self.other, ticket)

    def all_scanned(self, seconds: float) -> bool:
        """Whether every page comes to show it within some seconds."""
        return within(seconds, lambda: self.held.all_show(State.SCANNED)) and self.web.bus.is_alive


@contextmanager
def pair(url: str) -> Iterator[Pair]:
    """Two processes that hear each other, and fifty waiting pages."""
    with process(url) as web, process(url) as other:
        tickets = tickets_of_new_sessions(other)
        held = Held(web, list(tickets))
        assert within(5, lambda: web.bus.is_alive)
        yield Pair(web, other, tickets, held)


def tickets_of_new_sessions(service: QrSessionService) -> dict[str, str]:
    """New sessions, each with the ticket of a phone that is about to scan it."""
    tickets = {}
    for number in range(HELD):
        created = service.create(purpose=Purpose.SIGN, subject=str(number))
        page = service.open_page(created.id, created.open_token or "")
        text = service.frames(created.id, page)[0].text
        tickets[created.id] = service.resolve(text, holder=BROWSER).ticket
    return tickets


def scan(service: QrSessionService, ticket: str) -> None:
    service.scan(ticket, holder=BROWSER, phone=Phone(account="acc-1", name="张*"))
