"""Redis is killed for three seconds, or slow to come back: nobody hangs, nobody is left behind."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from threading import Event
from time import monotonic

import pytest
from redis import Redis

from qr_session import Phone, Purpose, QrSessionService, State
from qr_session.bus import EVERYTHING
from qr_session.errors import StoreAway
from qr_session.redis_bus import RedisBus
from qr_session.redis_store import RedisStore
from tests.fakes.clock import FakeClock
from tests.qr_session.patience import within
from tests.qr_session.scene import BROWSER, MASTER_KEY
from tests.services import Server

HELD = 50
OUTAGE_SECONDS = 3
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
            self.shown[each] = self._service.peek(each).state

    def all_show(self, state: State) -> bool:
        return set(self.shown.values()) == {state}


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


def every_call_fails_in_time(service: QrSessionService, session_id: str, ticket: str) -> None:
    calls = [
        lambda: service.create(purpose=Purpose.SIGN, subject="8"),
        lambda: service.peek(session_id),
        lambda: scan(service, ticket),
    ]
    for call in calls:
        begun = monotonic()
        with pytest.raises(StoreAway):
            call()
        assert monotonic() - begun < CALL_SECONDS


@pytest.mark.row("R-03", "R-04")
def test_after_three_seconds_without_redis_every_page_has_the_right_state(own_redis: Server):
    with process(own_redis.url) as web, process(own_redis.url) as other:
        tickets = tickets_of_new_sessions(other)
        held = Held(web, list(tickets))
        assert within(5, lambda: web.bus.is_alive)
        own_redis.stop()
        until = monotonic() + OUTAGE_SECONDS
        while monotonic() < until:
            every_call_fails_in_time(other, *next(iter(tickets.items())))
            Event().wait(0.1)
        assert not web.bus.is_alive
        own_redis.start()
        returned = monotonic()
        for ticket in tickets.values():
            # Most of this is told while the web process still waits for its next try.
            scan(other, ticket)
        assert within(BACK_SECONDS - (monotonic() - returned), lambda: held.all_show(State.SCANNED))
        assert web.bus.is_alive


@pytest.mark.row("R-03")
def test_pages_are_told_of_what_changed_before_the_kill_but_was_never_heard(own_redis: Server):
    with process(own_redis.url) as other:
        tickets = tickets_of_new_sessions(other)
        for ticket in tickets.values():
            scan(other, ticket)
    own_redis.stop()
    with process(own_redis.url) as web:
        held = Held(web, list(tickets))
        own_redis.start()
        assert within(BACK_SECONDS, lambda: held.all_show(State.SCANNED))


def load_slowly(server: Server) -> None:
    """Start the server again so that reading its file takes about two seconds."""
    with Redis.from_url(server.url) as client, client.pipeline(transaction=False) as pipe:
        for number in range(20_000):
            pipe.set(f"other:{number}", number)
        pipe.execute()
    server.stop()
    server.command += ["--key-load-delay", "50"]
    # `start` shall not wait until it has read everything.
    server.answers = lambda: True
    server.start()


def is_away(store: RedisStore) -> bool:
    try:
        store.get("A" * 16)
    except StoreAway:
        return True
    return False


def test_a_server_that_still_reads_its_file_is_away_and_pages_are_re_read_when_it_has(
    own_redis: Server,
):
    with process(own_redis.url) as service:
        assert within(5, lambda: service.bus.is_alive)
        answers: list[bool] = []
        service.bus.subscribe(lambda *_: answers.append(not is_away(service.store)))
        load_slowly(own_redis)
        assert within(5, lambda: is_away(service.store))
        # It takes subscribers by now, yet could not answer them.
        assert within(15, lambda: bool(answers))
        assert all(answers)
