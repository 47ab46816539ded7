"""提交: what was placed is sealed, after the person has proved himself (F-48).

One act for all files: all are reserved in one transaction, or none is. Each is then sealed by
itself, so one that fails keeps no other back, and is submitted again alone.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol

from server.accounts.models import AccountSession
from server.certificates.held_copies import queue_for
from server.core import audit
from server.core.db import Database, UnitOfWork
from server.core.errors import DomainError
from server.documents.models import Document
from server.providers.keys import Keys
from server.seals.models import Seal
from server.signing.errors import DigestMismatch
from server.signing.models import SigningTask, TaskStatus
from server.signing.own.errors import NothingToSign
from server.signing.own.models import OwnSigning
from server.signing.own.queries import FileView, SigningView, of_account, view
from server.signing.own.rights import SealingRight, right_of
from server.signing.own.service import layout_of
from server.signing.sealing import (
    OpenKey,
    SealsUsed,
    hand_over,
    require_usable,
    reservation_key,
    start_sealing,
)


@dataclass(frozen=True)
class Shown:
    """What the person saw when he agreed: which bytes (S-14), and where the seals lie (S-16)."""

    documents: str
    placements: str

    def require(self, found: SigningView) -> None:
        """Raise DigestMismatch when it is not what would be sealed now."""
        if (found.documents_digest, found.placements_digest) != (self.documents, self.placements):
            raise DigestMismatch()


class Proved(Protocol):
    """A person who has proved himself, and with it his way to the owner's data key."""

    @property
    def means(self) -> str: ...

    def open(self, uow: UnitOfWork, right: SealingRight) -> OpenKey:
        """Spend the proof and open the key, in the transaction that reserves the uses."""
        ...


class Proof(Protocol):
    """What a person brings; judged outside any transaction, as that takes its time."""

    def judge(self, db: Database, session: AccountSession, found: SigningView) -> Proved:
        """Raises what is wrong with it; each wrong try is counted (S-21)."""
        ...


@dataclass(frozen=True)
class SubmitDesk:
    """Takes what people submit."""

    db: Database
    keys: Keys

    def submit(self, session: AccountSession, signing_id: str, shown: Shown, proof: Proof) -> None:
        """Reserve a use for each file that is not sealed yet, and have them sealed.

        Where all were submitted before, nothing is asked and nothing happens. Raises NothingToSign,
        OwnSigningOver, DigestMismatch, DocumentNotReady, DocumentRejected, NoRight, NoUsableSeal,
        what the proof raises, and what `start_sealing` raises, with the `document` concerned.
        """
        with self.db.read() as uow:
            found = _to_submit(uow, of_account(uow, session.account_id, signing_id))
            if found is None:
                return
            shown.require(found)
        proved = proof.judge(self.db, session, found)
        tasks = [one.file.task_id for one in found.open]
        halves = {task_id: reservation_key(self.keys, task_id) for task_id in tasks}
        with self.db.begin() as uow:
            # As at a confirmation: his key is not exchanged from here to the commit.
            queue_for(uow, session.account_id)
            found = _to_submit(uow, uow.locked(OwnSigning, signing_id))
            if found is not None:
                shown.require(found)
                _reserve(uow, found, proved, halves)


def _to_submit(uow: UnitOfWork, signing: OwnSigning) -> SigningView | None:
    """What is still to be sealed; None where everything was submitted before."""
    signing.require_not_cancelled()
    found = view(uow, signing)
    if not found.files:
        raise NothingToSign()
    return found if found.open else None


def _reserve(uow: UnitOfWork, found: SigningView, proved: Proved, halves: dict[str, bytes]) -> None:
    signing = found.signing
    right = right_of(uow, signing)
    opened = proved.open(uow, right)
    for file in found.open:
        with _naming(file.document):
            use_id = _start(uow, signing, file, right)
        hand_over(uow, use_id, opened, halves[file.file.task_id])
    signing.submitted_at = uow.now
    audit.record(
        uow,
        "own_signing.submitted",
        actor=signing.account_id,
        subject=signing.id,
        documents=found.documents_digest,
        placements=found.placements_digest,
        means=proved.means,
    )


def _start(uow: UnitOfWork, signing: OwnSigning, found: FileView, right: SealingRight) -> str:
    """One file on its way, as a task like any other; the id of its use."""
    found.document.require_ready()
    layout = layout_of(found.file)
    seals = _placed(right, layout.seal_ids())
    require_usable(uow, seals)
    task = found.task or _new_task(uow, signing, found)
    company = signing.enterprise_id
    used = SealsUsed(signing.account_id, company, right.grant_id, seals)
    return start_sealing(uow, task, layout, used).id


def _placed(right: SealingRight, wanted: list[str]) -> tuple[Seal, ...]:
    return tuple(seal for seal in right.seals if seal.id in wanted)


def _new_task(uow: UnitOfWork, signing: OwnSigning, found: FileView) -> SigningTask:
    """His own: nobody asked for it, and no page holds it."""
    task = SigningTask(
        id=found.file.task_id,
        document_id=found.document.id,
        title=found.document.name,
        user_reference="",
        every_page=False,
        status=TaskStatus.AUTHORIZED,
        signer_id=signing.account_id,
        created_at=uow.now,
        attempts=0,
    )
    uow.session.add(task)
    return task


@contextmanager
def _naming(document: Document) -> Iterator[None]:
    """What is wrong with one of several files says with which."""
    try:
        yield
    except DomainError as problem:
        problem.details.setdefault("document", document.id)
        raise
