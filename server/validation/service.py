"""Verifying files for anybody who asks: the file goes at once, the report lives half an hour."""

import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from threading import BoundedSemaphore
from typing import Final

from sqlalchemy import delete

from server.core import idempotency
from server.core.db import Database, UnitOfWork
from server.core.idempotency import Once, body_digest
from server.documents.names import clean_name, plain_line
from server.documents.service import check_size
from server.sealing.examination import examine_pdf, examine_seal_data
from server.sealing.impression import Impression, watermarked
from server.sealing.report import Report
from server.sealing.sandbox import Sandbox
from server.sealing.trust import TrustList
from server.validation.errors import (
    NothingToVerify,
    SealDataTooLarge,
    VerificationNotFound,
    VerificationsBusy,
)
from server.validation.keeping import packed, unpacked
from server.validation.models import REPORT_LIFE, Verification
from server.validation.plain_words import tidied
from server.validation.register import judged
from server.validation.trust import Witnesses, own_trust, trust_list

LARGEST_SEAL_DATA: Final = 1024 * 1024
LONGEST_NAME: Final = 120
# Each waits with its whole file in the memory of the process; beyond these somebody comes back.
AT_ONCE: Final = 8
_turns: Final = BoundedSemaphore(AT_ONCE)
_MARK, _MARK_MM, _MARK_DPI = "验签预览", 40, 150


@dataclass(frozen=True)
class HandedIn:
    """What somebody sends to be verified: a PDF, or the data of a seal that an OFD container holds.

    `seal` is an entry such as `Seal.esl`, `signature` one such as `SignedValue.dat`.
    """

    name: str = ""
    pdf: bytes | None = field(default=None, repr=False)
    seal: bytes | None = field(default=None, repr=False)
    signature: bytes | None = field(default=None, repr=False)

    def require_sense(self, largest_pdf: int) -> None:
        """Raises NothingToVerify, NoFile, PdfTooLarge, SealDataTooLarge; limits in bytes."""
        parts = [one for one in (self.seal, self.signature) if one is not None]
        if (self.pdf is None) == (not parts):
            raise NothingToVerify()
        if self.pdf is not None:
            check_size(self.pdf, largest_pdf)
        if not all(parts):
            raise NothingToVerify()
        if any(len(one) > LARGEST_SEAL_DATA for one in parts):
            raise SealDataTooLarge(limit=LARGEST_SEAL_DATA)

    @property
    def digest(self) -> str:
        """What makes two of them the same (SHA-256, hexadecimal)."""
        parts = (self.pdf, self.seal, self.signature)
        told = [hashlib.sha256(one).hexdigest() if one is not None else "" for one in parts]
        return body_digest([self.shown_name, *told])

    @property
    def shown_name(self) -> str:
        """Its name as it may be shown (S-43)."""
        if self.pdf is not None:
            return clean_name(self.name)
        return plain_line(self.name)[-LONGEST_NAME:]


@dataclass(frozen=True)
class Asker:
    """Who reads the report (a partner, or anybody who has its id), and the request's own number."""

    partner_id: str = ""
    key: str | None = None

    def once(self, handed_in: HandedIn) -> Once:
        """Without a partner the file itself tells one asker's numbers from another's."""
        digest = handed_in.digest
        return Once(f"verify:{self.partner_id or digest}", self.key, digest, REPORT_LIFE)


@dataclass(frozen=True)
class Verified:
    """A report that can still be read, with the row that keeps it."""

    row: Verification
    report: Report


@dataclass(frozen=True)
class VerificationDesk:
    """What verifies: the child for foreign files, those whose word we trust, our own register."""

    db: Database
    sandbox: Sandbox
    witnesses: Witnesses
    seal_attribute: str
    largest_pdf: int

    def verify(self, handed_in: HandedIn, asker: Asker) -> Verified:
        """Judge what was handed in, and keep the report; outside any transaction.

        A request that is repeated gets the report that it has made. Raises NothingToVerify, NoFile,
        PdfTooLarge, SealDataTooLarge, what a file that cannot be opened raises (NotAPdf,
        PdfDamaged, PdfEncrypted, PdfTooComplex …), VerificationsBusy, CaUnavailable, KeyReused,
        RepeatTooLate.
        """
        handed_in.require_sense(self.largest_pdf)
        once = asker.once(handed_in)
        with self.db.begin() as uow:
            if made := idempotency.made_before(uow, once):
                return find(uow, made, partner_id=asker.partner_id)
        own = own_trust(self.witnesses)
        with self.db.read() as uow:
            trust, now = trust_list(uow, own, self.seal_attribute), uow.now
        found = self._examined(handed_in, trust, now)
        with self.db.begin() as uow:
            if made := idempotency.made_before(uow, once):
                return find(uow, made, partner_id=asker.partner_id)
            # Tidied first: PostgreSQL takes no question with a NUL in it.
            report = judged(uow, tidied(found))
            row = _keep(uow, report, handed_in.shown_name, asker.partner_id)
            idempotency.remember(uow, once, row.id)
            return Verified(row, report)

    def _examined(self, handed_in: HandedIn, trust: TrustList, at: datetime) -> Report:
        if not _turns.acquire(blocking=False):
            raise VerificationsBusy()
        try:
            if handed_in.pdf is not None:
                return self.sandbox.run(examine_pdf, handed_in.pdf, trust, at, _mark())
            parts = handed_in.seal, handed_in.signature
            return self.sandbox.run(examine_seal_data, *parts, trust, at, _mark())
        finally:
            _turns.release()


def find(uow: UnitOfWork, verification_id: str, *, partner_id: str = "") -> Verified:
    """A report by its id; a partner's only for that partner. Raises VerificationNotFound."""
    row = uow.session.get(Verification, verification_id)
    if row is None or row.partner_id != partner_id or uow.now >= row.ends_at:
        raise VerificationNotFound()
    return Verified(row, unpacked(row.report))


def sweep(uow: UnitOfWork) -> None:
    """Delete the reports whose time is over."""
    uow.session.execute(delete(Verification).where(Verification.ends_at <= uow.now))


def _keep(uow: UnitOfWork, report: Report, name: str, partner_id: str) -> Verification:
    row = Verification(
        id=secrets.token_urlsafe(24),
        partner_id=partner_id,
        name=name,
        report=packed(report),
        made_at=uow.now,
        ends_at=uow.now + REPORT_LIFE,
    )
    uow.session.add(row)
    return row


@cache
def _mark() -> bytes:
    """The rows that lie over every seal's picture, as no bare seal is shown (P-49)."""
    return watermarked(Impression(_MARK_MM, _MARK_MM, ()), _MARK).png(_MARK_DPI)
