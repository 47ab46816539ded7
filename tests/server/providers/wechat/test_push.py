"""Pushes from WeChat: proved, opened, taken once; whatever else comes is refused."""

import json
from dataclasses import replace
from typing import Any

import pytest
from redis import Redis

from server.providers.wechat.push import (
    LARGEST,
    PushEvent,
    PushKeys,
    PushReader,
    PushRefused,
    PushTooLarge,
    PushUnreadable,
)
from server.providers.wechat.seen import LocalSeen, RedisSeen, Seen
from standins.wechat import pushing
from standins.wechat.clock import Clock
from standins.wechat.world import App, World
from tests.factories.wechat import APPID, PUSH
from tests.fakes.clock import FakeClock

OPEN = replace(PUSH, aes_key="")
EVENT = {
    "ToUserName": "gh_1",
    "FromUserName": "o9AgO5Kd5ggOC",
    "CreateTime": 1795161600,
    "MsgType": "event",
    "Event": "subscribe_msg_popup_event",
    "List": [{"TemplateId": "t1", "SubscribeStatusString": "accept"}],
}


def request(clock: FakeClock, keys: PushKeys, form: str = "json", **changes: Any) -> Any:
    """A push as WeChat sends it: query, type, body."""
    app = App(keys.appid, "", keys.token, keys.aes_key)
    world = World(app, Clock(lambda: clock.now().timestamp()))
    made = pushing.signed(world, {**EVENT, **changes}, form)
    return made["params"], made["headers"]["Content-Type"], made["content"]


def reader(clock: FakeClock, keys: PushKeys = PUSH, seen: Seen | None = None) -> PushReader:
    return PushReader(keys, seen or LocalSeen(clock), clock)


@pytest.mark.parametrize("form", ["json", "xml"])
@pytest.mark.parametrize("keys", [PUSH, OPEN], ids=["sealed", "plain"])
def test_a_push_says_who_and_what(clock: FakeClock, keys: PushKeys, form: str) -> None:
    event = reader(clock, keys).read(*request(clock, keys, form))
    assert (event.kind, event.event) == ("event", "subscribe_msg_popup_event")
    assert event.openid == "o9AgO5Kd5ggOC"
    assert event.sent_at.timestamp() == 1795161600
    assert event.key == "o9AgO5Kd5ggOC:1795161600:subscribe_msg_popup_event"
    listed = event.body["List"]
    assert (listed if isinstance(listed, dict) else listed[0])["TemplateId"] == "t1"


def test_a_message_is_known_by_its_number(clock: FakeClock) -> None:
    event = reader(clock).read(*request(clock, PUSH, MsgType="text", MsgId=24000001))
    assert (event.kind, event.event, event.key) == ("text", "", "msg:24000001")


def test_a_push_that_is_shown_does_not_tell_the_openid(clock: FakeClock) -> None:
    event = reader(clock).read(*request(clock, PUSH))
    assert "o9AgO5Kd5ggOC" not in repr(event)
    assert PUSH.aes_key not in repr(PUSH)


def refused(reader: PushReader, push: Any) -> str:
    with pytest.raises(PushRefused) as refusal:
        reader.read(*push)
    return refusal.value.why


@pytest.mark.row("S-42")
@pytest.mark.parametrize("keys", [PUSH, OPEN], ids=["sealed", "plain"])
@pytest.mark.parametrize("field", ["timestamp", "nonce", "signature", "msg_signature"])
def test_a_query_that_was_changed_is_refused(clock: FakeClock, keys: PushKeys, field: str) -> None:
    query, kind, body = request(clock, keys)
    proof = "msg_signature" if keys.aes_key else "signature"
    if field in ("signature", "msg_signature") and field != proof:
        assert reader(clock, keys).read({**query, field: "0" * 40}, kind, body)
        return
    for value in ("0", "", "１２３", query[field][:-1]):
        assert refused(reader(clock, keys), ({**query, field: value}, kind, body)) == "signature"
    assert refused(reader(clock, keys), ({}, kind, body)) in ("signature", "not_encrypted")


@pytest.mark.row("S-42")
def test_what_is_sealed_cannot_be_changed(clock: FakeClock) -> None:
    query, kind, body = request(clock, PUSH)
    changed = json.loads(body)
    sealed = changed["Encrypt"]
    changed["Encrypt"] = ("A" if sealed[0] != "A" else "B") + sealed[1:]
    assert refused(reader(clock), (query, kind, json.dumps(changed).encode())) == "signature"


@pytest.mark.row("S-42")
def test_with_a_key_only_sealed_pushes_are_taken(clock: FakeClock) -> None:
    assert refused(reader(clock), request(clock, OPEN)) == "not_encrypted"
    query, kind, body = request(clock, OPEN)
    with pytest.raises(PushUnreadable):
        reader(clock).read({**query, "encrypt_type": "aes"}, kind, body)


@pytest.mark.row("S-42")
def test_a_push_for_another_mini_program_is_refused(clock: FakeClock) -> None:
    other = request(clock, replace(PUSH, appid="wx-another"))
    assert refused(reader(clock), other) == "another_appid"


@pytest.mark.parametrize("garbage", ["", "A", "AAAA", "A" * 64, "韦"])
def test_what_was_sealed_badly_is_refused_by_name(clock: FakeClock, garbage: str) -> None:
    query, kind, _ = request(clock, PUSH)
    app = App(APPID, "", PUSH.token, PUSH.aes_key)
    query = {**query, "msg_signature": pushing.signature(app, query, garbage)}
    with pytest.raises((PushRefused, PushUnreadable)):
        reader(clock).read(query, kind, json.dumps({"Encrypt": garbage}).encode())


@pytest.mark.row("S-42")
@pytest.mark.parametrize("seconds", [-301, 301])
def test_a_push_from_another_time_is_refused(clock: FakeClock, seconds: int) -> None:
    push = request(clock, PUSH)
    clock.advance(seconds=seconds)
    assert refused(reader(clock), push) == "stale"
    clock.advance(seconds=-seconds // abs(seconds))
    assert reader(clock).read(*push)


@pytest.fixture(params=["local", "redis"])
def seen(request: pytest.FixtureRequest, clock: FakeClock) -> Seen:
    if request.param == "local":
        return LocalSeen(clock)
    return RedisSeen(request.getfixturevalue("redis"))


@pytest.mark.row("S-42")
def test_a_signature_that_was_overheard_carries_no_other_body(clock: FakeClock, seen: Seen) -> None:
    query, kind, body = request(clock, OPEN)
    forged = body.replace(b"accept", b"reject")
    door = reader(clock, OPEN, seen)
    first = door.read(query, kind, body)
    assert refused(door, (query, kind, forged)) == "replayed"
    assert refused(reader(clock, OPEN, seen), (query, kind, forged)) == "replayed"
    # WeChat itself sends a push again when it hears nothing: the key tells that it is the same.
    assert door.read(query, kind, body).key == first.key


def test_a_signature_is_remembered_as_long_as_it_could_be_used(clock: FakeClock) -> None:
    clock.advance(seconds=299)
    query, kind, body = request(clock, OPEN)
    clock.advance(seconds=-299)
    door = reader(clock, OPEN)
    door.read(query, kind, body)
    clock.advance(seconds=599 - 1)
    assert refused(door, (query, kind, body.replace(b"accept", b"reject"))) == "replayed"


def test_in_redis_too_it_is_forgotten_at_last(redis: Redis, clock: FakeClock) -> None:
    reader(clock, OPEN, RedisSeen(redis)).read(*request(clock, OPEN))
    assert [0 < redis.ttl(key) <= 600 for key in redis.scan_iter()] == [True]


def test_a_push_has_at_most_64_kb(clock: FakeClock) -> None:
    query, kind, body = request(clock, OPEN)
    padded = body + b" " * (LARGEST - len(body))
    assert reader(clock, OPEN).read(query, kind, padded)
    with pytest.raises(PushTooLarge):
        reader(clock, OPEN).read(query, kind, padded + b" ")


BOMB = '<!DOCTYPE x [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><xml><MsgType>&b;</MsgType></xml>'
UNREADABLE = [
    ("application/json", b"<xml/>"),
    ("text/xml", b'{"MsgType": "event"}'),
    ("text/plain", b'{"MsgType": "event"}'),
    ("text/xml", b'{"MsgType":"text","FromUserName":"o","CreateTime":1}'),
    ("application/json", b'{"MsgType":true,"FromUserName":"o","CreateTime":1}'),
    ("application/json", b"[]"),
    ("application/json", b"[" * 60_000),
    ("application/json", b"\xff"),
    ("application/json", b'{"MsgType": "event"}'),
    ("application/json", b'{"MsgType": "event", "FromUserName": {}, "CreateTime": 1}'),
    ("application/json", b'{"MsgType":"text","FromUserName":"o","CreateTime":"yesterday"}'),
    ("application/json", b'{"MsgType":"text","FromUserName":"o","CreateTime":true}'),
    ("application/json", b'{"MsgType":"event","FromUserName":"o","CreateTime":1}'),
    ("text/xml", b"<xml><MsgType>"),
    ("text/xml", b"<other/>"),
    ("text/xml", BOMB.encode()),
    ("text/xml", b"<a>" * 20_000),
]


@pytest.mark.parametrize(("kind", "body"), UNREADABLE, ids=lambda one: repr(one)[:40])
def test_what_is_no_push_is_unreadable(clock: FakeClock, kind: str, body: bytes) -> None:
    query, _, _ = request(clock, OPEN)
    with pytest.raises(PushUnreadable):
        reader(clock, OPEN).read(query, kind, body)


def test_only_who_knows_the_token_is_echoed(clock: FakeClock) -> None:
    query, _, _ = request(clock, OPEN)
    door = reader(clock)
    assert door.echo({**query, "echostr": "4375"}) == "4375"
    for bad in ({"echostr": "<script>"}, {"echostr": ""}, {"echostr": "1" * 129}, {}):
        with pytest.raises(PushRefused):
            door.echo({**query, **bad})
    with pytest.raises(PushRefused):
        reader(clock, replace(PUSH, token="another")).echo({**query, "echostr": "4375"})
    clock.advance(seconds=301)
    with pytest.raises(PushRefused, match="stale"):
        door.echo({**query, "echostr": "4375"})


def test_the_event_is_ours(clock: FakeClock) -> None:
    assert isinstance(reader(clock).read(*request(clock, PUSH)), PushEvent)
