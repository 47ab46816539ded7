"""Stateless tickets: a few public fields, an end and a MAC bound to whoever holds the ticket."""

import hmac
from datetime import datetime
from enum import StrEnum

from qr_session.errors import TicketExpired, TicketRefused
from qr_session.keys import b64url, hashed, same


class Kind(StrEnum):
    """What a ticket is for; one kind never passes as another."""

    RESOLVE = "resolve"
    PAGE_BROWSER = "page_browser"
    WATCH = "watch"


def issue(key: bytes, kind: Kind, fields: tuple[str, ...], *, holder: str, until: datetime) -> str:
    """A ticket that carries `fields` (no dots in them) and is good for `holder` until then."""
    body = ".".join((*fields, str(int(until.timestamp()))))
    return f"{body}.{_mac(key, kind, body, holder)}"


def read(key: bytes, kind: Kind, ticket: str, *, holder: str, now: datetime) -> list[str]:
    """The fields of a genuine ticket; raises TicketRefused or TicketExpired."""
    body, _, mac = ticket.rpartition(".")
    if not same(mac, _mac(key, kind, body, holder)):
        raise TicketRefused
    *fields, until = body.split(".")
    if now.timestamp() >= int(until):
        raise TicketExpired
    return fields


def _mac(key: bytes, kind: Kind, body: str, holder: str) -> str:
    # The holder is hashed, so that no choice of its characters can shift a boundary.
    text = f"{kind}|{body}|{hashed(holder)}".encode()
    return b64url(hmac.digest(key, text, "sha256")[:16])
