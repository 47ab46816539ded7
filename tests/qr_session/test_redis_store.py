"""What only the store in Redis has to show: lives of keys, lost answers, a server in trouble."""

from contextlib import closing
from dataclasses import replace
from time import monotonic
from urllib.parse import urlsplit

import pytest
from redis import Redis

from qr_session.errors import StoreAway, Unavailable
from qr_session.redis_link import CHANNEL
from qr_session.redis_store import RedisStore
from tests.fakes.clock import FakeClock
from tests.qr_session.lossy import LossyWay
from tests.qr_session.scene import make_session
from tests.services import free_port

PATIENCE = 2.5
KEY = "qr:session:" + "A" * 16


@pytest.fixture
def store(redis_url):
    with closing(RedisStore(redis_url, clock=FakeClock())) as opened:
        yield opened


@pytest.fixture
def redis(redis_url):
    """The server as it is, past the store."""
    with Redis.from_url(redis_url, decode_responses=True) as client:
        yield client


def every_call(store):
    session = make_session()
    return [
        lambda: store.add(session),
        lambda: store.get(session.id),
        lambda: store.by_user_code("d" * 22),
        lambda: store.swap(session, session.changed()),
    ]


def test_a_key_lives_until_its_session_may_be_forgotten(store, redis):
    session = make_session()
    store.add(session)
    whole = (session.forget_at - FakeClock().now()).total_seconds() * 1000
    assert whole - 1_000 < redis.pttl(KEY) <= whole + 1
    ended = session.changed(forget_at=session.deadline)
    assert store.swap(session, ended)
    rest = (session.deadline - FakeClock().now()).total_seconds() * 1000
    assert rest - 1_000 < redis.pttl(KEY) <= rest + 1


@pytest.mark.row("P-25")
def test_a_typed_code_lives_no_longer_than_its_session_may_be_open(store, redis):
    session = make_session(user_codes=("d" * 22, "e" * 22))
    store.add(session)
    whole = (session.ends_at - FakeClock().now()).total_seconds() * 1000
    for code in session.user_codes:
        assert whole - 1_000 < redis.pttl(f"qr:user-code:{code}") <= whole + 1


def test_a_key_of_another_type_is_no_session_and_stays(store, redis):
    redis.rpush(KEY, "not ours")
    session = make_session()
    assert store.get(session.id) is None
    assert not store.swap(session, session.changed())
    assert redis.lrange(KEY, 0, -1) == ["not ours"]


def test_a_swap_tells_the_bus_and_a_lost_race_tells_nothing(store, redis):
    session = make_session()
    store.add(session)
    with redis.pubsub(ignore_subscribe_messages=True) as heard:
        heard.subscribe(CHANNEL)
        heard.get_message(timeout=5)
        assert store.swap(session, session.changed())
        assert not store.swap(session, session.changed())
        redis.publish(CHANNEL, "the end")
        messages = [heard.get_message(timeout=5) for _ in range(2)]
    assert [each["data"] for each in messages] == [f"{session.id} 2", "the end"]


def test_a_record_holds_no_other_words_than_the_session(store, redis):
    store.add(make_session())
    state, seq, stamp, record = redis.get(KEY).split(" ", 3)
    assert (state, seq, len(stamp)) == ("pending", "1", 12)
    assert record.startswith("{")


@pytest.mark.row("S-05", "R-13")
def test_a_swap_whose_answer_is_lost_is_known_as_its_own(redis_url, store):
    address = urlsplit(redis_url)
    with closing(LossyWay(address.port)) as way:
        shaky_url = redis_url.replace(f":{address.port}", f":{way.port}")
        with closing(RedisStore(shaky_url, clock=FakeClock())) as shaky:
            old = make_session()
            store.add(old)
            shaky.swap(replace(old, seq=99), old)  # The script is loaded from here on.
            way.lose_next(b"EVALSHA")
            new = old.changed(progress="mine")
            assert shaky.swap(old, new)
            assert way.lost == 1
            assert store.get(old.id) == new
            assert not store.swap(old, new)


def test_a_server_that_has_forgotten_the_script_is_told_again(store, redis):
    old = make_session()
    store.add(old)
    redis.script_flush()
    assert store.swap(old, old.changed())


@pytest.mark.row("R-04")
def test_when_nobody_listens_every_call_says_so_at_once():
    url = f"redis://:a-secret-word@127.0.0.1:{free_port()}/0"
    with closing(RedisStore(url)) as store:
        for call in every_call(store):
            begun = monotonic()
            with pytest.raises(StoreAway) as away:
                call()
            assert monotonic() - begun < 1
            assert isinstance(away.value, Unavailable)
            assert "secret" not in f"{away.value!r} {away.value} {away.value.__cause__}"


@pytest.mark.row("R-04")
def test_a_server_that_stands_still_is_waited_for_a_second_and_no_answer_is_mixed_up(own_redis):
    sessions = [make_session(f"{number:016}") for number in range(3)]
    with closing(RedisStore(own_redis.url, clock=FakeClock())) as store:
        for session in sessions:
            store.add(session)
        own_redis.pause()
        for call in every_call(store):
            begun = monotonic()
            with pytest.raises(StoreAway):
                call()
            assert 0.5 < monotonic() - begun < PATIENCE
        own_redis.resume()
        for session in sessions:
            assert store.get(session.id) == session


def test_a_wrong_password_is_trouble_of_the_store_and_is_not_told(redis_url, caplog):
    wrong = redis_url.replace(urlsplit(redis_url).password, "another-secret")
    with closing(RedisStore(wrong)) as store, pytest.raises(StoreAway):
        store.get("A" * 16)
    assert "Authentication" in caplog.text
    assert "another-secret" not in caplog.text


def test_a_server_that_was_started_anew_needs_no_second_call(own_redis):
    session = make_session()
    with closing(RedisStore(own_redis.url, clock=FakeClock())) as store:
        store.add(session)
        own_redis.stop()
        own_redis.start()
        # The pooled connection is dead by now: the one retry is for this.
        assert store.get(session.id) == session
