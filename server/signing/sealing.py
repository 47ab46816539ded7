"""From 确认签署 to the reservation: check once more, freeze, and hand the key to the worker."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

from server.certificates import envelope
from server.certificates import service as certificates
from server.core import jobs
from server.core.db import UnitOfWork
from server.documents.models import Document
from server.documents.queries import page_boxes
from server.grants import service as grants
from server.grants.errors import GrantEnded
from server.grants.models import SealUse
from server.grants.rights import right_for
from server.providers.keys import Keys
from server.sealing import placement, straddle
from server.sealing.placement import Placement, PlacementPolicy, SealId
from server.sealing.straddle import Straddle
from server.seals.models import Seal
from server.seals.queries import by_ids
from server.signing.errors import DigestMismatch, GrantOver, SealCertificateInvalid
from server.signing.models import PageGrant, SigningTask
from server.signing.page_grants import about_release, loaded_grant
from server.signing.queries import certificates_of

SEAL_DOCUMENT = "signing.seal_document"


@dataclass(frozen=True)
class Handover:
    """The service's halves of the keys that close the data key to the page and to the worker."""

    page_pepper: bytes
    reservation_key: bytes


@dataclass(frozen=True)
class Layout:
    """Where a person has put seals: whole ones, and ones across the edges of many pages."""

    placements: tuple[Placement, ...]
    straddles: tuple[Straddle, ...] = ()

    def seal_ids(self) -> list[str]:
        """The seal of each placement and of each straddle, which is one seal as well."""
        seals: list[Placement | Straddle] = [*self.placements, *self.straddles]
        return [str(one.seal_id) for one in seals]


@dataclass(frozen=True)
class Confirmation:
    """What the page confirms: where the seals lie, on which bytes, opened with its token."""

    layout: Layout
    document_digest: str
    page_token: str


@dataclass(frozen=True)
class SealsUsed:
    """Who uses which seals of which company (None: his own), and by which grant."""

    account_id: str
    enterprise_id: str | None
    grant_id: str
    seals: tuple[Seal, ...]


@dataclass(frozen=True)
class OpenKey:
    """A ring's data key while it is open."""

    ring_id: str
    data_key: bytes = field(repr=False)


def handover(keys: Keys, task_id: str) -> Handover:
    """Ask the key holder for this task's halves; outside any transaction."""
    return Handover(page_pepper(keys, task_id), reservation_key(keys, task_id))


def page_pepper(keys: Keys, task_id: str) -> bytes:
    """The service's half of what closes a data key to a task's page."""
    return keys.hmac("page_release", task_id)


def reservation_key(keys: Keys, task_id: str) -> bytes:
    """The service's half of what closes a data key to a task's reservation."""
    return keys.hmac("reservation", task_id)


def save_draft(uow: UnitOfWork, task: SigningTask, layout: Layout) -> list[int]:
    """Keep a layout for a reload; the numbers of the pages without a seal.

    Raises GrantOver, WrongTaskState.
    """
    loaded_grant(uow, task).touch(uow.now)
    _keep(task, layout.placements, layout.straddles)
    pages = len(uow.session.get_one(Document, task.document_id).pages)
    return straddle.pages_without_seal(layout.placements, layout.straddles, pages)


def confirm_placements(
    uow: UnitOfWork, task: SigningTask, confirmation: Confirmation, halves: Handover
) -> SealUse:
    """Freeze the placements, take one use, and enqueue the sealing.

    Every right is checked again at this moment (Settled 3). Raises GrantOver, DigestMismatch,
    NoRight, SealSuspended …, and what `straddle.check_all` raises.
    """
    grant, layout = loaded_grant(uow, task), confirmation.layout
    grant.touch(uow.now)
    document = uow.session.get_one(Document, task.document_id)
    if not document.digest == grant.document_digest == confirmation.document_digest:
        raise DigestMismatch()
    seals = _usable_seals(uow, grant, set(layout.seal_ids()))
    used = SealsUsed(grant.account_id, grant.enterprise_id, grant.seal_grant_id, tuple(seals))
    use = start_sealing(uow, task, layout, used)
    _hand_key_over(uow, grant, use.id, confirmation.page_token, halves)
    return use


def start_sealing(uow: UnitOfWork, task: SigningTask, layout: Layout, used: SealsUsed) -> SealUse:
    """Freeze where the seals lie, take one use and enqueue the sealing; the key is still to be
    handed over. Raises what `straddle.check_all` and `grants.reserve` raise."""
    document = uow.session.get_one(Document, task.document_id)
    policy = PlacementPolicy.EVERY_PAGE if task.every_page else PlacementPolicy.ANY_PAGE
    sizes: dict[SealId, tuple[float, float]] = {
        seal.id: (seal.width_mm, seal.height_mm) for seal in used.seals
    }
    drawn = straddle.check_all(
        layout.placements, layout.straddles, page_boxes(document), sizes, policy
    )
    _keep(task, [one for one in drawn if one.clip is None], layout.straddles)
    slices = [one.as_row() for one in drawn if one.clip is not None]
    task.start_sealing(slices, placement.digest(drawn))
    use = grants.reserve(uow, _use(task, document, used))
    jobs.enqueue(uow, SEAL_DOCUMENT, max_attempts=4, task_id=task.id, use_id=use.id)
    return use


def _keep(
    task: SigningTask, placements: Sequence[Placement], straddles: Sequence[Straddle]
) -> None:
    task.keep_draft([one.as_row() for one in placements], [one.as_row() for one in straddles])


def _usable_seals(uow: UnitOfWork, grant: PageGrant, wanted: set[str]) -> list[Seal]:
    """The seals of the page grant that are placed, each still usable by this person."""
    released = by_ids(uow, [seal_id for seal_id in grant.seal_ids if seal_id in wanted])
    require_usable(uow, released)
    right = right_for(uow, grant.account_id, grant.enterprise_id)
    if right.grant_id != grant.seal_grant_id or not set(released) <= set(right.seals):
        raise GrantEnded()
    return list(released)


def require_usable(uow: UnitOfWork, seals: Collection[Seal]) -> None:
    """Each seal and the certificate behind it must hold at this moment (S-29, S-30).

    Raises SealSuspended, SealCancelled, SealExpired, SealCertificateInvalid.
    """
    for seal in seals:
        seal.require_usable(uow.now)
    if not all(one.is_good(uow.now) for one in certificates_of(uow, seals)):
        raise SealCertificateInvalid()


def _use(task: SigningTask, document: Document, used: SealsUsed) -> grants.Use:
    counts = Counter(one["seal_id"] for one in (*task.placements, *task.straddles))
    placed: list[dict[str, Any]] = [
        {"id": seal.id, "name": seal.name, "count": counts[seal.id]} for seal in used.seals
    ]
    return grants.Use(
        reservation_key=f"{task.id}:{task.attempts}",
        task_id=task.id,
        account_id=used.account_id,
        enterprise_id=used.enterprise_id,
        grant_id=used.grant_id,
        document_digest=document.digest,
        document_name=document.name,
        placements_digest=task.placements_digest,
        partner_id=task.partner_id or "",
        seals=placed,
    )


def _hand_key_over(
    uow: UnitOfWork, grant: PageGrant, use_id: str, page_token: str, halves: Handover
) -> None:
    release = certificates.release_of(uow, grant.id)
    if release is None:
        raise GrantOver()
    page_key = envelope.key_of_page(page_token)
    data_key = envelope.open_sealed(
        page_key, release.sealed, about_release(grant.id), halves.page_pepper
    )
    hand_over(uow, use_id, OpenKey(release.ring_id, data_key), halves.reservation_key)


def hand_over(uow: UnitOfWork, use_id: str, opened: OpenKey, half: bytes) -> None:
    """Close a data key to one reservation: with the service's `half` the worker opens it."""
    key = envelope.derive(half, purpose="reservation")
    certificates.keep_release(
        uow,
        use_id,
        ring_id=opened.ring_id,
        sealed=envelope.lock(key, opened.data_key, about_reservation(use_id)),
        ends_at=uow.now + 5 * grants.LEASE,
    )


def about_reservation(use_id: str) -> str:
    """What a data key kept for the worker is bound to."""
    return f"data key for reservation {use_id}"
