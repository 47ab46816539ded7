"""News between the processes of many machines, by Redis publish and subscribe."""

import logging
from collections.abc import Callable, Iterator
from random import uniform
from threading import Event, Thread
from typing import Final

from redis.client import PubSub
from redis.exceptions import RedisError

from qr_session.bus import EVERYTHING, Callback, InProcessBus, pack, unpack
from qr_session.redis_link import CHANNEL, connect

_QUIET_SECONDS: Final = 1.0
_SHORTEST_PAUSE: Final = 0.1
_LONGEST_PAUSE: Final = 2.0
_WAKE_UP: Final = b""

_log = logging.getLogger(__name__)


def pauses() -> Iterator[float]:
    """Seconds before each next try, without end: jittered, soon long, never more than two."""
    longest = _SHORTEST_PAUSE
    while True:
        longest = min(2 * longest, _LONGEST_PAUSE)
        yield uniform(_SHORTEST_PAUSE, longest)


class RedisBus:
    """Hears what every process publishes; make it after the process has forked.

    `store_tells`: the sessions are in a RedisStore on the same server, whose script tells every
    change by itself; `publish` then does nothing. Starts whether or not Redis is there.
    """

    def __init__(self, url: str, *, store_tells: bool = False) -> None:
        self._redis = connect(url)
        self._store_tells = store_tells
        self._local = InProcessBus()
        self._closed = Event()
        self._hears = Event()
        self._listener = Thread(target=self._supervise, name="qr-bus", daemon=True)
        self._listener.start()

    @property
    def is_alive(self) -> bool:
        """Whether news comes in at present; for the readiness check."""
        return self._listener.is_alive() and self._hears.is_set()

    def publish(self, session_id: str, seq: int) -> None:
        if not self._store_tells and not self._closed.is_set():
            self._send(pack(session_id, seq))

    def subscribe(self, callback: Callback) -> Callable[[], None]:
        return self._local.subscribe(callback)

    def close(self) -> None:
        """Stop listening and close the connections; safe to call twice."""
        if self._closed.is_set():
            return
        self._closed.set()
        if self._hears.is_set():
            self._send(_WAKE_UP)
        self._listener.join(timeout=5)
        self._redis.close()

    def _send(self, news: bytes) -> None:
        try:
            self._redis.publish(CHANNEL, news)
        except RedisError as error:
            _log.warning("news of a QR session was not published: %s", type(error).__name__)

    def _supervise(self) -> None:
        """Listen until closed; whatever ends it, subscribe again after a short pause."""
        waits = pauses()
        while not self._closed.is_set():
            try:
                with self._redis.pubsub() as subscription:  # type: ignore[no-untyped-call]
                    subscription.subscribe(CHANNEL)
                    self._listen(subscription)
            except RedisError as error:
                _log.warning("the QR bus lost Redis: %s", type(error).__name__)
            except Exception:
                # A process that went deaf without a word is worse than any error.
                _log.exception("the QR bus failed and subscribes again")
            if self._hears.is_set():
                self._hears.clear()
                waits = pauses()
            self._closed.wait(next(waits))

    def _listen(self, subscription: PubSub) -> None:
        """Hand on what comes in; return when nothing did, not even the answer to a PING."""
        asked = False
        while not self._closed.is_set():
            message = subscription.get_message(timeout=_QUIET_SECONDS)
            if message is not None:
                asked = False
                self._on_message(message["type"], message["data"])
            elif asked:
                _log.warning("the QR bus heard nothing and subscribes again")
                return
            else:
                asked = True
                subscription.ping()

    def _on_message(self, kind: str, data: bytes) -> None:
        if kind == "subscribe":
            # Said after every subscribing, also one that the client library did by itself: news
            # before it may be lost. A Redis that still loads its file takes subscribers but gives
            # no answers; then this raises, for re-reading would be in vain.
            self._redis.ping()
            self._hears.set()
            self._local.publish(EVERYTHING, 0)
        elif kind == "message" and (news := unpack(data)) is not None:
            self._local.publish(*news)
