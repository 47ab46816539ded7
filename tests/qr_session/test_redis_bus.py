"""News by Redis: it arrives, it never breaks a move, and after any gap everything is re-read."""

from contextlib import closing
from itertools import islice
from queue import Empty, Queue
from time import monotonic

import pytest
from redis import Redis

from qr_session.bus import EVERYTHING
from qr_session.redis_bus import RedisBus, pauses
from qr_session.redis_link import CHANNEL
from qr_session.redis_store import RedisStore
from tests.fakes.clock import FakeClock
from tests.qr_session.patience import within
from tests.qr_session.scene import make_session

SECONDS = 5
ALL = (EVERYTHING, 0)


@pytest.fixture
def make_bus():
    made = []

    def make(url: str, **options) -> RedisBus:
        made.append(RedisBus(url, **options))
        return made[-1]

    yield make
    for bus in made:
        bus.close()


def listening(bus: RedisBus) -> Queue:
    """A subscriber of a bus that hears; the first re-reading is behind it."""
    assert within(SECONDS, lambda: bus.is_alive)
    news: Queue = Queue()
    bus.subscribe(lambda *told: news.put(told))
    return news


def next_but_all(news: Queue) -> tuple[str, int]:
    """The next news of one session: `listening` may have come in just before the re-reading."""
    while (told := news.get(timeout=SECONDS)) == ALL:
        pass
    return told


def test_news_of_one_process_reaches_all_and_itself(redis_url, make_bus):
    buses = [make_bus(redis_url) for _ in range(3)]
    queues = [listening(bus) for bus in buses]
    buses[0].publish("A" * 16, 7)
    assert [next_but_all(queue) for queue in queues] == [("A" * 16, 7)] * 3


def test_what_is_no_news_is_ignored(redis_url, make_bus):
    news = listening(make_bus(redis_url))
    with Redis.from_url(redis_url) as stranger:
        for noise in (b"", b"\xff\xfe", b"a b c", b"x" * 100_000, b"a -1", b"a"):
            stranger.publish(CHANNEL, noise)
        stranger.publish(CHANNEL, b"a 1")
    assert next_but_all(news) == ("a", 1)
    with pytest.raises(Empty):
        news.get_nowait()


def test_a_change_in_the_store_is_told_once(redis_url, make_bus):
    bus = make_bus(redis_url, store_tells=True)
    news = listening(bus)
    old = make_session()
    with closing(RedisStore(redis_url, clock=FakeClock())) as store:
        store.add(old)
        assert store.swap(old, old.changed())
        bus.publish(old.id, 2)
        assert store.swap(old.changed(), old.changed().changed())
    assert [next_but_all(news), next_but_all(news)] == [(old.id, 2), (old.id, 3)]


def test_a_subscriber_that_fails_does_not_end_the_listening(redis_url, make_bus, caplog):
    bus = make_bus(redis_url)
    bus.subscribe(lambda *_: 1 / 0)
    news = listening(bus)
    bus.publish("a", 1)
    bus.publish("a", 2)
    assert [next_but_all(news), next_but_all(news)] == [("a", 1), ("a", 2)]
    assert "subscriber" in caplog.text


def test_whoever_subscribes_is_told_to_read_everything(own_redis, make_bus):
    own_redis.stop()
    bus = make_bus(own_redis.url)
    news: Queue = Queue()
    bus.subscribe(lambda *told: news.put(told))
    assert not bus.is_alive
    own_redis.start()
    assert news.get(timeout=SECONDS) == ALL
    assert bus.is_alive


@pytest.mark.row("R-03")
def test_a_listener_that_was_cut_off_has_all_re_read_and_hears_again(redis_url, make_bus):
    bus = make_bus(redis_url)
    news = listening(bus)
    bus.publish("a", 1)
    assert next_but_all(news) == ("a", 1)
    with Redis.from_url(redis_url) as server:
        assert server.client_kill_filter(_type="pubsub") == 1
    assert news.get(timeout=SECONDS) == ALL
    bus.publish("a", 2)
    assert news.get(timeout=SECONDS) == ("a", 2)


@pytest.mark.row("R-04")
def test_a_server_that_stands_still_is_noticed_and_everything_re_read(own_redis, make_bus):
    bus = make_bus(own_redis.url)
    listening(bus)
    own_redis.pause()
    # No connection was closed: only the missing answer to a PING tells.
    assert within(SECONDS, lambda: not bus.is_alive)
    news: Queue = Queue()
    bus.subscribe(lambda *told: news.put(told))
    own_redis.resume()
    assert news.get(timeout=SECONDS) == ALL
    assert bus.is_alive


def test_a_quiet_bus_stays_subscribed(redis_url, make_bus):
    bus = make_bus(redis_url)
    news = listening(bus)
    bus.publish("a", 1)
    assert next_but_all(news) == ("a", 1)
    with pytest.raises(Empty):
        news.get(timeout=3.5)
    assert bus.is_alive


def test_publishing_never_raises_when_redis_is_gone(own_redis, make_bus, caplog):
    bus = make_bus(own_redis.url)
    own_redis.stop()
    begun = monotonic()
    bus.publish("a", 1)
    assert monotonic() - begun < 1
    assert "not published" in caplog.text


def test_closing_ends_the_listener_at_once_and_publishing_stays_harmless(redis_url):
    bus = RedisBus(redis_url)
    listening(bus)
    begun = monotonic()
    bus.close()
    bus.close()
    assert monotonic() - begun < 0.5
    assert not bus.is_alive
    bus.publish("a", 1)


def test_closing_ends_a_listener_that_waits_for_redis(own_redis):
    own_redis.stop()
    bus = RedisBus(own_redis.url)
    begun = monotonic()
    bus.close()
    assert monotonic() - begun < 1


def test_the_next_try_comes_soon_at_first_and_never_later_than_two_seconds():
    tries = [list(islice(pauses(), 2_000)) for _ in range(20)]
    assert all(0.1 <= waits[0] <= 0.2 for waits in tries)
    assert all(0.1 <= pause <= 2 for waits in tries for pause in waits)
    assert max(waits[10] for waits in tries) > 1
    assert len({waits[10] for waits in tries}) > 1
