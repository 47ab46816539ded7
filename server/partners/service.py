"""Registering partners, and knowing them by their keys."""

from urllib.parse import urlsplit

from sqlalchemy import select

from server.core import audit
from server.core.db import UnitOfWork
from server.core.ids import fingerprint, new_id, new_secret
from server.partners.errors import BadApiKey, ReturnUrlNotRegistered
from server.partners.models import ApiKey, Partner

KEY_PREFIX = "sk_"


def issue_key(uow: UnitOfWork, partner_id: str) -> str:
    """A new API key; it is shown once and kept as a digest."""
    key = KEY_PREFIX + new_secret()
    row = ApiKey(
        id=new_id("key"), partner_id=partner_id, key_digest=fingerprint(key), created_at=uow.now
    )
    uow.session.add(row)
    audit.record(uow, "partner.key_issued", actor="operator", subject=partner_id, key=row.id)
    return key


def by_key(uow: UnitOfWork, key: str) -> Partner:
    """The active partner that holds this key; raises BadApiKey."""
    partner = uow.session.scalar(
        select(Partner)
        .join(ApiKey, ApiKey.partner_id == Partner.id)
        .where(
            ApiKey.key_digest == fingerprint(key),
            ApiKey.revoked_at.is_(None),
            Partner.active.is_(True),
        )
    )
    if partner is None:
        raise BadApiKey()
    return partner


def check_return_url(partner: Partner, url: str) -> None:
    """Only addresses on a registered origin, compared exactly (S-28)."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise ReturnUrlNotRegistered() from None
    odd = "\\" in url or "@" in parts.netloc or any(ord(letter) <= 32 for letter in url)
    origin = f"{parts.scheme}://{parts.hostname}" + (f":{port}" if port else "")
    if odd or origin not in partner.return_origins:
        raise ReturnUrlNotRegistered()
