"""Where a browser may be sent back to: registered places only (S-28)."""

from urllib.parse import urlsplit

from server.partners.errors import LoginsNotRegistered, ReturnUrlNotRegistered
from server.partners.models import Partner

LOOPBACK = {"127.0.0.1", "localhost", "::1"}


def check_return_url(partner: Partner, url: str) -> None:
    """Only addresses on a registered origin, compared exactly."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise ReturnUrlNotRegistered() from None
    odd = "\\" in url or "@" in parts.netloc or any(ord(letter) <= 32 for letter in url)
    origin = f"{parts.scheme}://{parts.hostname}" + (f":{port}" if port else "")
    if odd or origin not in partner.return_origins:
        raise ReturnUrlNotRegistered()


def check_login_return_url(partner: Partner, url: str | None) -> str:
    """The registered address that a login comes back to: letter by letter (RFC 9700 2.1), as a
    code travels with it. Without `url` it is the first one.

    Raises LoginsNotRegistered, ReturnUrlNotRegistered.
    """
    if not partner.login_return_urls:
        raise LoginsNotRegistered()
    if url is None:
        return partner.login_return_urls[0]
    if url not in partner.login_return_urls:
        raise ReturnUrlNotRegistered()
    return url


def fits_logins(url: str, *, loopback: bool) -> bool:
    """Whether an operator may register it: https, or `loopback` by http (Settled 14); no user, no
    fragment, nothing that a browser reads otherwise than we do."""
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018 - raises for what is no number
    except ValueError:
        return False
    plain = url.isascii() and url.isprintable() and not set(url) & set(' \\"<>^`{|}')
    here = loopback and parts.scheme == "http" and parts.hostname in LOOPBACK
    is_ours = plain and bool(parts.hostname) and "@" not in parts.netloc and "#" not in url
    return is_ours and (parts.scheme == "https" or here)
