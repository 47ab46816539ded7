"""The access token: one for all processes, fetched once, thrown away only by whom it failed."""

import hmac
import logging
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager, contextmanager, suppress
from datetime import datetime, timedelta
from typing import Any, Final, Protocol

from redis import Redis
from redis.exceptions import RedisError

from server.core.clock import Clock
from server.providers.wechat import WeChatRejected, WeChatUnavailable

log = logging.getLogger(__name__)

FAILED: Final = ""
"""Stands in the place of a token for a moment after a fetch that failed, so that the callers who
wait behind it do not ask WeChat one after the other."""

FAILED_FOR: Final = timedelta(seconds=2)
# In the last five minutes of a token WeChat hands out the next one, and both are good.
OVERLAP: Final = timedelta(minutes=5)
SHORTEST: Final = timedelta(seconds=10)
# Longer than a fetch may take, so that no second one begins beside it.
LEASE_SECONDS: Final = 22.0
WAIT_SECONDS: Final = 12.0
FORGET: Final = (
    "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0"
)


class Tokens(Protocol):
    """Where the token of one appid is kept."""

    def get(self) -> str | None:
        """The token, or FAILED, or None."""
        ...

    def put(self, token: str, life: timedelta) -> None: ...

    def forget(self, token: str) -> None:
        """Throw it away if it is still this one: another process may have renewed it."""
        ...

    def alone(self) -> AbstractContextManager[None]:
        """Whoever is inside may fetch, the others wait; WeChatUnavailable when that is too long."""
        ...

    def close(self) -> None: ...


class LocalTokens:
    """For a single process."""

    def __init__(self, clock: Clock, wait_seconds: float = WAIT_SECONDS) -> None:
        self._clock, self._wait_seconds = clock, wait_seconds
        self._kept: tuple[str, datetime] | None = None
        self._changing, self._fetching = threading.Lock(), threading.Lock()

    def get(self) -> str | None:
        """See Tokens.get."""
        kept = self._kept
        return kept[0] if kept and self._clock.now() < kept[1] else None

    def put(self, token: str, life: timedelta) -> None:
        """See Tokens.put."""
        with self._changing:
            self._kept = (token, self._clock.now() + life)

    def forget(self, token: str) -> None:
        """See Tokens.forget."""
        with self._changing:
            if self._kept and hmac.compare_digest(self._kept[0], token):
                self._kept = None

    @contextmanager
    def alone(self) -> Any:
        """See Tokens.alone."""
        if not self._fetching.acquire(timeout=self._wait_seconds):
            raise WeChatUnavailable
        try:
            yield
        finally:
            self._fetching.release()

    def close(self) -> None:
        """See Tokens.close."""


class RedisTokens:
    """For all processes on one Redis."""

    def __init__(self, redis: Redis, appid: str, wait_seconds: float = WAIT_SECONDS) -> None:
        self._redis, self._wait_seconds = redis, wait_seconds
        self._key = f"wechat:token:{appid}"
        self._forget = redis.register_script(FORGET)

    def get(self) -> str | None:
        """See Tokens.get."""
        kept: bytes | None = _asked(lambda: self._redis.get(self._key))
        return None if kept is None else kept.decode()

    def put(self, token: str, life: timedelta) -> None:
        """See Tokens.put."""
        _asked(lambda: self._redis.set(self._key, token, px=life))

    def forget(self, token: str) -> None:
        """See Tokens.forget."""
        _asked(lambda: self._forget(keys=[self._key], args=[token]))

    @contextmanager
    def alone(self) -> Any:
        """See Tokens.alone."""
        lock = self._redis.lock(
            f"{self._key}:fetch",
            timeout=LEASE_SECONDS,
            sleep=0.05,
            blocking_timeout=self._wait_seconds,
        )
        if not _asked(lock.acquire):
            raise WeChatUnavailable
        try:
            yield
        finally:
            # A lease that has ended and a Redis that went away both let the next one in.
            with suppress(RedisError):
                lock.release()

    def close(self) -> None:
        """See Tokens.close."""
        self._redis.close()


def _asked(act: Callable[[], Any]) -> Any:
    try:
        return act()
    except RedisError as error:
        name = type(error).__name__
    # Behind the handler: the text of Redis' error may quote the token, and a context keeps it.
    log.warning("wechat_tokens_away", extra={"error": name})
    raise WeChatUnavailable


class AccessToken:
    """Hands out the token; `fetch` brings a new one with its life."""

    def __init__(self, tokens: Tokens, fetch: Callable[[], tuple[str, timedelta]]) -> None:
        self._tokens, self._fetch = tokens, fetch

    def current(self) -> str:
        """The token; fetched by one caller when there is none.

        Raises WeChatUnavailable, also for two seconds after a fetch that failed; WeChatRejected
        when WeChat refuses the appid, the secret or our address.
        """
        kept = self._kept()
        if kept is None:
            with self._tokens.alone():
                kept = self._kept() or self._renewed()
        return kept

    def forget(self, token: str) -> None:
        """WeChat has refused this one."""
        self._tokens.forget(token)

    def _kept(self) -> str | None:
        kept = self._tokens.get()
        if kept is not None and not kept:
            raise WeChatUnavailable
        return kept

    def _renewed(self) -> str:
        try:
            fresh, life = self._fetch()
        except (WeChatUnavailable, WeChatRejected):
            self._tokens.put(FAILED, FAILED_FOR)
            raise
        self._tokens.put(fresh, max(life - OVERLAP, SHORTEST))
        return fresh
