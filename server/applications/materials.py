"""Materials: pictures taken in, drawn anew in the child, closed, kept, read, deleted (F-22).

They show people's documents. Each is stored under a key of its own, which only the service's key
opens, so that neither the blobs nor the database alone show anything.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final, TypeVar

from sqlalchemy import Text, cast, delete, or_, select

from server.applications import closed_blobs, queries, slots
from server.applications.certification_models import ApplicationForm, Certification
from server.applications.closed_blobs import ClosedBlob
from server.applications.content import materials_of
from server.applications.errors import (
    MaterialNotFound,
    MaterialTooLarge,
    PictureTooComplex,
    SlotUnknown,
)
from server.applications.lifecycle import ENDED
from server.applications.models import Application, Material, Party, Way
from server.applications.queries import Viewer
from server.applications.slots import Slot
from server.core.db import UnitOfWork
from server.core.ids import new_id
from server.providers.keys import Keys
from server.providers.storage import Storage
from server.sealing.errors import PdfTooComplex
from server.sealing.impression import cut_out
from server.sealing.pictures import clean_picture
from server.sealing.sandbox import Sandbox

T = TypeVar("T")
LARGEST: Final = 5 * 1024 * 1024
KEPT_AFTER_END: Final = timedelta(days=30)


@dataclass(frozen=True)
class TakenMaterial:
    """A picture that is stored, closed, and that no row names yet."""

    id: str
    slot: str
    digest: str
    key_closed: bytes = field(repr=False)
    width: int
    height: int
    size: int
    outlines: dict[str, Any] | None = field(default=None, repr=False)


@dataclass(frozen=True)
class MaterialDesk:
    """Takes pictures in and gives them out again; outside any transaction."""

    storage: Storage
    keys: Keys
    sandbox: Sandbox

    def take(self, slot: str, content: bytes) -> TakenMaterial:
        """Clean and store a JPG or PNG of at most 5 MiB.

        The photo of a signature is cut out at once. Raises MaterialTooLarge, NotAPicture,
        PictureDamaged, PictureTooLarge, PictureTooComplex, NoInkInPhoto, TooMuchInkInPhoto,
        StorageUnavailable, SandboxDown.
        """
        if len(content) > LARGEST:
            raise MaterialTooLarge(most_bytes=LARGEST)
        clean = self._in_child(clean_picture, content)
        ink = self._in_child(cut_out, clean.data) if slot == Slot.HANDWRITING else None
        material_id = new_id("mat")
        blob = closed_blobs.put(self.storage, self.keys, material_id, clean.data)
        return TakenMaterial(
            id=material_id,
            slot=slot,
            digest=blob.digest,
            key_closed=blob.key_closed,
            width=clean.width,
            height=clean.height,
            size=len(clean.data),
            outlines=ink.model_dump(mode="json") if ink else None,
        )

    def read(self, material: Material) -> bytes:
        """The JPEG; the caller has the right to see it. BlobNotFound, EnvelopeDamaged."""
        blob = ClosedBlob(material.digest, material.key_closed)
        return closed_blobs.get(self.storage, self.keys, material.id, blob)

    def _in_child(self, work: Callable[[bytes], T], content: bytes) -> T:
        try:
            return self.sandbox.run(work, content)
        except PdfTooComplex:
            raise PictureTooComplex() from None


def keep(uow: UnitOfWork, *, application_id: str, viewer: Viewer, taken: TakenMaterial) -> Material:
    """Put a picture into its slot, in the place of the one before.

    Raises ApplicationNotFound, ApplicationEnded, ApplicationMovedOn, SlotUnknown.
    """
    row = queries.find_locked(uow, application_id, viewer)
    row.require_editable()
    allowed = slots.allowed(Way(row.way))
    if taken.slot not in allowed:
        raise SlotUnknown(slots=[slot.value for slot in allowed])
    row.changed_at = uow.now
    return keep_for(uow, row.id, taken)


def keep_for(uow: UnitOfWork, holder_id: str, taken: TakenMaterial) -> Material:
    """The same for any holder; the caller has locked it and knows its slots."""
    same = (Material.holder_id == holder_id, Material.slot == taken.slot)
    uow.session.execute(delete(Material).where(*same))
    material = Material(holder_id=holder_id, taken_at=uow.now, **taken.__dict__)
    uow.session.add(material)
    uow.session.flush()
    return material


def find(uow: UnitOfWork, application_id: str, slot: str, viewer: Viewer) -> Material:
    """One picture of an application that the viewer may see. ApplicationNotFound,
    MaterialNotFound.
    """
    return of_holder(uow, queries.find(uow, application_id, viewer).id, slot)


def of_holder(uow: UnitOfWork, holder_id: str, slot: str) -> Material:
    """One picture of an application or cancellation; the caller has the right to see it."""
    material = materials_of(uow, holder_id).get(slot)
    if material is None:
        raise MaterialNotFound()
    return material


def forget(uow: UnitOfWork, holder_id: str) -> None:
    """Delete all pictures of a holder; their blobs are swept as nothing names them any more."""
    uow.session.execute(delete(Material).where(Material.holder_id == holder_id))


def sweep(uow: UnitOfWork) -> None:
    """Thirty days after an application came to nothing, its pictures and people are deleted, with
    what its people signed and drew; the audit chain still says who did what."""
    ended = select(Application.id).where(
        Application.state.in_(ENDED), Application.ended_at <= uow.now - KEPT_AFTER_END
    )
    uow.session.execute(delete(Material).where(Material.holder_id.in_(ended)))
    for table in (Certification, ApplicationForm, Party):
        uow.session.execute(delete(table).where(table.application_id.in_(ended)))
    drawn = cast(Application.wanted, Text).contains('"strokes": {')
    kept = select(Application).where(
        Application.id.in_(ended), or_(drawn, Application.method_digest != "")
    )
    for row in uow.session.scalars(kept).all():
        row.forget_secrets()
