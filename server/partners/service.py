"""Registering partners, and knowing them by their keys."""

from sqlalchemy import select

from server.core import audit
from server.core.db import UnitOfWork
from server.core.ids import fingerprint, new_id, new_secret
from server.partners.errors import BadApiKey
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
