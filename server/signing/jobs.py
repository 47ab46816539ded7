"""Sealing a document: read, seal with no transaction open, then make it true in one."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from qr_session import QrSessionError, QrSessionService
from server.accounts.models import Account
from server.certificates import envelope
from server.certificates import service as certificates
from server.certificates.signers import SoftwareSigner
from server.core import audit, jobs
from server.core.db import Database, UnitOfWork
from server.core.errors import DomainError, TooMany, Unavailable, spoken
from server.core.jobs import Claim, WorkBrokeOff
from server.documents.models import Document
from server.documents.names import sealed_name
from server.documents.service import add_sealed
from server.enterprises.models import Enterprise
from server.grants import service as grants
from server.grants.errors import LostReservation
from server.grants.models import SealUse, UseState
from server.providers.ca import CertificateAuthority
from server.providers.keys import Keys
from server.providers.storage import Storage
from server.providers.tsa import Tsa
from server.sealing import placement
from server.sealing.byte_range import Prefix
from server.sealing.known_documents import KnownDocuments
from server.sealing.placement import Placement
from server.sealing.sandbox import Sandbox
from server.sealing.seal_pdf import Signing, seal
from server.sealing.stamp import SealingMeta, SealPicture, SealsSigned, Stamp
from server.seals.models import Seal
from server.seals.queries import by_ids, operators_of
from server.signing.errors import DigestMismatch, GrantOver
from server.signing.lasting import validation_data
from server.signing.models import SigningTask, TaskStatus
from server.signing.sealing import about_reservation, require_usable, reservation_key
from server.signing.signers import SealsPlaced, document_signer, seals_signed
from server.signing.telling import tell_partner, tell_used


@dataclass(frozen=True)
class Work:
    """Everything that sealing needs, read in one short transaction."""

    fence: int
    ring_id: str
    document_digest: str
    stamps: list[Stamp]
    meta: SealingMeta
    signer: SoftwareSigner
    seals: SealsSigned | None


@dataclass(frozen=True)
class Sealer:
    """Runs `signing.seal_document`; `step` is told the name of each step as it is passed."""

    db: Database
    storage: Storage
    keys: Keys
    sandbox: Sandbox
    tsa: Tsa
    qr_sessions: QrSessionService
    seals_attribute: str
    one_signature_per_page: bool = False
    known: KnownDocuments = field(default_factory=KnownDocuments)
    ca: CertificateAuthority | None = None
    step: Callable[[str], None] = lambda _name: None

    def __call__(self, job: Claim) -> None:
        task_id, use_id = job.payload["task_id"], job.payload["use_id"]
        try:
            self._seal(job, task_id, use_id)
        except LostReservation:
            return  # The worker that took over settles it; giving up here would undo its work.
        except (Unavailable, TooMany) as problem:
            if not job.is_last_try:
                raise
            self._give_up(job, problem)
        except WorkBrokeOff as problem:
            self._give_up(job, problem)
            raise
        except DomainError as problem:
            self._give_up(job, problem)
        except Exception:
            if not job.is_last_try:
                raise
            self._give_up(job, DomainError())
            raise

    def reap(self) -> None:
        """Give back the uses whose workers died too often: their keys have been wiped by now."""
        with self.db.read() as uow:
            lost = grants.lost_reservations(uow)
        for use in lost:
            with self.db.begin() as uow:
                self.release(uow, use.task_id, use.id, GrantOver())

    def release(self, uow: UnitOfWork, task_id: str, use_id: str, problem: DomainError) -> None:
        """Give a reservation back, with the reason; what is settled stays as it is."""
        # Locked in the order of the confirmation and of `publish`: task, use, grant.
        task, use = uow.locked(SigningTask, task_id), uow.locked(SealUse, use_id)
        if use.state != UseState.RESERVED:
            return
        grants.release(uow, use)
        certificates.wipe_release(uow, use_id)
        task.fail(spoken(problem))
        code = problem.code
        audit.record(uow, "signing.failed", actor="system", subject=task.id, code=code)
        tell_partner(uow, "signing.failed", task, code=code)
        uow.after_commit(lambda: self.tell(task.qr_session_id, "failed"))

    def _seal(self, job: Claim, task_id: str, use_id: str) -> None:
        half = reservation_key(self.keys, task_id)
        with self.db.begin() as uow:
            use, task = uow.locked(SealUse, use_id), uow.session.get_one(SigningTask, task_id)
            if use.state != UseState.RESERVED:
                # Settled by a worker that died before it could tell the page. What the page has
                # done since, such as confirming again, is not spoken over.
                session_id, status = task.qr_session_id, task.status
                if status in (TaskStatus.SEALED, TaskStatus.FAILED):
                    uow.after_commit(lambda: self.tell(session_id, status))
                return
            job.require_tries_left()
            work = read_work(uow, use, half, self.seals_attribute)
        self.step("taken_up")
        original = self.storage.get(work.document_digest)
        sealed = seal(
            original,
            work.stamps,
            self._lasting(work),
            sandbox=self.sandbox,
            signing=Signing(
                work.signer, self.tsa.stamp, work.seals, self.known, self.one_signature_per_page
            ),
        )
        self.step("signed")
        self.storage.put(sealed)
        self.step("stored")
        hashed = self.known.grown(sealed, len(original))
        with self.db.begin() as uow:
            session_id = publish(uow, task_id, use_id, work, hashed)
            uow.after_commit(lambda: self.step("committed"))
            uow.after_commit(lambda: self.tell(session_id, "sealed"))
            self.step("before_commit")

    def _lasting(self, work: Work) -> SealingMeta:
        """What is said of the sealing, with the authority's answer where it gives one."""
        if self.ca is None:
            return work.meta
        signer = work.signer
        return replace(
            work.meta, lasting=validation_data(self.ca, signer.certificate, signer.chain)
        )

    def _give_up(self, job: Claim, problem: DomainError) -> None:
        with self.db.begin() as uow:
            if jobs.still_holds(uow, job):
                self.release(uow, job.payload["task_id"], job.payload["use_id"], problem)

    def tell(self, session_id: str, progress: str) -> None:
        """Note on the QR session how the sealing goes; the page that watches hears of it."""
        if not session_id:
            return  # Somebody's own file: no page shows a code.
        try:
            self.qr_sessions.annotate(session_id, progress)
        except QrSessionError:
            return  # The page reads the task itself; the QR session may be forgotten by now.


def read_work(uow: UnitOfWork, use: SealUse, half: bytes, seals_attribute: str) -> Work:
    """Take up the reservation and open the owner's key.

    Raises GrantOver when the key was wiped, DigestMismatch when the placements are not those that
    were confirmed (S-16).
    """
    task = uow.session.get_one(SigningTask, use.task_id)
    release = certificates.release_of(uow, use.id)
    if release is None:
        raise GrantOver()
    data_key = envelope.unlock(
        envelope.derive(half, purpose="reservation"), release.sealed, about_reservation(use.id)
    )
    stamps = _stamps(uow, task)
    if placement.digest([stamp.placement for stamp in stamps]) != use.placements_digest:
        raise DigestMismatch()
    ring_id, meta = release.ring_id, _meta(uow, use)
    lease_until = uow.now + grants.LEASE
    # In hand it stays for as long as the lease: only who takes the right away takes it.
    release.ends_at = max(release.ends_at, lease_until)
    seal_ids = {str(one.seal.id) for one in stamps}
    placed = SealsPlaced(seal_ids, meta.signing_time, seals_attribute)
    return Work(
        fence=use.take_up(lease_until),
        ring_id=ring_id,
        document_digest=use.document_digest,
        stamps=stamps,
        meta=meta,
        signer=document_signer(uow, ring_id, data_key),
        seals=seals_signed(uow, ring_id, data_key, placed),
    )


def _stamps(uow: UnitOfWork, task: SigningTask) -> list[Stamp]:
    placed = [Placement.of(row) for row in (*task.placements, *task.slices)]
    seals = by_ids(uow, {str(one.seal_id) for one in placed})
    pictures = {seal.id: _picture(uow, seal) for seal in seals}
    return [Stamp(pictures[str(one.seal_id)], one) for one in placed]


def _picture(uow: UnitOfWork, seal: Seal) -> SealPicture:
    return SealPicture(seal.id, operators_of(uow, seal.id), seal.width_mm, seal.height_mm)


def _meta(uow: UnitOfWork, use: SealUse) -> SealingMeta:
    company = uow.session.get(Enterprise, use.enterprise_id) if use.enterprise_id else None
    owner = company or uow.session.get_one(Account, use.account_id)
    return SealingMeta(
        signer_name=owner.name, reason="电子签章", location="广西", signing_time=uow.now
    )


def publish(uow: UnitOfWork, task_id: str, use_id: str, work: Work, sealed: Prefix) -> str:
    """Make it true at once: use counted, document, audit row, news; the QR session to tell.

    Every right is asked once more (S-29, S-30): a seal that was suspended while the time stamp
    was fetched seals nothing. Raises LostReservation, GrantOver, SealSuspended …
    """
    task, use = uow.locked(SigningTask, task_id), uow.locked(SealUse, use_id)
    use.complete(work.fence, uow.now)
    # Kept from change until the commit: no file comes out after its seal was reported suspended.
    seals = [uow.locked(Seal, seal_id) for seal_id in sorted(one["id"] for one in use.seals)]
    require_usable(uow, seals)
    grants.require_still_granted(uow, use)
    _require_as_taken_up(uow, use_id, work, seals)
    source = uow.session.get_one(Document, task.document_id)
    holder = (use.account_id, use.enterprise_id or "")
    document = add_sealed(uow, source, sealed, sealed_name(source.name), holder)
    task.finish(document.id, uow.now)
    certificates.wipe_release(uow, use_id)
    certificates.wipe_release(uow, task.page_grant_id)
    facts = {"document": document.digest, "use": use.id}
    audit.record(
        uow,
        "signing.sealed",
        actor=use.account_id,
        subject=task.id,
        shown=use.document_digest,
        placements=use.placements_digest,
        grant=use.grant_id,
        **facts,
    )
    tell_used(uow, use)
    tell_partner(uow, "signing.sealed", task, **facts)
    return task.qr_session_id


def _require_as_taken_up(uow: UnitOfWork, use_id: str, work: Work, seals: Sequence[Seal]) -> None:
    """Key and looks are those that the worker has sealed with; raises GrantOver.

    The owner's keys may have been replaced, the signer's own key exchanged (P-40), or a seal given
    another look (F-27). A renewal (F-28) leaves the look as it is.
    """
    drawn = (one.seal for one in work.stamps)
    if (
        any(seal.ring_id != work.ring_id for seal in seals)
        or not certificates.is_released(uow, use_id)
        or any(operators_of(uow, str(one.id)) != one.operators for one in drawn)
    ):
        raise GrantOver()
