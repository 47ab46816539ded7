"""Copies of a data key for people who have no certificate yet: they wait under the service's key.

A copy is bound to its ring, its person and its grant, and goes with the grant.
"""

from collections.abc import Collection

from sqlalchemy import Select, delete, select, union

from server.certificates.models import HeldCopy, KeyCopy, MethodCopy, PersonalKey, WantedCopy
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
    # One after the other, as he may be downloading his certificate at this moment.
    queue_for(uow, account_id)
    if uow.session.get(PersonalKey, account_id, populate_existing=True) is None:
        hold(uow, keys, opened, account_id, grant_id)
    else:
        give_copy(uow, opened.ring.id, opened.data_key, account_id, grant_id)


def hold(
    uow: UnitOfWork, keys: Keys, opened: OpenRing, account_id: str, grant_id: str = ""
) -> None:
    """Hold a copy, also for somebody with a certificate: until he has accepted his grant."""
    ring, data_key = opened
    row = HeldCopy(id=new_id("hc"), ring_id=ring.id, account_id=account_id, grant_id=grant_id)
    row.sealed = keys.wrap(PURPOSE, ring.id, data_key, row.about)
    uow.session.add(row)


def queue_for(uow: UnitOfWork, account_id: str) -> None:
    """Until the end of the transaction nobody else gives this person a copy or a wrapping key."""
    uow.queue_up(f"wrapping key of {account_id}")


def open_held(
    db: Database, keys: Keys, account_id: str, grants: Collection[str] = ("",)
) -> dict[str, bytes]:
    """The data keys that are held for a person by these grants (by his own right without any), by
    the ids of the copies; no transaction open."""
    with db.read() as uow:
        held = uow.session.scalars(_held(account_id, grants)).all()
    return {row.id: keys.unwrap(PURPOSE, row.ring_id, row.sealed, row.about) for row in held}


def hand_over(
    uow: UnitOfWork, account_id: str, opened: dict[str, bytes], grants: Collection[str] = ("",)
) -> bool:
    """Seal what was held for a person to his wrapping key; the held copies are gone then.

    False when another was put there since `open_held`: read them again. One that was withdrawn
    meanwhile is not given.
    """
    queue_for(uow, account_id)
    # Kept until they are copies: what ends a grant meanwhile finds either.
    held = uow.session.scalars(_held(account_id, grants).with_for_update()).all()
    if any(row.id not in opened for row in held):
        return False
    for row in held:
        give_copy(uow, row.ring_id, opened[row.id], account_id, row.grant_id)
        uow.session.delete(row)
    return True


def settle(db: Database, keys: Keys, account_id: str, grants: Collection[str] = ("",)) -> None:
    """`open_held` and `hand_over`, until nothing is held by these grants; may be repeated."""
    done = False
    while not done:
        opened = open_held(db, keys, account_id, grants)
        with db.begin() as uow:
            done = hand_over(uow, account_id, opened, grants)


def withdraw_grant(uow: UnitOfWork, grant_id: str) -> None:
    """A grant has ended: its copies are deleted, wherever they wait."""
    kinds = (KeyCopy, HeldCopy, WantedCopy, MethodCopy)
    whose = union(*(select(one.account_id).where(one.grant_id == grant_id) for one in kinds))
    # A copy that is being made of a held or wanted one is there when its maker has ended.
    for account_id in sorted(uow.session.scalars(whose)) if grant_id else ():
        queue_for(uow, account_id)
    for kind in kinds:
        mine = (kind.grant_id == grant_id, kind.grant_id != "")
        uow.session.execute(delete(kind).where(*mine))


def _held(account_id: str, grants: Collection[str]) -> Select[HeldCopy]:
    return select(HeldCopy).where(HeldCopy.account_id == account_id, HeldCopy.grant_id.in_(grants))
