"""How the library talks to Redis: short patience, one retry, one error when nobody answers."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as LostConnection
from redis.exceptions import RedisError
from redis.retry import Retry

from qr_session.errors import StoreAway

CHANNEL: Final = "qr:news"
"""Where the store's script and the bus tell `session_id seq`."""

_PATIENCE_SECONDS: Final = 1.0

_log = logging.getLogger(__name__)


def connect(url: str) -> Redis:
    """A client for `redis://`, `rediss://` or `unix://`; it connects when first used.

    Only a lost connection is tried again, once: after a restart every pooled connection is a dead
    one. A server that is silent is not asked twice, so that a call ends within about a second.
    """
    return Redis.from_url(
        url,
        # On a subscribed connection RESP2 answers a PING among the messages, where we listen.
        protocol=2,
        # Each step of greeting the server may take the whole patience: none but the password.
        driver_info=None,
        socket_timeout=_PATIENCE_SECONDS,
        socket_connect_timeout=_PATIENCE_SECONDS,
        retry=Retry(NoBackoff(), 1, supported_errors=(LostConnection,)),
    )


@contextmanager
def answering() -> Iterator[None]:
    """Raise StoreAway for whatever Redis or the way to it refuses."""
    try:
        yield
    except RedisError as error:
        # Only its class: the text may quote the command, which holds the record.
        _log.warning("the QR store does not answer: %s", type(error).__name__)
        raise StoreAway from None
