"""Finding seals and their pictures."""

import zlib
from collections.abc import Collection, Sequence

from sqlalchemy import select

from server.certificates.models import Certificate, SigningKey
from server.core.db import UnitOfWork
from server.pki.subject_keys import Algorithm
from server.seals.models import Seal, SealImpression


def of_owner(uow: UnitOfWork, owner_kind: str, owner_id: str) -> Sequence[Seal]:
    """Every seal of an owner, oldest first."""
    return uow.session.scalars(
        select(Seal)
        .where(Seal.owner_kind == owner_kind, Seal.owner_id == owner_id)
        .order_by(Seal.id)
    ).all()


def by_ids(uow: UnitOfWork, ids: Collection[str]) -> Sequence[Seal]:
    """The seals of these ids, oldest first; the caller has the right to them."""
    return uow.session.scalars(select(Seal).where(Seal.id.in_(ids)).order_by(Seal.id)).all()


def impression_of(uow: UnitOfWork, seal_id: str) -> SealImpression:
    """The newest impression of a seal."""
    return uow.session.scalars(
        select(SealImpression)
        .where(SealImpression.seal_id == seal_id)
        .order_by(SealImpression.version.desc())
        .limit(1)
    ).one()


def operators_of(uow: UnitOfWork, seal_id: str) -> bytes:
    """The picture as PDF operators, in points."""
    return zlib.decompress(impression_of(uow, seal_id).operators)


def certificate_serial(uow: UnitOfWork, seal: Seal) -> str:
    """The serial number of the certificate that signs for this seal."""
    return uow.session.scalars(
        select(Certificate.serial)
        .join(SigningKey, SigningKey.certificate_id == Certificate.id)
        .where(SigningKey.ring_id == seal.ring_id, SigningKey.algorithm == Algorithm.P256)
    ).one()
