"""Making seals: the picture is drawn from the owner's registered words."""

import zlib
from dataclasses import dataclass
from datetime import timedelta

from server.certificates.models import KeyRing
from server.core import audit
from server.core.db import UnitOfWork
from server.core.ids import new_id
from server.sealing import impression
from server.seals.models import Seal, SealImpression, SealKind

PREVIEW_DPI = 200
SEAL_LIFE = timedelta(days=3 * 365)


@dataclass(frozen=True)
class NewSeal:
    """What a seal says: its kind, the words on it and its 13-digit number."""

    kind: SealKind
    name: str
    text: str
    number: str


def draw(new: NewSeal) -> impression.Impression:
    """The picture; raises `impression.MissingGlyph` and names the character."""
    company = new.kind == SealKind.COMPANY
    number = new.number if company else None
    return impression.draw(impression.Design(kind=new.kind, name=new.text, number=number))


def make_seal(uow: UnitOfWork, ring: KeyRing, new: NewSeal, picture: impression.Impression) -> Seal:
    """Store a seal of the ring's owner with its first impression."""
    seal = Seal(
        id=new_id("seal"),
        owner_kind=ring.owner_kind,
        owner_id=ring.owner_id,
        ring_id=ring.id,
        kind=new.kind,
        name=new.name,
        number=new.number,
        width_mm=picture.width_mm,
        height_mm=picture.height_mm,
        valid_from=uow.now,
        valid_until=uow.now + SEAL_LIFE,
        created_at=uow.now,
    )
    uow.session.add(seal)
    uow.session.flush()
    uow.session.add(
        SealImpression(
            id=new_id("imp"),
            seal_id=seal.id,
            version=1,
            operators=zlib.compress(picture.pdf_operators()),
            svg=picture.svg(),
            preview=impression.watermarked(picture).png(PREVIEW_DPI),
            created_at=uow.now,
        )
    )
    audit.record(uow, "seal.made", actor="system", subject=seal.id, kind=seal.kind)
    return seal
