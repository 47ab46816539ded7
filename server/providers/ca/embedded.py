"""A certificate authority in our own process, for development: keys and register in one folder."""

import hashlib
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import ClassVar

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.ocsp import OCSPCertStatus, OCSPResponseStatus

from server.core.clock import Clock
from server.pki.authority import Addresses, Authority, Period, Subject, create_root, serial_hex
from server.pki.key_folder import KeyFolder
from server.pki.revocation import (
    Revocation,
    RevocationReason,
    asks_about,
    build_crl,
    build_ocsp_response,
    read_ocsp_request,
    refuse_ocsp,
)
from server.providers.ca import (
    CaUnavailable,
    CertificateStatus,
    CertificateUnknown,
    IssuedCertificate,
    PeriodRefused,
    RequestReused,
)

ROOT_LIFE = timedelta(days=20 * 365)
ISSUING_LIFE = timedelta(days=15 * 365)
CRL_RENEWAL = timedelta(days=1)
LOCK_WAIT_S = 10.0

_SCHEMA = """
CREATE TABLE IF NOT EXISTS issued (
    request_id TEXT PRIMARY KEY, asked BLOB NOT NULL, serial TEXT NOT NULL UNIQUE,
    certificate BLOB NOT NULL, revoked_at TEXT, reason TEXT);
CREATE TABLE IF NOT EXISTS crl (number INTEGER PRIMARY KEY, made_at TEXT NOT NULL, der BLOB);
"""


class EmbeddedCa:
    """Safe to open from several processes: each call is one transaction of its own SQLite file."""

    development_only: ClassVar[bool] = True

    def __init__(self, folder: Path, addresses: Addresses, clock: Clock) -> None:
        self._addresses, self._clock = addresses, clock
        keys = KeyFolder(folder)
        with keys.locked():
            self._root = keys.load("root") or keys.save("root", _new_root(clock.now()))
            self._issuing = keys.load("issuing") or keys.save("issuing", _new_issuing(self._root))
            self._responder = keys.load("ocsp") or keys.save("ocsp", _new_responder(self._issuing))
            self._file = folder / "ca.sqlite3"
            with closing(self._connect()) as connection:
                connection.execute("PRAGMA journal_mode=WAL")
                connection.executescript(_SCHEMA)

    def issue(
        self, request_id: str, subject: Subject, public_key: bytes, period: Period
    ) -> IssuedCertificate:
        """See CertificateAuthority.issue."""
        if not period.within(self._issuing.certificate):
            raise PeriodRefused
        asked = _fingerprint(subject, public_key, period)
        with self._transaction() as db:
            row = db.execute(
                "SELECT asked, serial, certificate FROM issued WHERE request_id = ?", (request_id,)
            ).fetchone()
            if row is not None:
                if row[0] != asked:
                    raise RequestReused
                return IssuedCertificate(row[1], row[2])
            made = self._issuing.issue(subject, public_key, period, self._addresses)
            issued = IssuedCertificate(serial_hex(made), made.public_bytes(Encoding.DER))
            db.execute(
                "INSERT INTO issued (request_id, asked, serial, certificate) VALUES (?, ?, ?, ?)",
                (request_id, asked, issued.serial, issued.certificate),
            )
        return issued

    def revoke(self, serial: str, reason: RevocationReason) -> CertificateStatus:
        """See CertificateAuthority.revoke."""
        with self._transaction() as db:
            changed = db.execute(
                "UPDATE issued SET revoked_at = ?, reason = ?"
                " WHERE serial = ? AND revoked_at IS NULL",
                (self._clock.now().isoformat(), reason, serial),
            )
            if changed.rowcount:
                # The list of before stays with its number and without its bytes: the next is new.
                db.execute("UPDATE crl SET der = NULL")
            return _status(db, serial)

    def status(self, serial: str) -> CertificateStatus:
        """See CertificateAuthority.status."""
        with self._transaction("DEFERRED") as db:
            return _status(db, serial)

    def crl(self) -> bytes:
        """See CertificateAuthority.crl. A list is made anew after a revocation and once a day."""
        now = self._clock.now()
        with self._transaction() as db:
            row = db.execute("SELECT number, made_at, der FROM crl").fetchone()
            number, made_at, der = row or (0, now.isoformat(), None)
            if der is not None and now - datetime.fromisoformat(made_at) < CRL_RENEWAL:
                return bytes(der)
            fresh = build_crl(self._issuing, _revoked(db), number=number + 1, now=now)
            db.execute("DELETE FROM crl")
            db.execute("INSERT INTO crl VALUES (?, ?, ?)", (number + 1, now.isoformat(), fresh))
        return fresh

    def ocsp(self, request: bytes) -> bytes:
        """See CertificateAuthority.ocsp."""
        asked = read_ocsp_request(request)
        if asked is None:
            return refuse_ocsp(OCSPResponseStatus.MALFORMED_REQUEST)
        if not asks_about(asked, self._issuing.certificate):
            return refuse_ocsp(OCSPResponseStatus.UNAUTHORIZED)
        revocation = None
        try:
            found = self.status(f"{asked.serial_number:x}")
        except CertificateUnknown:
            status = OCSPCertStatus.UNKNOWN
        else:
            status = OCSPCertStatus.GOOD if found.good else OCSPCertStatus.REVOKED
            revocation = found.revocation
        return build_ocsp_response(
            self._responder, asked, status, revocation=revocation, now=self._clock.now()
        )

    def chain(self) -> list[bytes]:
        """See CertificateAuthority.chain."""
        return [a.certificate.public_bytes(Encoding.DER) for a in (self._issuing, self._root)]

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._file, timeout=LOCK_WAIT_S, isolation_level=None)
        connection.execute("PRAGMA synchronous=FULL")
        return connection

    @contextmanager
    def _transaction(self, mode: str = "IMMEDIATE") -> Iterator[sqlite3.Connection]:
        try:
            with closing(self._connect()) as connection, connection:
                connection.execute(f"BEGIN {mode}")
                yield connection
        except sqlite3.OperationalError as error:
            raise CaUnavailable from error


def _fingerprint(subject: Subject, public_key: bytes, period: Period) -> bytes:
    """What one request id stands for; moments count, not the zone in which they are written."""
    moments = (period.starts.timestamp(), period.ends.timestamp())
    return hashlib.sha256(repr((subject, public_key, moments)).encode()).digest()


def _status(db: sqlite3.Connection, serial: str) -> CertificateStatus:
    row = db.execute("SELECT revoked_at, reason FROM issued WHERE serial = ?", (serial,)).fetchone()
    if row is None:
        raise CertificateUnknown
    return CertificateStatus(_revocation(*row) if row[0] else None)


def _revoked(db: sqlite3.Connection) -> list[tuple[int, Revocation]]:
    rows = db.execute(
        "SELECT serial, revoked_at, reason FROM issued WHERE revoked_at IS NOT NULL ORDER BY rowid"
    )
    return [(int(serial, 16), _revocation(at, reason)) for serial, at, reason in rows]


def _revocation(at: str, reason: str) -> Revocation:
    return Revocation(datetime.fromisoformat(at), RevocationReason(reason))


def _new_root(now: datetime) -> Authority:
    starts = now.replace(microsecond=0) - timedelta(hours=1)
    return create_root("桂印演示根", _new_key(), Period(starts, starts + ROOT_LIFE))


def _new_issuing(root: Authority) -> Authority:
    key, starts = _new_key(), root.certificate.not_valid_before_utc
    period = Period(starts, starts + ISSUING_LIFE)
    return Authority(key, root.issue_issuing("桂印演示签发", key.public_key(), period))


def _new_responder(issuing: Authority) -> Authority:
    # As long as the issuer's: its key lies in the same folder, so a shorter life would buy nothing.
    key, above = _new_key(), issuing.certificate
    period = Period(above.not_valid_before_utc, above.not_valid_after_utc)
    return Authority(key, issuing.issue_ocsp_responder("桂印演示 OCSP", key.public_key(), period))


def _new_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())
