"""A person's names at other houses: at WeChat, at Alipay, on the government's platform (F-08).

An identity is no account. It opens one only after its person, logged in another way, has bound
it; until then the other house's word is kept and gives nothing (S-42).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import select

from server.accounts import consents, registration, sessions
from server.accounts.errors import (
    AnotherIdentityBound,
    IdentityNotBound,
    IdentityTaken,
    IdentityTicketRefused,
    LastWayIn,
)
from server.accounts.models import Account, Identity, IdentityKind, Means
from server.accounts.sessions import Device
from server.core import audit
from server.core.db import UnitOfWork
from server.core.errors import NotFound
from server.core.ids import fingerprint, new_id
from server.providers.keys import Keys


@dataclass(frozen=True)
class Assertion:
    """Who somebody is by another house's word; only a provider makes one.

    `app` is the house's name of us: WeChat's or Alipay's appid, the issuer of a single sign-on.
    `subject` is its name of the person for this app, `union` the one for all apps of one owner.
    """

    kind: IdentityKind
    app: str
    subject: str = field(repr=False)
    union: str | None = field(default=None, repr=False)


@dataclass(frozen=True)
class SealedIdentity:
    """An assertion, closed for its row."""

    id: str
    kind: IdentityKind
    app: str
    index: str
    subject: bytes = field(repr=False)
    union_index: str | None


def prepare(keys: Keys, said: Assertion) -> SealedIdentity:
    """Close an assertion; outside any transaction, as the key holder is asked."""
    identity_id = new_id("idn")
    sealed = keys.wrap("identity", identity_id, said.subject.encode())
    union = _index(keys, f"{said.kind} union", said.union) if said.union else None
    return SealedIdentity(identity_id, said.kind, said.app, index(keys, said), sealed, union)


def index(keys: Keys, said: Assertion) -> str:
    """The keyed digest under which an identity is found."""
    return _index(keys, f"{said.kind} {said.app}", said.subject)


def open_subject(keys: Keys, identity: Identity) -> str:
    """The house's name of the person, to ask the house something about him."""
    return keys.unwrap("identity", identity.id, identity.subject_sealed).decode()


def keep(uow: UnitOfWork, sealed: SealedIdentity) -> Identity:
    """The row of this identity, made at its first sight; it is bound to nobody by that.

    One exception: where the same house says, by one `union`, that it is the person of an identity
    that is bound already, this one is bound to the same account.
    """
    uow.queue_up(f"identity {sealed.index}")
    identity = find(uow, sealed.kind, sealed.app, sealed.index)
    if identity is None:
        identity = Identity(
            id=sealed.id,
            kind=sealed.kind,
            app=sealed.app,
            subject_index=sealed.index,
            subject_sealed=sealed.subject,
            created_at=uow.now,
        )
        uow.session.add(identity)
    identity.union_index = sealed.union_index or identity.union_index
    uow.session.flush()
    holders = _holders_of_union(uow, identity)
    if identity.account_id is None and len(holders) == 1:
        _write_down(uow, identity, holders.pop(), "identity.merged")
    return identity


def find(uow: UnitOfWork, kind: str, app: str, subject_index: str) -> Identity | None:
    """The identity of this digest, bound or not."""
    return uow.session.scalar(
        select(Identity)
        .where(Identity.kind == kind, Identity.app == app, Identity.subject_index == subject_index)
        .with_for_update()
    )


def bind(uow: UnitOfWork, identity_id: str, account_id: str) -> Identity:
    """Bind an identity to an account; once more to the same one changes nothing.

    The caller has proved both: that the identity's person is there, and who is logged in.
    Raises IdentityTicketRefused when the identity is gone, IdentityTaken when it, or another of
    its union, is somebody else's; AnotherIdentityBound when the account has another of the house.
    """
    account = _open_account(uow, account_id)
    identity = uow.session.get(Identity, identity_id, with_for_update=True, populate_existing=True)
    if identity is None:
        # Whoever closes his account takes his identities along.
        raise IdentityTicketRefused()
    if identity.account_id == account.id:
        return identity
    if identity.account_id is not None or _holders_of_union(uow, identity) - {account.id}:
        raise IdentityTaken()
    mine = bound(uow, account.id)
    if any((one.kind, one.app) == (identity.kind, identity.app) for one in mine):
        raise AnotherIdentityBound()
    _write_down(uow, identity, account.id, "identity.bound")
    return identity


def bind_by_phone(uow: UnitOfWork, identity: Identity, phone_index: str, name: str) -> None:
    """Bind, for the first time, to the account of a phone that the other house has verified.

    A number may have gone to a new owner since then. So a name that the account has must be the
    one that the house tells, and what was bound before, or is bound otherwise, is left alone.
    """
    account = registration.by_phone(uow, phone_index)
    first = identity.account_id is None and identity.bound_at is None
    if account is None or not first or (account.real_name and account.name != name):
        return
    if all(one.kind != identity.kind for one in bound(uow, account.id)):
        bind(uow, identity.id, account.id)


def unbind(uow: UnitOfWork, account_id: str, kind: IdentityKind, *, keep_session: str = "") -> None:
    """Take away all identities of one house, and end the sessions that were opened by them.

    `keep_session` is the session that asks; it goes on. Raises LastWayIn when nothing else is
    left to log in by, NotFound when there is none of this house.
    """
    account = _open_account(uow, account_id)
    every = bound(uow, account.id)
    gone = [one for one in every if one.kind == kind]
    if not gone:
        raise NotFound()
    if account.phone_index is None and account.id_number_index is None and len(gone) == len(every):
        raise LastWayIn()
    for one in gone:
        # When it was bound stays: what its person has unbound is not bound again by itself.
        one.account_id = None
        told = {"kind": one.kind, "identity": one.id}
        audit.record(uow, "identity.unbound", actor=account.id, subject=account.id, **told)
    for session in sessions.open_sessions(uow, account.id):
        if session.means == MEANS[kind] and session.id != keep_session:
            session.ended_at = uow.now


def log_in(
    uow: UnitOfWork, identity_id: str, device: Device, *, agreed: bool = False
) -> tuple[Account, str]:
    """Open a session for the account of an identity whose person is there; its token, shown once.

    `agreed`: the agreements were ticked in this very request; a silent login leaves them as they
    are, and whoever has not accepted their present version is asked. Raises IdentityNotBound.
    """
    identity = uow.session.get(Identity, identity_id)
    holder = identity.account_id if identity else None
    account = uow.session.get(Account, holder) if holder else None
    if identity is None or account is None or account.closed_at is not None:
        raise IdentityNotBound()
    if agreed:
        consents.give(uow, account.id)
    means = MEANS[IdentityKind(identity.kind)]
    return account, sessions.open_session(uow, account, device, means, identity=identity.id)


def bound(uow: UnitOfWork, account_id: str) -> Sequence[Identity]:
    """What is bound to an account, the oldest first."""
    mine = select(Identity).where(Identity.account_id == account_id)
    return uow.session.scalars(mine.order_by(Identity.bound_at, Identity.id)).all()


MEANS = {
    IdentityKind.WECHAT: Means.WECHAT,
    IdentityKind.ALIPAY: Means.ALIPAY,
    IdentityKind.SSO: Means.SSO,
}


def _open_account(uow: UnitOfWork, account_id: str) -> Account:
    # The account before its identities, so that two callers never wait for each other.
    account = uow.locked(Account, account_id)
    if account.closed_at is not None:
        raise NotFound()
    return account


def _holders_of_union(uow: UnitOfWork, identity: Identity) -> set[str]:
    if identity.union_index is None:
        return set()
    same = (Identity.kind == identity.kind, Identity.union_index == identity.union_index)
    others = select(Identity.account_id).where(*same, Identity.account_id.is_not(None))
    return {holder for holder in uow.session.scalars(others) if holder}


def _write_down(uow: UnitOfWork, identity: Identity, account_id: str, event: str) -> None:
    identity.account_id, identity.bound_at = account_id, uow.now
    told = {"kind": identity.kind, "identity": identity.id}
    audit.record(uow, event, actor=account_id, subject=account_id, **told)


def _index(keys: Keys, house: str, name: str) -> str:
    bucket = f"identities {fingerprint(name)[:4]}"
    return keys.hmac("identity_index", bucket, f"{house} {name}".encode()).hex()
