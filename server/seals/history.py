"""The versions of a seal's impression: the newest seals, the older ones are kept and shown."""

import zlib
from collections.abc import Sequence

from sqlalchemy import select

from server.core.db import UnitOfWork
from server.core.ids import new_id
from server.sealing import impression
from server.sealing.impression import Impression
from server.seals.errors import SealNotFound
from server.seals.models import Seal, SealImpression
from server.seals.queries import impression_of
from server.seals.service import PREVIEW_DPI


def versions(uow: UnitOfWork, seal_id: str) -> Sequence[SealImpression]:
    """Every impression that looks otherwise than the one before it, the newest first.

    A renewal has the maker sign anew and leaves the picture as it is: that is no other impression.
    """
    rows = uow.session.scalars(
        select(SealImpression)
        .where(SealImpression.seal_id == seal_id)
        .order_by(SealImpression.version)
    ).all()
    shown: list[SealImpression] = []
    for row in rows:
        if not shown or row.svg != shown[-1].svg:
            shown.append(row)
    return shown[::-1]


def version_of(uow: UnitOfWork, seal_id: str, version: int) -> SealImpression:
    """One impression of a seal that the caller may see; raises SealNotFound."""
    row = uow.session.scalar(
        select(SealImpression).where(
            SealImpression.seal_id == seal_id, SealImpression.version == version
        )
    )
    if row is None:
        raise SealNotFound()
    return row


def is_newest(uow: UnitOfWork, former: SealImpression) -> bool:
    """Whether no other version has come since this one was read."""
    return impression_of(uow, former.seal_id).version == former.version


def add_version(
    uow: UnitOfWork,
    seal: Seal,
    former: SealImpression,
    made: bytes | None,
    picture: Impression | None,
) -> None:
    """What the seal looks like and what its maker has signed from now on."""
    drawn = former if picture is None else _drawn(picture)
    if picture is not None:
        seal.width_mm, seal.height_mm = picture.width_mm, picture.height_mm
    uow.session.add(
        SealImpression(
            id=new_id("imp"),
            seal_id=seal.id,
            version=former.version + 1,
            operators=drawn.operators,
            svg=drawn.svg,
            preview=drawn.preview,
            made=made,
            created_at=uow.now,
        )
    )


def _drawn(picture: Impression) -> SealImpression:
    return SealImpression(
        operators=zlib.compress(picture.pdf_operators()),
        svg=picture.svg(),
        preview=impression.watermarked(picture).png(PREVIEW_DPI),
    )
