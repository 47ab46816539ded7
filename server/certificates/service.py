"""Making key rings and certificates, and passing a ring's data key from hand to hand."""

import os
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from sqlalchemy import delete, func, select

from server.certificates import envelope
from server.certificates.errors import CopyAwaited, KeysRenewing, NotEntitled
from server.certificates.models import (
    Certificate,
    KeyCopy,
    KeyRelease,
    KeyRing,
    OwnerKind,
    PersonalKey,
    Rekeying,
    SigningKey,
    WantedCopy,
)
from server.certificates.unlock import OpenedPerson, check_form, closing_key, service_half
from server.core.db import UnitOfWork
from server.core.errors import DomainError
from server.core.ids import new_id
from server.pki.authority import Period, Subject
from server.pki.subject_keys import Algorithm
from server.providers.ca import IssuedCertificate
from server.providers.keys import Keys


@dataclass(frozen=True)
class Owner:
    """Whose certificate is asked for."""

    kind: OwnerKind
    id: str
    subject: Subject


@dataclass(frozen=True)
class Issued:
    """A certificate from the authority and the private key it was made for, not yet stored.

    `private` is PKCS#8 DER (P-256, SM2) or 32 raw bytes (X25519).
    """

    owner: Owner
    algorithm: Algorithm
    answer: IssuedCertificate
    chain: tuple[bytes, bytes]
    period: Period
    private: bytes = field(repr=False)


class SigningKeys(NamedTuple):
    """What one owner signs with: P-256 the document for every reader, SM2 the seal."""

    p256: Issued
    sm2: Issued


def store_certificate(uow: UnitOfWork, issued: Issued, algorithm: str) -> Certificate:
    """Keep an issued certificate with its issuers."""
    certificate = Certificate(
        id=new_id("crt"),
        owner_kind=issued.owner.kind,
        owner_id=issued.owner.id,
        algorithm=algorithm,
        serial=issued.answer.serial,
        der=issued.answer.certificate,
        issuing_der=issued.chain[0],
        root_der=issued.chain[1],
        not_before=issued.period.starts,
        not_after=issued.period.ends,
    )
    uow.session.add(certificate)
    uow.session.flush()
    return certificate


class OpenRing(NamedTuple):
    """A ring and its open data key, for the length of one transaction."""

    ring: KeyRing
    data_key: bytes


def prepare_personal_key(
    keys: Keys, issued: Issued, pin: str, now: datetime, version: int = 1
) -> PersonalKey:
    """Close a wrapping key under a PIN (Argon2, so outside any transaction); raises BadPin."""
    private = X25519PrivateKey.from_private_bytes(issued.private)
    row = PersonalKey(
        account_id=issued.owner.id,
        version=version,
        public_point=envelope.public_point(private),
        created_at=now,
    )
    close_under(keys, row, issued.private, pin)
    return row


def close_under(keys: Keys, row: PersonalKey, private: bytes, pin: str) -> None:
    """Close a person's wrapping key (32 raw bytes) under a PIN and a fresh salt, as above."""
    check_form(pin)
    row.salt = os.urandom(16)
    served = service_half(keys, row)
    row.closed = envelope.lock(closing_key(served, row, pin), private, row.about)


def make_ring(uow: UnitOfWork, issued: SigningKeys) -> OpenRing:
    """Store an owner's keys under a fresh data key, as the next version of his ring."""
    owner, data_key = issued.p256.owner, os.urandom(32)
    uow.queue_up(f"rings of {owner.id}")
    ring = KeyRing(
        id=new_id("ring"),
        owner_kind=owner.kind,
        owner_id=owner.id,
        version=_next_version(uow, owner),
        created_at=uow.now,
    )
    uow.session.add(ring)
    uow.session.flush()
    for one in issued:
        certificate = store_certificate(uow, one, one.algorithm)
        closed = envelope.lock(data_key, one.private, _about_key(ring, certificate.serial))
        uow.session.add(
            SigningKey(
                id=new_id("sk"),
                ring_id=ring.id,
                algorithm=one.algorithm,
                certificate_id=certificate.id,
                closed=closed,
            )
        )
    return OpenRing(ring, data_key)


def _next_version(uow: UnitOfWork, owner: Owner) -> int:
    his = (KeyRing.owner_kind == owner.kind, KeyRing.owner_id == owner.id)
    return (uow.session.scalar(select(func.max(KeyRing.version)).where(*his)) or 0) + 1


def current_ring(uow: UnitOfWork, kind: OwnerKind, owner_id: str) -> KeyRing | None:
    """The ring that an owner signs with now: further seals are made for its SM2 certificate."""
    his = (KeyRing.owner_kind == kind, KeyRing.owner_id == owner_id, KeyRing.retired_at.is_(None))
    return uow.session.scalars(select(KeyRing).where(*his).order_by(KeyRing.version.desc())).first()


def certificate_of(uow: UnitOfWork, ring: KeyRing, algorithm: Algorithm) -> Certificate:
    """A ring's certificate; the one for SM2 stands in the list of each of its seals."""
    return uow.session.scalars(
        select(Certificate)
        .join(SigningKey, SigningKey.certificate_id == Certificate.id)
        .where(SigningKey.ring_id == ring.id, SigningKey.algorithm == algorithm)
    ).one()


def give_copy(
    uow: UnitOfWork, ring_id: str, data_key: bytes, account_id: str, grant_id: str = ""
) -> None:
    """Seal a copy of the data key to an entitled person's wrapping key."""
    person = uow.session.get(PersonalKey, account_id)
    if person is None:
        raise NotEntitled()
    sealed = envelope.seal_to(person.public_point, data_key, _about_copy(ring_id, account_id))
    uow.session.add(
        KeyCopy(
            id=new_id("kc"),
            ring_id=ring_id,
            account_id=account_id,
            grant_id=grant_id,
            sealed=sealed,
        )
    )


def open_copy(uow: UnitOfWork, ring_id: str, person: OpenedPerson, grant_id: str = "") -> bytes:
    """The data key from a person's own copy under this right.

    Raises NotEntitled; KeysRenewing, CopyAwaited where he will have one again.
    """
    copy = uow.session.scalar(
        select(KeyCopy).where(
            KeyCopy.ring_id == ring_id,
            KeyCopy.account_id == person.account_id,
            KeyCopy.grant_id == grant_id,
        )
    )
    if copy is None:
        raise _why_none(uow, ring_id, person.account_id, grant_id)
    about = _about_copy(ring_id, person.account_id)
    return envelope.open_sealed(person.wrapping_key, copy.sealed, about)


def _why_none(uow: UnitOfWork, ring_id: str, account_id: str, grant_id: str) -> DomainError:
    going = select(Rekeying).where(Rekeying.ring_id == ring_id, Rekeying.done_at.is_(None))
    if any(grant_id or one.holder_id == account_id for one in uow.session.scalars(going)):
        return KeysRenewing()
    his = (WantedCopy.account_id == account_id, WantedCopy.grant_id == grant_id)
    wanted = select(WantedCopy.id).where(WantedCopy.ring_id == ring_id, *his)
    return CopyAwaited() if uow.session.scalar(wanted) else NotEntitled()


def private_key(
    uow: UnitOfWork, ring_id: str, data_key: bytes, algorithm: Algorithm = Algorithm.P256
) -> tuple[bytes, Certificate]:
    """The ring's private key for an algorithm (PKCS#8 DER) and its certificate."""
    row = uow.session.execute(
        select(SigningKey, Certificate)
        .join(Certificate, Certificate.id == SigningKey.certificate_id)
        .where(SigningKey.ring_id == ring_id, SigningKey.algorithm == algorithm)
    ).one()
    key, certificate = row[0], row[1]
    ring = uow.session.get_one(KeyRing, ring_id)
    about = _about_key(ring, key.closed_under or certificate.serial)
    return envelope.unlock(data_key, key.closed, about), certificate


def keep_release(
    uow: UnitOfWork, holder_id: str, *, ring_id: str, sealed: bytes, ends_at: datetime
) -> None:
    """Keep the data key for one holder (a grant of a page, a reservation), until `ends_at`."""
    wipe_release(uow, holder_id)
    uow.session.add(
        KeyRelease(holder_id=holder_id, ring_id=ring_id, sealed=sealed, ends_at=ends_at)
    )


def release_of(uow: UnitOfWork, holder_id: str) -> KeyRelease | None:
    """The live release of a holder, if there is one."""
    release = uow.session.get(KeyRelease, holder_id)
    return release if release is not None and uow.now < release.ends_at else None


def is_released(uow: UnitOfWork, holder_id: str) -> bool:
    """Whether a holder has his release still; it stays until the transaction has ended."""
    return uow.session.get(KeyRelease, holder_id, with_for_update=True) is not None


def wipe_release(uow: UnitOfWork, holder_id: str) -> None:
    """Forget what was released to one holder, if anything was."""
    uow.session.execute(delete(KeyRelease).where(KeyRelease.holder_id == holder_id))


def wipe_ended_releases(uow: UnitOfWork) -> None:
    """Forget every data key whose time is over."""
    uow.session.execute(delete(KeyRelease).where(KeyRelease.ends_at <= uow.now))


def _about_copy(ring_id: str, account_id: str) -> str:
    return f"data key of {ring_id} for {account_id}"


def _about_key(ring: KeyRing, serial: str) -> str:
    return f"{ring.owner_kind} {ring.owner_id} {serial} version {ring.version}"
