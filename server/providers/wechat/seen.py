"""Which signatures were used, and for what."""

import hmac
import threading
from datetime import datetime, timedelta
from typing import Any, Protocol

from redis import Redis

from server.core.clock import Clock


class Seen(Protocol):
    """Remembers for a while."""

    def claim(self, name: str, use: str, life: timedelta) -> bool:
        """Whether `name` stands for `use`: true the first time, and when the use is the same."""
        ...

    def close(self) -> None: ...


class LocalSeen:
    """For a single process."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._uses: dict[str, tuple[str, datetime]] = {}

    def claim(self, name: str, use: str, life: timedelta) -> bool:
        """See Seen.claim."""
        now = self._clock.now()
        with self._lock:
            self._uses = {one: kept for one, kept in self._uses.items() if kept[1] > now}
            first, _ = self._uses.setdefault(name, (use, now + life))
        return hmac.compare_digest(first, use)

    def close(self) -> None:
        """See Seen.close."""


class RedisSeen:
    """For all processes on one Redis; raises RedisError when it is away, so nothing slips by."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    def claim(self, name: str, use: str, life: timedelta) -> bool:
        """See Seen.claim."""
        key = f"wechat:push:{name}"
        before: Any = self._redis.set(key, use, nx=True, get=True, px=life)
        return before is None or hmac.compare_digest(before, use.encode())

    def close(self) -> None:
        """See Seen.close."""
        self._redis.close()
