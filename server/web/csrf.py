"""A change by cookie must come from our own pages: the Origin header decides (S-25)."""

from urllib.parse import urlsplit

from flask import request

from server.core.errors import Forbidden
from server.settings import Settings

SAFE = ("GET", "HEAD", "OPTIONS")
# A host name as it is parsed, and as it is written in an address.
LOOPBACK = {"127.0.0.1": "127.0.0.1", "localhost": "localhost", "::1": "[::1]"}


class CrossSite(Forbidden):
    """The request was sent by another site's page."""

    code = "cross_site"
    message = ("请求来源不正确。", "The request came from another site.")
    next_step = ("请回到本站页面操作。", "Please use our own pages.")


def require_same_origin(settings: Settings) -> None:
    """Raise CrossSite unless a changing request names our own origin, or none is named at all
    and the browser says that it is the same one."""
    if request.method in SAFE:
        return
    origin = request.headers.get("Origin")
    if origin is None:
        if request.headers.get("Sec-Fetch-Site") != "same-origin":
            raise CrossSite()
    elif not is_own(origin, settings):
        raise CrossSite()


def is_own(origin: str, settings: Settings) -> bool:
    """Whether an Origin header names us; in development every name of this machine does."""
    if origin == settings.public_url:
        return True
    ours = urlsplit(settings.public_url)
    if settings.is_production or ours.hostname not in LOOPBACK:
        return False
    port = f":{ours.port}" if ours.port else ""
    # Put together and compared, as taking a stranger's text apart has its own surprises.
    return origin in {f"{ours.scheme}://{name}{port}" for name in LOOPBACK.values()}
