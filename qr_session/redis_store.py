"""Sessions in Redis, shared by the processes of many machines."""

import logging
import secrets
from datetime import datetime, timedelta
from math import ceil
from typing import Any, Final

from redis.exceptions import ResponseError

from qr_session.bus import pack
from qr_session.clock import Clock, SystemClock
from qr_session.records import from_text, to_text
from qr_session.redis_link import CHANNEL, answering, connect
from qr_session.session import QrSession

_MILLISECOND: Final = timedelta(milliseconds=1)

# A key holds `state seq stamp record`. What is absent, or of another type, never matches. The stamp
# is drawn anew for each swap: if the answer was lost and the client asks again, the script knows
# its own writing and does not count it as somebody else's.
_SWAP: Final = """
local held = redis.pcall('GET', KEYS[1])
if type(held) ~= 'string' then return 0 end
local from, head, record, life, channel, news = unpack(ARGV)
if string.sub(held, 1, #head) == head then return 1 end
if string.sub(held, 1, #from) ~= from then return 0 end
redis.call('SET', KEYS[1], head .. record, 'PX', life)
redis.call('PUBLISH', channel, news)
return 1
"""

_log = logging.getLogger(__name__)


class RedisStore:
    """One round trip per call without user codes; `swap` tells the bus in the script that writes.

    Every call raises StoreAway when Redis does not answer. A key lives until its session's
    `forget_at`, by the clock given here. Without an append-only file a restart of Redis forgets
    all sessions: decisions that must survive are rows of the application. Redis 6.2 or later.
    """

    def __init__(self, url: str, *, clock: Clock | None = None) -> None:
        self._clock = clock or SystemClock()
        self._redis = connect(url)
        self._compare_and_set = self._redis.register_script(_SWAP)

    def add(self, session: QrSession) -> None:
        text = _head(session) + to_text(session)
        with answering():
            # Before their session, without which they find nothing. Most sessions have none, and
            # one command costs half of a transaction.
            for digest in session.user_codes:
                life = self._life(session.ends_at)
                self._redis.set(_code_key(digest), session.id, px=life)
            self._redis.set(_key(session.id), text, px=self._life(session.forget_at))

    def get(self, session_id: str) -> QrSession | None:
        with answering():
            held = self._held(_key(session_id))
        return None if held is None else from_text(held.decode().split(" ", 3)[3])

    def by_user_code(self, digest: str) -> QrSession | None:
        with answering():
            # A second round trip finds the session: typing takes a person longer.
            session_id = self._held(_code_key(digest))
        return None if session_id is None else self.get(session_id.decode())

    def swap(self, old: QrSession, new: QrSession) -> bool:
        arguments = (
            f"{old.state} {old.seq} ",
            _head(new),
            to_text(new),
            self._life(new.forget_at),
            CHANNEL,
            pack(new.id, new.seq),
        )
        with answering():
            return bool(self._compare_and_set(keys=[_key(old.id)], args=arguments))

    def forget(self, now: datetime) -> int:
        """Nothing to do, and so 0: Redis drops each key when its life ends."""
        return 0

    def close(self) -> None:
        """Close the connections."""
        self._redis.close()

    def _held(self, key: str) -> Any:
        try:
            return self._redis.get(key)
        except ResponseError as error:
            if not str(error).startswith("WRONGTYPE"):
                raise
            _log.warning("a key of the QR store holds something else")
            return None

    def _life(self, until: datetime) -> int:
        """Milliseconds; at least one, for Redis refuses none."""
        return max(1, ceil((until - self._clock.now()) / _MILLISECOND))


def _key(session_id: str) -> str:
    return f"qr:session:{session_id}"


def _code_key(digest: str) -> str:
    return f"qr:user-code:{digest}"


def _head(session: QrSession) -> str:
    return f"{session.state} {session.seq} {secrets.token_urlsafe(9)} "
