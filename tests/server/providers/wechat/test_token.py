"""The access token: one fetch for many processes, on a real Redis."""

import subprocess
import sys
from datetime import timedelta

import pytest
from redis import Redis

from server.providers.wechat import TextScene, WeChatUnavailable
from server.providers.wechat.token import FAILED, LocalTokens, RedisTokens, Tokens
from tests.factories.wechat import APPID, SECRET, Land
from tests.services import Server

TOKEN = "/cgi-bin/stable_token"
HOUR = timedelta(hours=1)
ASK = """
import sys
from server.core.clock import SystemClock
from server.providers.wechat import TextScene
from server.providers.wechat.client import HttpWeChat
from server.providers.wechat.gateway import WeChatApp
from server.providers.wechat.token import RedisTokens
from qr_session.redis_link import connect
appid, secret, address, redis, openid = sys.argv[1:]
tokens = RedisTokens(connect(redis), appid)
wechat = HttpWeChat(WeChatApp(appid, secret, address), tokens, SystemClock())
for line in sys.stdin:
    print(wechat.check_text(openid=openid, scene=TextScene.PROFILE, text="a"), flush=True)
"""


class Herd:
    """Eight processes that ask at the same moment."""

    def __init__(self, land: Land, redis_url: str) -> None:
        arguments = [APPID, SECRET, land.address, redis_url, land.world.openid("wei")]
        command = [sys.executable, "-c", ASK, *arguments]
        pipe = subprocess.PIPE
        self.all = [subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) for _ in range(8)]

    def ask(self) -> list[str]:
        for one in self.all:
            assert one.stdin is not None
            one.stdin.write("go\n")
            one.stdin.flush()
        return [one.stdout.readline().strip() for one in self.all if one.stdout is not None]

    def leave(self) -> None:
        for one in self.all:
            one.communicate(timeout=20)


@pytest.mark.row("R-10")
def test_eight_processes_fetch_one_token_and_renew_it_once(land: Land, redis_url: str) -> None:
    herd = Herd(land, redis_url)
    assert herd.ask() == ["pass"] * 8
    assert land.count(TOKEN) == 1
    land.world.tokens.revoke()
    assert herd.ask() == ["pass"] * 8
    assert land.count(TOKEN) == 2
    herd.leave()


@pytest.fixture(params=["local", "redis"])
def tokens(request: pytest.FixtureRequest, clock) -> Tokens:
    if request.param == "local":
        return LocalTokens(clock, wait_seconds=0.1)
    return RedisTokens(request.getfixturevalue("redis"), APPID, wait_seconds=0.1)


def test_only_the_token_that_failed_is_thrown_away(tokens: Tokens) -> None:
    tokens.put("new", HOUR)
    tokens.forget("old")
    assert tokens.get() == "new"
    tokens.forget("new")
    assert tokens.get() is None


def test_a_failure_is_kept_like_a_token(tokens: Tokens) -> None:
    tokens.put(FAILED, HOUR)
    assert tokens.get() == FAILED


def test_one_waits_while_another_fetches(tokens: Tokens) -> None:
    with tokens.alone(), pytest.raises(WeChatUnavailable), tokens.alone():
        pytest.fail("two were inside")
    with tokens.alone():
        pass


def check(land: Land, tokens: Tokens) -> None:
    openid = land.world.openid("wei")
    land.client(tokens).check_text(openid=openid, scene=TextScene.PROFILE, text="a")


def test_a_token_is_kept_until_five_minutes_before_its_end(land: Land) -> None:
    tokens = LocalTokens(land.clock)
    check(land, tokens)
    land.clock.advance(seconds=6899)
    check(land, tokens)
    assert land.count(TOKEN) == 1
    land.clock.advance(seconds=1)
    first = land.world.tokens.stable
    check(land, tokens)
    assert land.count(TOKEN) == 2
    assert land.world.tokens.stable != first


def test_in_redis_too_the_token_ends_by_itself(land: Land, redis: Redis) -> None:
    check(land, RedisTokens(redis, APPID))
    assert 6890 < redis.ttl(f"wechat:token:{APPID}") <= 6900


def test_without_redis_only_what_needs_a_token_stops(land: Land, own_redis: Server) -> None:
    tokens = RedisTokens(Redis.from_url(own_redis.url), APPID)
    own_redis.stop()
    with pytest.raises(WeChatUnavailable) as refusal:
        check(land, tokens)
    assert refusal.value.__context__ is None
    assert land.client(tokens).code_to_session(land.login_code())


def test_a_fetch_that_fails_lets_the_next_one_in(land: Land, redis: Redis) -> None:
    tokens = RedisTokens(redis, APPID)
    land.trouble(TOKEN, html=502)
    for _ in range(2):
        with pytest.raises(WeChatUnavailable):
            check(land, tokens)
    assert land.count(TOKEN) == 1
    redis.delete(f"wechat:token:{APPID}")
    check(land, tokens)
    assert land.count(TOKEN) == 2
