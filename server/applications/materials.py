"""Materials: pictures taken in, drawn anew in the child, closed, kept, read, deleted (F-22).

They show people's documents. Each is stored under a key of its own, which only the service's key
opens, so that neither the blobs nor the database alone show anything.
"""

import os
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from sqlalchemy import delete, select

from server.applications import queries, slots
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
from server.certificates import envelope
from server.core.db import UnitOfWork
from server.core.ids import new_id
from server.providers.keys import Keys
from server.providers.storage import Storage
from server.sealing.errors import PdfTooComplex
from server.sealing.pictures import CleanPicture, clean_picture
from server.sealing.sandbox import Sandbox

LARGEST: Final = 5 * 1024 * 1024
PURPOSE: Final = "material"
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


@dataclass(frozen=True)
class MaterialDesk:
    """Takes pictures in and gives them out again; outside any transaction."""

    storage: Storage
    keys: Keys
    sandbox: Sandbox

    def take(self, slot: str, content: bytes) -> TakenMaterial:
        """Clean and store a JPG or PNG of at most 5 MiB.

        Raises MaterialTooLarge, NotAPicture, PictureDamaged, PictureTooLarge, PictureTooComplex,
        StorageUnavailable, SandboxDown.
        """
        if len(content) > LARGEST:
            raise MaterialTooLarge(most_bytes=LARGEST)
        clean = self._clean(content)
        material_id, key = new_id("mat"), os.urandom(32)
        closed = envelope.lock(key, clean.data, _about(material_id))
        key_closed = self.keys.wrap(PURPOSE, material_id, key)
        digest = self.storage.put(closed)
        size = len(clean.data)
        return TakenMaterial(material_id, slot, digest, key_closed, clean.width, clean.height, size)

    def read(self, material: Material) -> bytes:
        """The JPEG; the caller has the right to see it. BlobNotFound, EnvelopeDamaged."""
        key = self.keys.unwrap(PURPOSE, material.id, material.key_closed)
        return envelope.unlock(key, self.storage.get(material.digest), _about(material.id))

    def _clean(self, content: bytes) -> CleanPicture:
        try:
            return self.sandbox.run(clean_picture, content)
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
    """Thirty days after an application came to nothing, its pictures and people are deleted."""
    ended = select(Application.id).where(
        Application.state.in_(ENDED), Application.ended_at <= uow.now - KEPT_AFTER_END
    )
    uow.session.execute(delete(Material).where(Material.holder_id.in_(ended)))
    uow.session.execute(delete(Party).where(Party.application_id.in_(ended)))


def _about(material_id: str) -> str:
    return f"material {material_id}"
