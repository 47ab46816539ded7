"""A stated number of requests a minute for each address, with Retry-After (P-29)."""

from typing import Any

import redis
from apiflask import APIFlask
from flask import request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from redis.backoff import NoBackoff
from redis.retry import Retry

from server.settings import Settings

# A Redis that is silent must not hold a request: a second, and one try more when a line was lost.
PATIENCE: dict[str, Any] = {
    "socket_timeout": 1,
    "socket_connect_timeout": 1,
    "retry": Retry(NoBackoff(), 1, supported_errors=(redis.exceptions.ConnectionError,)),
}
# A hundred requests at once wait a moment for a line; they must not be told that Redis is away.
MOST_LINES, WAIT_SECONDS = 50, 5
# Anybody may ask for a code to log in with, and each takes room in the store until it ends.
LOGIN_PAGES = ("qr_login.open_page", "partner_login.open_page")
# Anybody may have a file verified, and each takes a child for seconds.
VERIFICATIONS = (
    "verification.take",
    "verification.report_pdf",
    "mp_verifications.create",
    "mp_verifications.report_pdf",
)
UNLIMITED = ("static", "health.livez", "health.readyz", "health.metrics")


def register(app: APIFlask, settings: Settings) -> None:
    """Made inside the app, as a limiter of the module would be shared by all apps of a process."""
    redis_url = settings.redis_url

    def most() -> str:
        number = settings.requests_per_minute
        if request.endpoint in LOGIN_PAGES:
            number = settings.login_pages_per_minute
        elif request.endpoint in VERIFICATIONS:
            number = settings.verifications_per_minute
        return f"{number} per minute"

    lines: dict[str, Any] = {"connection_pool": _lines_to(redis_url)} if redis_url else {}
    limiter = Limiter(
        get_remote_address,
        app=app,
        default_limits=[most],
        storage_uri=redis_url or "memory://",
        storage_options=lines,
        # Its own headers would put a Retry-After on every answer, over the ones that we mean.
        headers_enabled=False,
    )
    limiter.request_filter(lambda: request.endpoint in UNLIMITED)


def _lines_to(redis_url: str) -> redis.BlockingConnectionPool:
    return redis.BlockingConnectionPool.from_url(
        redis_url, max_connections=MOST_LINES, timeout=WAIT_SECONDS, **PATIENCE
    )
