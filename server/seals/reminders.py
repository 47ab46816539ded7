"""Reminders before a seal ends: 30, 10, 3 and 1 days before, each once (P-42)."""

from datetime import timedelta
from typing import Final

from sqlalchemy import select

from server.accounts.news import News
from server.core.db import UnitOfWork
from server.seals.models import BY_HAND, Seal, SealStatus
from server.seals.renewing import pending
from server.seals.telling import tell_owner

DAYS: Final = (30, 10, 3, 1)
BY_TEXT: Final = (3, 1)


def remind(uow: UnitOfWork) -> None:
    """Tell the owners of seals that end soon; the worker does so every hour.

    Nobody is reminded of what he cannot renew, or is renewing already. After a standstill the
    nearest of the missed reminders is given alone.
    """
    soon = (Seal.valid_until > uow.now, Seal.valid_until <= uow.now + timedelta(days=max(DAYS)))
    living = select(Seal).where(*soon, Seal.status != SealStatus.CANCELLED).order_by(Seal.id)
    for seal in uow.session.scalars(living).all():
        by_hand = seal.reason is None or seal.reason in BY_HAND
        if by_hand and pending(uow, seal.id) is None:
            _remind(uow, seal)


def _remind(uow: UnitOfWork, seal: Seal) -> None:
    left = seal.valid_until - uow.now
    days = min(one for one in DAYS if left <= timedelta(days=one))
    once = f"seal {seal.id} ends {seal.valid_until:%Y%m%d} {days}"
    text = "seal_ends" if days in BY_TEXT else None
    tell_owner(uow, seal, News.SEAL_ENDS, once=once, text=text)
