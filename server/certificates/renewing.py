"""Renewing the certificates of a key ring: the keys stay, and nobody has to open them.

What the authority is asked stands in the database first, so that however often it is asked, and
by however many seals of one ring, it issues one certificate (R-08).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select

from server.certificates.models import Certificate, CertificateRenewal, KeyRing, SigningKey
from server.core import audit
from server.core.db import Database, UnitOfWork
from server.core.ids import new_id
from server.pki.authority import Period
from server.pki.subject_keys import Algorithm
from server.providers.ca import CertificateAuthority, IssuedCertificate


@dataclass(frozen=True)
class Renewed:
    """The authority's answer for one certificate, and who stands above it; not yet stored."""

    certificate_id: str
    algorithm: Algorithm
    answer: IssuedCertificate
    chain: tuple[bytes, bytes]
    period: Period


def plan(uow: UnitOfWork, ring_id: str, *, must_last: datetime, ends: datetime) -> None:
    """Write down which of a ring's certificates end before `must_last`; they get until `ends`.

    What is planned already stays as it is planned.
    """
    uow.locked(KeyRing, ring_id)
    for certificate in _present(uow, ring_id):
        planned = uow.session.get(CertificateRenewal, certificate.id)
        if planned is None and certificate.not_after < must_last:
            starts = uow.now.replace(microsecond=0)
            row = {"certificate_id": certificate.id, "ring_id": ring_id}
            uow.session.add(CertificateRenewal(**row, starts=starts, ends=ends))


def ask(db: Database, ca: CertificateAuthority, ring_id: str) -> list[Renewed]:
    """Ask for what is planned and not in place yet; in no transaction, any number of times.

    Raises CaUnavailable, CertificateWithdrawn, PeriodRefused.
    """
    with db.read() as uow:
        open_plans = [
            (plan, certificate)
            for certificate in _present(uow, ring_id)
            if (plan := uow.session.get(CertificateRenewal, certificate.id)) is not None
        ]
    return [_renewed(ca, plan, certificate) for plan, certificate in open_plans]


def put_in_place(uow: UnitOfWork, ring_id: str, renewed: Sequence[Renewed]) -> None:
    """Let the ring's keys stand under their renewed certificates; a second time changes nothing.

    The former certificates are kept: what was sealed under them stays as valid as it was.
    """
    uow.locked(KeyRing, ring_id)
    for one in renewed:
        key = uow.session.scalar(
            select(SigningKey).where(SigningKey.certificate_id == one.certificate_id)
        )
        if key is None:
            continue
        former = uow.session.get_one(Certificate, one.certificate_id)
        fresh = _store(uow, former, one)
        key.closed_under = key.closed_under or former.serial
        key.certificate_id = fresh.id
        told = {"serial": fresh.serial, "former": former.serial}
        audit.record(uow, "certificate.renewed", actor="system", subject=ring_id, **told)


def certificates_of(uow: UnitOfWork, ring_id: str) -> Sequence[Certificate]:
    """Every certificate that a ring's keys have had."""
    present = select(SigningKey.certificate_id).where(SigningKey.ring_id == ring_id)
    former = select(CertificateRenewal.certificate_id).where(CertificateRenewal.ring_id == ring_id)
    mine = or_(Certificate.id.in_(present), Certificate.id.in_(former))
    return uow.session.scalars(select(Certificate).where(mine).order_by(Certificate.id)).all()


def _present(uow: UnitOfWork, ring_id: str) -> Sequence[Certificate]:
    return uow.session.scalars(
        select(Certificate)
        .join(SigningKey, SigningKey.certificate_id == Certificate.id)
        .where(SigningKey.ring_id == ring_id)
        .order_by(SigningKey.algorithm)
    ).all()


def _renewed(
    ca: CertificateAuthority, planned: CertificateRenewal, certificate: Certificate
) -> Renewed:
    period = Period(planned.starts, planned.ends)
    answer = ca.renew(planned.request_id, certificate.serial, period)
    algorithm = Algorithm(certificate.algorithm)
    issuing, root = ca.chain(algorithm)
    return Renewed(certificate.id, algorithm, answer, (issuing, root), period)


def _store(uow: UnitOfWork, former: Certificate, renewed: Renewed) -> Certificate:
    fresh = Certificate(
        id=new_id("crt"),
        owner_kind=former.owner_kind,
        owner_id=former.owner_id,
        algorithm=renewed.algorithm,
        serial=renewed.answer.serial,
        der=renewed.answer.certificate,
        issuing_der=renewed.chain[0],
        root_der=renewed.chain[1],
        not_before=renewed.period.starts,
        not_after=renewed.period.ends,
    )
    uow.session.add(fresh)
    uow.session.flush()
    return fresh
