"""What our own tables know of a seal or certificate, added to what a file's bytes say (F-50)."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select

from server.certificates.models import Certificate, CertificateStatus, KeyRing, SigningKey
from server.core.audit import AuditRow
from server.core.db import UnitOfWork
from server.sealing.judgement import Register, SealStanding, judge_register
from server.sealing.report import Report
from server.seals.models import Seal

STOPPED, AGAIN = "seal.suspended", "seal.enabled"


def judged(uow: UnitOfWork, report: Report) -> Report:
    """The report with our register's word; of what is not ours nothing changes."""
    ids = {one.id for one in report.seals}
    facts = [one.certificate for one in report.seals]
    facts += [one.certificate for one in report.signatures]
    serials = {one.serial for one in facts if one is not None}
    return judge_register(report, Register(_seals(uow, ids), _certificates(uow, serials)))


def _seals(uow: UnitOfWork, ids: set[str]) -> Mapping[str, SealStanding]:
    rows = uow.session.scalars(select(Seal).where(Seal.id.in_(ids))).all()
    return {
        row.id: SealStanding(suspended=_pauses(uow, row.id), cancelled_at=row.cancelled_at)
        for row in rows
    }


def _pauses(uow: UnitOfWork, seal_id: str) -> tuple[tuple[datetime, datetime | None], ...]:
    """When it was suspended, and until when; the row knows the last time only, the trail all."""
    acts = uow.session.scalars(
        select(AuditRow)
        .where(AuditRow.subject == seal_id, AuditRow.event.in_((STOPPED, AGAIN)))
        .order_by(AuditRow.seq)
    ).all()
    return pauses([(one.event == STOPPED, one.at) for one in acts])


def pauses(acts: Sequence[tuple[bool, datetime]]) -> tuple[tuple[datetime, datetime | None], ...]:
    """From (whether it stopped, when) in their order; who stops what has stopped changes nothing.

    The last one has no end while the seal is suspended.
    """
    found: list[tuple[datetime, datetime | None]] = []
    begun: datetime | None = None
    for stops, at in acts:
        if stops and begun is None:
            begun = at
        elif not stops and begun is not None:
            found.append((begun, at))
            begun = None
    return (*found, (begun, None)) if begun is not None else tuple(found)


def _certificates(uow: UnitOfWork, serials: set[str]) -> Mapping[str, datetime | None]:
    """Ours among them: since when each is revoked, or None for one that stands.

    They are withdrawn with their key ring, whose end says since when. One that is revoked without
    a ring is left to the authority's own list.
    """
    rows = uow.session.execute(
        select(Certificate.serial, Certificate.status, KeyRing.retired_at)
        .outerjoin(SigningKey, SigningKey.certificate_id == Certificate.id)
        .outerjoin(KeyRing, KeyRing.id == SigningKey.ring_id)
        .where(Certificate.serial.in_(serials))
    ).all()
    return {
        row.serial: row.retired_at if row.status == CertificateStatus.REVOKED else None
        for row in rows
        if row.status != CertificateStatus.REVOKED or row.retired_at is not None
    }
