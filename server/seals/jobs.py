"""What the worker does for seals: renewals and changes.

Maker and authority are asked outside any transaction; then everything is made true in one.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from server.accounts.news import News
from server.certificates import renewing as certificates
from server.certificates.jobs import withdraw
from server.certificates.models import KeyRing
from server.certificates.rekeying import is_being_replaced
from server.certificates.renewing import Renewed
from server.certificates.service import certificate_of
from server.core import audit, outbox
from server.core.db import Database, UnitOfWork
from server.core.errors import DomainError, TooMany, Unavailable, spoken
from server.core.jobs import Claim, WorkBrokeOff
from server.pki.revocation import RevocationReason
from server.pki.subject_keys import Algorithm
from server.providers.ca import CertificateAuthority
from server.providers.seal_maker import SealMaker
from server.seals import changing
from server.seals.errors import SealCancelled
from server.seals.history import add_version, is_newest
from server.seals.lifecycle import ended, living_of_ring
from server.seals.models import (
    ChangeKind,
    ChangeState,
    Seal,
    SealChange,
    SealImpression,
    SealStatus,
)
from server.seals.queries import impression_of
from server.seals.remaking import Wish, remake
from server.seals.renewing import plan_certificates, renewed_until
from server.seals.telling import tell_owner

# Each time another change of the same ring came between the asking and the writing.
MOST_ROUNDS = 3
TOLD = {
    ChangeKind.RENEWAL: News.SEAL_RENEWED,
    ChangeKind.IMPRESSION: News.IMPRESSION_CHANGED,
}


@dataclass(frozen=True)
class Remade:
    """One seal of the ring with what its maker has signed anew."""

    former: SealImpression
    wish: Wish
    made: bytes | None


@dataclass(frozen=True)
class Made:
    """What authority and maker have made for a ring, of which nothing is stored yet."""

    ring_id: str
    renewed: Sequence[Renewed]
    remade: Sequence[Remade]


@dataclass(frozen=True)
class SealChanger:
    """The handler of `seals.change`."""

    db: Database
    ca: CertificateAuthority
    maker: SealMaker

    def __call__(self, job: Claim) -> None:
        change_id = job.payload["change_id"]
        try:
            job.require_tries_left()
            self._carry_out(change_id)
        except (Unavailable, TooMany) as problem:
            if not job.is_last_try:
                raise
            self._give_up(change_id, problem)
        except WorkBrokeOff as problem:
            self._give_up(change_id, problem)
            raise
        except DomainError as problem:
            self._give_up(change_id, problem)

    def _carry_out(self, change_id: str) -> None:
        for _ in range(MOST_ROUNDS):
            change, seal = self._planned(change_id)
            if change.state != ChangeState.PENDING:
                return
            renewed = certificates.ask(self.db, self.ca, seal.ring_id)
            made = Made(seal.ring_id, renewed, self._remade(change, seal, renewed))
            with self.db.begin() as uow:
                if put_in_place(uow, change_id, made):
                    return
        raise Unavailable()

    def _planned(self, change_id: str) -> tuple[SealChange, Seal]:
        """The change and its seal; Unavailable while the keys of its ring are being replaced."""
        with self.db.begin() as uow:
            change = uow.session.get_one(SealChange, change_id)
            seal = uow.session.get_one(Seal, change.seal_id)
            if change.state == ChangeState.PENDING:
                if is_being_replaced(uow, seal.ring_id):
                    raise Unavailable()
                if change.kind == ChangeKind.RENEWAL:
                    plan_certificates(uow, seal, renewed_until(change))
        return change, seal

    def _remade(self, change: SealChange, seal: Seal, renewed: Sequence[Renewed]) -> list[Remade]:
        """The seal itself, and the ring's others where their list of signers changes."""
        with self.db.read() as uow:
            seals = _concerned(uow, seal, renewed)
            former = [(one, impression_of(uow, one.id)) for one in seals]
            wish = Wish(_signer(uow, seal.ring_id, renewed), uow.now)
        return [self._one(change, one, kept, wish) for one, kept in former]

    def _one(self, change: SealChange, seal: Seal, former: SealImpression, wish: Wish) -> Remade:
        if seal.id == change.seal_id:
            wish = changing.wished(change, seal, former, wish)
        made = remake(self.maker, former.made, wish) if former.made is not None else None
        return Remade(former, wish, made)

    def _give_up(self, change_id: str, problem: DomainError) -> None:
        with self.db.begin() as uow:
            change = uow.locked(SealChange, change_id)
            if change.state == ChangeState.PENDING:
                settle(uow, change, problem)


def put_in_place(uow: UnitOfWork, change_id: str, made: Made) -> bool:
    """Make a change true; False when something else has changed meanwhile, and nothing is done."""
    change = uow.locked(SealChange, change_id)
    if change.state != ChangeState.PENDING:
        return True
    seals = {one.former.seal_id: uow.locked(Seal, one.former.seal_id) for one in made.remade}
    seal = seals[change.seal_id]
    ring_ended = uow.locked(KeyRing, made.ring_id).retired_at is not None
    if ring_ended:
        _withdraw(uow, made.renewed)
    if seal.status == SealStatus.CANCELLED or (ring_ended and seal.ring_id == made.ring_id):
        settle(uow, change, seal.why_suspended() or SealCancelled())
        return True
    if ring_ended or not _is_as_it_was(uow, seal, made):
        return False
    certificates.put_in_place(uow, made.ring_id, made.renewed)
    for one in made.remade:
        add_version(uow, seals[one.former.seal_id], one.former, one.made, one.wish.picture)
    if change.kind == ChangeKind.RENEWAL:
        seal.valid_until = renewed_until(change)
    else:
        # What was placed, or even confirmed, was the former look.
        ended(uow, [seal.id])
    settle(uow, change)
    return True


def settle(uow: UnitOfWork, change: SealChange, problem: DomainError | None = None) -> None:
    """The change is done, or has failed with a problem that the owner can read."""
    change.state = ChangeState.FAILED if problem else ChangeState.DONE
    change.failure, change.settled_at = spoken(problem) if problem else None, uow.now
    told = {"change": change.id, "state": change.state}
    audit.record(uow, f"seal.{change.kind}", actor="system", subject=change.seal_id, **told)
    seal = uow.session.get_one(Seal, change.seal_id)
    tell_owner(uow, seal, News.SEAL_CHANGE_FAILED if problem else TOLD[ChangeKind(change.kind)])
    outbox.publish(uow, f"seal.{change.kind}", audience="own", subject=change.seal_id, **told)


def _withdraw(uow: UnitOfWork, renewed: Sequence[Renewed]) -> None:
    """What the authority has issued meanwhile for keys that have ended is good for nothing."""
    for one in renewed:
        withdraw(uow, one.answer.serial, RevocationReason.CESSATION_OF_OPERATION)


def _is_as_it_was(uow: UnitOfWork, seal: Seal, made: Made) -> bool:
    """Whether the seals that were made are those of the ring still, which keeps its keys."""
    if seal.ring_id != made.ring_id or is_being_replaced(uow, made.ring_id):
        return False
    concerned = {one.id for one in _concerned(uow, seal, made.renewed)}
    are_all = concerned == {one.former.seal_id for one in made.remade}
    return are_all and all(is_newest(uow, one.former) for one in made.remade)


def _concerned(uow: UnitOfWork, seal: Seal, renewed: Sequence[Renewed]) -> list[Seal]:
    """Oldest first, which is the order in which they are locked."""
    others = living_of_ring(uow, seal.ring_id) if renewed else []
    return sorted({seal.id: seal, **{one.id: one for one in others}}.values(), key=_id)


def _id(seal: Seal) -> str:
    return seal.id


def _signer(uow: UnitOfWork, ring_id: str, renewed: Sequence[Renewed]) -> bytes:
    """The SM2 certificate (DER) that the ring has now, or is about to get."""
    for one in renewed:
        if one.algorithm == Algorithm.SM2:
            return one.answer.certificate
    ring = uow.session.get_one(KeyRing, ring_id)
    return certificate_of(uow, ring, Algorithm.SM2).der
