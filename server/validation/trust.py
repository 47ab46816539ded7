"""Whom a verification trusts: our own authorities by themselves, others by rows (decision 0030)."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from sqlalchemy import select

from server.core import audit
from server.core.db import UnitOfWork
from server.core.ids import new_id
from server.pki.chain import CertificateUnreadable, load_certificates
from server.pki.subject_keys import Algorithm
from server.providers.ca import CertificateAuthority
from server.providers.seal_maker import SealMaker
from server.providers.tsa import Tsa
from server.sealing.trust import TrustList
from server.validation.errors import AlreadyTrusted, NotATrustableCertificate, NotTrusted
from server.validation.models import TrustedCertificate, TrustPurpose

LONGEST_SUBJECT: Final = 512
BY_COMMAND: Final = "command"
PEM_LIST: Final = b"-----BEGIN X509 CRL-----"
_Read = tuple[bytes, str, datetime]
"""DER, whose it is, and until when it is good."""


@dataclass(frozen=True)
class Witnesses:
    """Those of our own providers whose word stands in what we have sealed."""

    ca: CertificateAuthority
    seal_maker: SealMaker
    tsa: Tsa


@dataclass(frozen=True)
class OwnTrust:
    """What our own providers say of themselves, all DER."""

    roots: tuple[bytes, ...]
    issuers: tuple[bytes, ...]
    seal_makers: tuple[bytes, ...]
    time_stamps: tuple[bytes, ...]
    revoked: tuple[bytes, ...]


def own_trust(witnesses: Witnesses) -> OwnTrust:
    """Asks the providers, so outside any transaction. Raises CaUnavailable."""
    chains = [witnesses.ca.chain(kind) for kind in Algorithm]
    return OwnTrust(
        roots=tuple(chain[-1] for chain in chains),
        issuers=tuple(one for chain in chains for one in chain[:-1]),
        seal_makers=tuple(witnesses.seal_maker.roots()),
        time_stamps=tuple(witnesses.tsa.roots()),
        revoked=tuple(witnesses.ca.crl(kind) for kind in Algorithm),
    )


def trust_list(uow: UnitOfWork, own: OwnTrust, seal_attribute: str) -> TrustList:
    """Ours and those of the table together; `seal_attribute` is the setting's identifier."""
    rows = listed(uow)

    def of(purpose: TrustPurpose) -> tuple[bytes, ...]:
        return tuple(row.der for row in rows if row.purpose == purpose)

    return TrustList(
        document_roots=own.roots + of(TrustPurpose.DOCUMENTS),
        seal_maker_roots=own.seal_makers + of(TrustPurpose.SEAL_MAKERS),
        time_stamp_roots=own.time_stamps + of(TrustPurpose.TIME_STAMPS),
        others=own.issuers + of(TrustPurpose.ISSUERS),
        crls=own.revoked + of(TrustPurpose.REVOCATION_LISTS),
        seal_attributes=(seal_attribute,),
    )


def listed(uow: UnitOfWork) -> Sequence[TrustedCertificate]:
    """The rows that were added by hand, oldest first."""
    return uow.session.scalars(select(TrustedCertificate).order_by(TrustedCertificate.id)).all()


def add(uow: UnitOfWork, purpose: TrustPurpose, content: bytes) -> TrustedCertificate:
    """Trust one certificate, or one revocation list (DER, or PEM with just one), for a purpose.

    Raises NotATrustableCertificate, AlreadyTrusted.
    """
    read = _revocation_list if purpose is TrustPurpose.REVOCATION_LISTS else _authority
    der, subject, not_after = read(content)
    fingerprint = hashlib.sha256(der).hexdigest()
    same = (TrustedCertificate.purpose == purpose, TrustedCertificate.fingerprint == fingerprint)
    if uow.session.scalar(select(TrustedCertificate.id).where(*same)) is not None:
        raise AlreadyTrusted()
    if purpose is TrustPurpose.REVOCATION_LISTS:
        _drop_former(uow, subject)
    row = TrustedCertificate(
        id=new_id("root"),
        purpose=purpose,
        fingerprint=fingerprint,
        subject=subject,
        not_after=not_after,
        der=der,
        added_at=uow.now,
    )
    uow.session.add(row)
    _record(uow, "trust.added", row)
    return row


def remove(uow: UnitOfWork, row_id: str) -> None:
    """Trust it no more. Raises NotTrusted."""
    row = uow.session.get(TrustedCertificate, row_id)
    if row is None:
        raise NotTrusted()
    uow.session.delete(row)
    _record(uow, "trust.removed", row)


def _drop_former(uow: UnitOfWork, issuer: str) -> None:
    same = TrustedCertificate.purpose == TrustPurpose.REVOCATION_LISTS
    rows = select(TrustedCertificate).where(same, TrustedCertificate.subject == issuer)
    for row in uow.session.scalars(rows):
        uow.session.delete(row)
        _record(uow, "trust.removed", row)


def _revocation_list(content: bytes) -> _Read:
    pem = content.lstrip().startswith(PEM_LIST)
    load = x509.load_pem_x509_crl if pem else x509.load_der_x509_crl
    try:
        found = load(content)
        due = found.next_update_utc or found.last_update_utc
        return found.public_bytes(Encoding.DER), _issuer(found), due
    except ValueError as error:
        raise NotATrustableCertificate() from error


def _issuer(crl: x509.CertificateRevocationList) -> str:
    """Its name with its key, as one name may stand for several keys (P-256 and SM2)."""
    name = _name(crl.issuer)
    try:
        key = crl.extensions.get_extension_for_class(x509.AuthorityKeyIdentifier).value
    except x509.ExtensionNotFound:
        return name
    return f"{name} {(key.key_identifier or b'').hex()}"[-LONGEST_SUBJECT:]


def _authority(content: bytes) -> _Read:
    try:
        certificates = load_certificates(content)
    except CertificateUnreadable as error:
        raise NotATrustableCertificate() from error
    if len(certificates) != 1:
        raise NotATrustableCertificate()
    try:
        usage = certificates[0].extensions.get_extension_for_class(x509.BasicConstraints)
    except x509.ExtensionNotFound as error:
        raise NotATrustableCertificate() from error
    if not usage.value.ca:
        raise NotATrustableCertificate()
    found = certificates[0]
    return found.public_bytes(Encoding.DER), _name(found.subject), found.not_valid_after_utc


def _name(name: x509.Name) -> str:
    return name.rfc4514_string()[:LONGEST_SUBJECT]


def _record(uow: UnitOfWork, event: str, row: TrustedCertificate) -> None:
    facts = {"purpose": row.purpose, "fingerprint": row.fingerprint}
    audit.record(uow, event, actor=BY_COMMAND, subject=row.id, **facts)
