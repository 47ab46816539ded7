"""A stated number of requests a minute for each address, with Retry-After (P-29)."""

from apiflask import APIFlask
from flask import request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

UNLIMITED = ("static", "health.livez", "health.readyz", "health.metrics")


def register(app: APIFlask, per_minute: int, redis_url: str) -> None:
    """Made inside the app, as a limiter of the module would be shared by all apps of a process."""
    limiter = Limiter(
        get_remote_address,
        app=app,
        default_limits=[f"{per_minute} per minute"],
        storage_uri=redis_url or "memory://",
        # Its own headers would put a Retry-After on every answer, over the ones that we mean.
        headers_enabled=False,
    )
    limiter.request_filter(lambda: request.endpoint in UNLIMITED)
