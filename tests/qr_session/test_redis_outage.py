"""Redis is killed for three seconds, or slow to come back: nobody hangs, nobody is left behind.

Thirty seconds of it stand in `tests/cluster/test_redis_away.py`, where one wait serves all.
"""

from threading import Event
from time import monotonic

import pytest
from redis import Redis

from qr_session import State
from qr_session.errors import StoreAway
from qr_session.redis_store import RedisStore
from tests.qr_session.outage import (
    BACK_SECONDS,
    Held,
    pair,
    process,
    scan,
    tickets_of_new_sessions,
)
from tests.qr_session.patience import within
from tests.services import Server

OUTAGE_SECONDS = 3


@pytest.mark.row("R-03", "R-04")
def test_after_three_seconds_without_redis_every_page_has_the_right_state(own_redis: Server):
    with pair(own_redis.url) as both:
        own_redis.stop()
        until = monotonic() + OUTAGE_SECONDS
        while monotonic() < until:
            both.every_call_fails_in_time()
            Event().wait(0.1)
        assert not both.web.bus.is_alive
        own_redis.start()
        returned = monotonic()
        both.scan_all()
        assert both.all_scanned(BACK_SECONDS - (monotonic() - returned))


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
