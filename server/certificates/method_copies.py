"""Copies of a data key that the service opens by itself, once their person has proved that he wants
it by his method: 核验密码, a text message or his face (F-23, F-48; decision 0029).

A copy is bound to its ring, its person and his grant, and is closed under the service's key. It is
there only while the owner's method is another than the PIN. Who has no certificate has a held copy
instead, which serves as well.
"""

from sqlalchemy import ColumnElement, delete, select

from server.certificates.held_copies import PURPOSE as HELD
from server.certificates.held_copies import queue_for
from server.certificates.models import HeldCopy, KeyRing, MethodCopy, OwnerKind
from server.certificates.service import OpenRing
from server.core.db import UnitOfWork
from server.core.ids import new_id
from server.providers.keys import Keys

PURPOSE = "method_copy"
ServiceCopy = MethodCopy | HeldCopy


def keep(
    uow: UnitOfWork, keys: Keys, opened: OpenRing, account_id: str, grant_id: str = ""
) -> None:
    """Keep a copy for an entitled person; a second time changes nothing."""
    ring, data_key = opened
    queue_for(uow, account_id)
    if uow.session.scalar(
        select(MethodCopy.id).where(*_of(MethodCopy, ring.id, account_id, grant_id))
    ):
        return
    row = MethodCopy(id=new_id("mc"), ring_id=ring.id, account_id=account_id, grant_id=grant_id)
    row.sealed = keys.wrap(PURPOSE, ring.id, data_key, row.about)
    uow.session.add(row)


def find(uow: UnitOfWork, ring_id: str, account_id: str, grant_id: str = "") -> ServiceCopy | None:
    """What the service could open for this person under this right."""
    whose = (ring_id, account_id, grant_id)
    kept = uow.session.scalar(select(MethodCopy).where(*_of(MethodCopy, *whose)))
    held = uow.session.scalar(select(HeldCopy).where(*_of(HeldCopy, *whose)))
    return kept or held


def unwrap(keys: Keys, copy: ServiceCopy) -> bytes:
    """The data key; no transaction open. Raises UnwrapRefused, KeysUnavailable."""
    purpose = PURPOSE if isinstance(copy, MethodCopy) else HELD
    return keys.unwrap(purpose, copy.ring_id, copy.sealed, copy.about)


def holders(uow: UnitOfWork, ring_id: str) -> set[tuple[str, str]]:
    """For whom, by which grants, copies of a ring are kept."""
    rows = select(MethodCopy.account_id, MethodCopy.grant_id).where(MethodCopy.ring_id == ring_id)
    return {(account, grant) for account, grant in uow.session.execute(rows)}


def withdraw_of_owner(uow: UnitOfWork, kind: OwnerKind, owner_id: str) -> None:
    """The owner's uses are verified by the PIN again: nothing is kept for anybody."""
    rings = select(KeyRing.id).where(KeyRing.owner_kind == kind, KeyRing.owner_id == owner_id)
    uow.session.execute(delete(MethodCopy).where(MethodCopy.ring_id.in_(rings)))


def withdraw_all(uow: UnitOfWork) -> None:
    """The operator keeps no key that he could open alone (GUIYIN_KEYS_BY_METHOD)."""
    uow.session.execute(delete(MethodCopy))


def _of(
    kind: type[MethodCopy] | type[HeldCopy], ring_id: str, account_id: str, grant_id: str
) -> tuple[ColumnElement[bool], ...]:
    his = (kind.account_id == account_id, kind.grant_id == grant_id)
    return (kind.ring_id == ring_id, *his)
