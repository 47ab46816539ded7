"""The seals of an owner who gets new keys: the same picture, another signer's certificate.

`seals.remake` brings a replacement of keys to its end (`certificates/rekeying.py`). The authority
and the maker are asked with no transaction open; then ring, copies, seals and certificates change
hands in one, so that no seal is ever between two keys.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from server.certificates import rekeying, requests
from server.certificates.models import KeyRing, Rekeying
from server.core import audit
from server.core.db import Database, UnitOfWork
from server.core.errors import Conflict
from server.core.jobs import Claim
from server.providers.ca import CertificateAuthority
from server.providers.keys import Keys
from server.providers.seal_maker import SealMaker
from server.seals.history import add_version
from server.seals.lifecycle import ended, living_of_ring
from server.seals.models import Seal, SealImpression, SealStatus
from server.seals.queries import impression_of
from server.seals.remaking import Wish, remake

Made = Mapping[str, bytes | None]
"""What the maker has signed anew, by the id of the impression that it takes the place of."""


class SealsMoved(Conflict):
    """A seal was added, or has another impression, since the new ones were made: begin again."""

    code = "seals_moved"
    message = ("印章信息刚刚发生变化。", "The seals have just changed.")
    next_step = ("系统将自动重试。", "It will be tried again by itself.")


@dataclass(frozen=True)
class RingReplacer:
    """Runs `seals.remake`; a second time there is nothing left to do."""

    db: Database
    keys: Keys
    ca: CertificateAuthority
    maker: SealMaker

    def __call__(self, job: Claim) -> None:
        task_id = job.payload["rekeying_id"]
        with self.db.read() as uow:
            task = uow.session.get_one(Rekeying, task_id)
            seals = living_of_ring(uow, task.ring_id)
            before = [impression_of(uow, seal.id) for seal in seals]
            now = uow.now
        if task.done_at is not None:
            return
        issued = requests.fulfil(self.db, self.keys, self.ca, task_id)
        wish = Wish(issued.sm2.answer.certificate, now)
        made = {one.id: self._made(one, wish) for one in before}
        with self.db.begin() as uow:
            rekeying.queue_for_entitled(uow, task_id)
            task = uow.locked(Rekeying, task_id)
            seals = _locked(uow, task.ring_id)
            if task.done_at is not None:
                return
            if not seals:
                # The last seal was cancelled meanwhile; its ring has ended, and needs no other.
                rekeying.give_up(uow, task, issued)
                return
            ring = rekeying.exchange(uow, self.keys, task, issued).ring
            for seal in seals:
                _move(uow, seal, ring, made)
            ended(uow, [seal.id for seal in seals])

    def _made(self, former: SealImpression, wish: Wish) -> bytes | None:
        # An impression from before seals were made by a maker has none.
        return remake(self.maker, former.made, wish) if former.made is not None else None


def _locked(uow: UnitOfWork, ring_id: str) -> list[Seal]:
    # In the order of a cancellation, which asks for the ring's other seals: seals, then the ring.
    seals = [uow.locked(Seal, seal.id) for seal in living_of_ring(uow, ring_id)]
    uow.locked(KeyRing, ring_id)
    if {seal.id for seal in living_of_ring(uow, ring_id)} - {seal.id for seal in seals}:
        raise SealsMoved()
    return [seal for seal in seals if seal.status != SealStatus.CANCELLED]


def _move(uow: UnitOfWork, seal: Seal, ring: KeyRing, made: Made) -> None:
    """Give a seal to the new ring, with an impression of the same picture. SealsMoved."""
    former = impression_of(uow, seal.id)
    if former.id not in made:
        raise SealsMoved()
    seal.ring_id = ring.id
    add_version(uow, seal, former, made[former.id], None)
    audit.record(uow, "seal.remade", actor="system", subject=seal.id, ring=ring.id)
