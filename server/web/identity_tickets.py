"""Tickets that name an identity between two requests: its person was there a moment ago."""

from itsdangerous import BadSignature, URLSafeTimedSerializer

from server.accounts.errors import IdentityTicketRefused
from server.runtime import runtime
from server.web.links import ByOurClock

LIFE_SECONDS = 600


def issue(identity_id: str) -> str:
    """A ticket for who has just shown that the identity is his; it opens nothing by itself."""
    return _serializer().dumps(identity_id)


def identity_of(ticket: str) -> str:
    """The identity's id; raises IdentityTicketRefused for a forged one and after ten minutes."""
    try:
        return str(_serializer().loads(ticket, max_age=LIFE_SECONDS))
    except BadSignature:
        raise IdentityTicketRefused() from None


def _serializer() -> URLSafeTimedSerializer:
    key = runtime().settings.link_key_bytes
    return URLSafeTimedSerializer(key, salt="identity ticket", signer=ByOurClock)
