"""New keys for an owner whose holder can open the old ones no more (P-40), or is another (P-39).

A data key that was sealed to a lost wrapping key is lost with it. So the ring is replaced: new keys
and certificates, and a new data key for everybody who had the old one. `begin` keeps the request;
the job `seals.remake` asks the authority, has the seals made anew and calls `exchange`.
"""

from collections.abc import Sequence

from sqlalchemy import delete, select

from server.accounts.models import Account
from server.certificates import method_copies, requests, service
from server.certificates.held_copies import give_or_hold, queue_for
from server.certificates.jobs import TRIES, withdraw
from server.certificates.models import (
    HeldCopy,
    KeyCopy,
    KeyRing,
    MethodCopy,
    OwnerKind,
    PersonalKey,
    Rekeying,
    WantedCopy,
)
from server.certificates.revoking import end_ring
from server.certificates.service import OpenRing, Owner, SigningKeys
from server.core import audit, jobs
from server.core.db import UnitOfWork
from server.core.ids import new_id
from server.enterprises.models import Enterprise
from server.enterprises.queries import represented_by
from server.pki.authority import Period, Subject
from server.pki.revocation import RevocationReason
from server.pki.subject_keys import Algorithm
from server.providers.keys import Keys

REMAKE = "seals.remake"
OWN = ""
"""The grant of who holds a copy by his own right."""


def lose_copies(uow: UnitOfWork, keys: Keys, account_id: str) -> None:
    """A person's wrapping key is exchanged: nothing that was sealed to the old one counts any more.

    Rings of his own, and of companies that he represents, are replaced. What he was granted is
    wanted again from the company's representative.
    """
    copies = uow.session.scalars(select(KeyCopy).where(KeyCopy.account_id == account_id)).all()
    for copy in copies:
        ring = uow.session.get_one(KeyRing, copy.ring_id)
        uow.session.delete(copy)
        if ring.retired_at is not None:
            continue
        if copy.grant_id == OWN:
            begin(uow, keys, ring, owner_of(uow, ring), account_id)
        else:
            _want(uow, copy)
    granted = (MethodCopy.account_id == account_id, MethodCopy.grant_id != OWN)
    uow.session.execute(delete(MethodCopy).where(*granted))


def take_over_represented(uow: UnitOfWork, keys: Keys, account_id: str) -> None:
    """Give a representative the rings of his companies that he has no copy of (P-39).

    Called when the registry names him, and when he has downloaded his certificate; a second time
    changes nothing.
    """
    for company in represented_by(uow, account_id):
        owner = _company(company)
        for ring in _current(uow, owner):
            if not _holds(uow, ring.id, account_id):
                begin(uow, keys, ring, owner, account_id)


def begin(uow: UnitOfWork, keys: Keys, ring: KeyRing, owner: Owner, holder_id: str) -> None:
    """Ask for a ring in the place of this one, for `holder_id`; a second time he alone changes.

    The new certificates end when the old ones would have: this is no renewal (F-28).
    """
    going = going_on(uow, ring.id)
    if going is not None:
        going.holder_id = holder_id
        return
    # Its certificates are not renewed from here on: the new ones end when these do.
    if uow.locked(KeyRing, ring.id).retired_at is not None or is_being_replaced(uow, ring.id):
        return
    starts = uow.now.replace(microsecond=0)
    ends = service.certificate_of(uow, ring, Algorithm.P256).not_after
    if ends <= starts:
        return
    request_id, period = new_id("rekey"), Period(starts, ends)
    requests.open_request(uow, keys, request_id=request_id, owner=owner, period=period)
    row = Rekeying(id=request_id, ring_id=ring.id, holder_id=holder_id, opened_at=uow.now)
    uow.session.add(row)
    jobs.enqueue(uow, REMAKE, max_attempts=TRIES, rekeying_id=request_id)
    audit.record(uow, "keys.rekeying", actor=holder_id, subject=ring.owner_id, ring=ring.id)


def going_on(uow: UnitOfWork, ring_id: str) -> Rekeying | None:
    """The replacement of a ring that is not done yet, if there is one."""
    mine = (Rekeying.ring_id == ring_id, Rekeying.done_at.is_(None))
    return uow.session.scalars(select(Rekeying).where(*mine).with_for_update()).first()


def is_being_replaced(uow: UnitOfWork, ring_id: str) -> bool:
    """Whether another ring is about to take the place of this one; locks nothing."""
    mine = (Rekeying.ring_id == ring_id, Rekeying.done_at.is_(None))
    return uow.session.scalar(select(Rekeying.id).where(*mine).limit(1)) is not None


def queue_for_entitled(uow: UnitOfWork, rekeying_id: str) -> None:
    """Nobody who gets the new ring exchanges his own key, or loses his grant, until the end of the
    transaction. To be called before rings and seals are locked: others take people first, too.
    """
    people = _entitled(uow, uow.session.get_one(Rekeying, rekeying_id))
    for account_id in sorted({account_id for account_id, _ in people}):
        queue_for(uow, account_id)


def exchange(uow: UnitOfWork, keys: Keys, rekeying: Rekeying, issued: SigningKeys) -> OpenRing:
    """Make the new ring, give it to all who had the old one, and retire that with its certificates.

    Pages and workers that hold the old data key lose it.
    """
    old = uow.locked(KeyRing, rekeying.ring_id)
    opened = service.make_ring(uow, issued)
    # A ring that is for no further seal, as its company has another name, has such a successor.
    opened.ring.retired_at = old.retired_at
    requests.close_request(uow, rekeying.id)
    kept = method_copies.holders(uow, old.id)
    for account_id, grant_id in _entitled(uow, rekeying):
        give_or_hold(uow, keys, opened, account_id, grant_id)
        if (account_id, grant_id) in kept:
            method_copies.keep(uow, keys, opened, account_id, grant_id)
    end_ring(uow, old.id, RevocationReason.SUPERSEDED)
    rekeying.done_at = uow.now
    facts = {"ring": opened.ring.id, "before": old.id}
    audit.record(uow, "keys.rekeyed", actor="system", subject=old.owner_id, **facts)
    return opened


def give_up(uow: UnitOfWork, rekeying: Rekeying, issued: SigningKeys) -> None:
    """The old ring has ended by itself: wipe the new keys, and have their certificates revoked."""
    requests.close_request(uow, rekeying.id)
    for one in issued:
        withdraw(uow, one.answer.serial, RevocationReason.CESSATION_OF_OPERATION)
    rekeying.done_at = uow.now


def supply_wanted(uow: UnitOfWork, ring_id: str, data_key: bytes) -> None:
    """The representative has opened his ring: give to those who wait for a copy of it again."""
    wanted = select(WantedCopy).where(WantedCopy.ring_id == ring_id)
    for account_id in sorted({row.account_id for row in uow.session.scalars(wanted)}):
        queue_for(uow, account_id)
    # Read again: one that another confirmation has supplied, or a grant's end withdrawn, is gone.
    for row in uow.session.scalars(wanted.with_for_update()).all():
        if uow.session.get(PersonalKey, row.account_id, populate_existing=True) is None:
            continue
        service.give_copy(uow, ring_id, data_key, row.account_id, row.grant_id)
        uow.session.delete(row)


def owner_of(uow: UnitOfWork, ring: KeyRing) -> Owner:
    """Whose ring it is, by his present name."""
    kind = OwnerKind(ring.owner_kind)
    if kind is OwnerKind.ENTERPRISE:
        return _company(uow.session.get_one(Enterprise, ring.owner_id))
    person = uow.session.get_one(Account, ring.owner_id)
    return Owner(kind, person.id, Subject.of_person(person.name, person.id))


def _company(company: Enterprise) -> Owner:
    subject = Subject.of_company(company.name, company.code)
    return Owner(OwnerKind.ENTERPRISE, company.id, subject)


def _holds(uow: UnitOfWork, ring_id: str, account_id: str) -> bool:
    """Whether a person has a copy by his own right, or one waits for him."""
    found = (
        uow.session.scalar(
            select(kind.id).where(
                kind.ring_id == ring_id, kind.account_id == account_id, kind.grant_id == OWN
            )
        )
        for kind in (KeyCopy, HeldCopy)
    )
    return any(found)


def _current(uow: UnitOfWork, owner: Owner) -> Sequence[KeyRing]:
    his = (KeyRing.owner_kind == owner.kind, KeyRing.owner_id == owner.id)
    return uow.session.scalars(select(KeyRing).where(*his, KeyRing.retired_at.is_(None))).all()


def _want(uow: UnitOfWork, copy: KeyCopy) -> None:
    uow.session.add(
        WantedCopy(
            id=new_id("wc"),
            ring_id=copy.ring_id,
            account_id=copy.account_id,
            grant_id=copy.grant_id,
        )
    )


def _entitled(uow: UnitOfWork, rekeying: Rekeying) -> list[tuple[str, str]]:
    """Who gets the new ring, (account, grant): its holder, and who was granted a copy of the old
    one, wherever that is now.
    """
    entitled = _own(uow, rekeying)
    for kind in (KeyCopy, HeldCopy, WantedCopy):
        rows = select(kind.account_id, kind.grant_id)
        granted = rows.where(kind.ring_id == rekeying.ring_id, kind.grant_id != OWN)
        entitled.update((account, grant) for account, grant in uow.session.execute(granted))
    return sorted(entitled)


def _own(uow: UnitOfWork, rekeying: Rekeying) -> set[tuple[str, str]]:
    """Who holds it by his own right: of a company, the present representative with an account."""
    ring = uow.session.get_one(KeyRing, rekeying.ring_id)
    if ring.owner_kind != OwnerKind.ENTERPRISE:
        return {(rekeying.holder_id, OWN)}
    # Kept as it is: the registry's next word on it finds the new ring.
    company = uow.session.get_one(
        Enterprise, ring.owner_id, with_for_update={"read": True}, populate_existing=True
    )
    holder = company.representative_id
    return set() if holder is None else {(holder, OWN)}
