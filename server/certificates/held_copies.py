"""Copies of a data key for people who have no certificate yet: they wait under the service's key.

A copy is bound to its ring, its person and its grant, and goes with the grant.
"""

from sqlalchemy import delete, select

from server.certificates.models import HeldCopy, KeyCopy, PersonalKey
from server.certificates.service import OpenRing, give_copy
from server.core.db import Database, UnitOfWork
from server.core.ids import new_id
from server.providers.keys import Keys

PURPOSE = "held_copy"


def give_or_hold(
    uow: UnitOfWork, keys: Keys, opened: OpenRing, account_id: str, grant_id: str = ""
) -> None:
    """Seal a copy to an entitled person, or hold it until he has downloaded a certificate.

    `grant_id` is empty for the owner or legal representative.
    """
    ring, data_key = opened
    # Locked, as he may be downloading his certificate at this moment.
    uow.queue_up(f"wrapping key of {account_id}")
    if uow.session.get(PersonalKey, account_id, populate_existing=True) is not None:
        give_copy(uow, ring.id, data_key, account_id, grant_id)
        return
    row = HeldCopy(id=new_id("hc"), ring_id=ring.id, account_id=account_id, grant_id=grant_id)
    row.sealed = keys.wrap(PURPOSE, ring.id, data_key, row.about)
    uow.session.add(row)


def open_held(db: Database, keys: Keys, account_id: str) -> dict[str, bytes]:
    """The data keys that are held for a person, by the ids of the copies; no transaction open."""
    with db.read() as uow:
        held = uow.session.scalars(select(HeldCopy).where(HeldCopy.account_id == account_id)).all()
    return {row.id: keys.unwrap(PURPOSE, row.ring_id, row.sealed, row.about) for row in held}


def hand_over(uow: UnitOfWork, account_id: str, opened: dict[str, bytes]) -> bool:
    """Seal what was held for a person to his new wrapping key; the held copies are gone then.

    False when another was put there since `open_held`: read them again. One that was withdrawn
    meanwhile is not given.
    """
    uow.queue_up(f"wrapping key of {account_id}")
    held = uow.session.scalars(select(HeldCopy).where(HeldCopy.account_id == account_id)).all()
    if any(row.id not in opened for row in held):
        return False
    for row in held:
        give_copy(uow, row.ring_id, opened[row.id], account_id, row.grant_id)
        uow.session.delete(row)
    return True


def withdraw_grant(uow: UnitOfWork, grant_id: str) -> None:
    """A grant has ended: its copies are deleted, wherever they wait."""
    for kind in (KeyCopy, HeldCopy):
        mine = (kind.grant_id == grant_id, kind.grant_id != "")
        uow.session.execute(delete(kind).where(*mine))
