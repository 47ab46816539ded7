"""The embedded authority's register: what it issued and withdrew, in one SQLite file."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

from server.pki.revocation import Revocation, RevocationReason
from server.pki.subject_keys import Algorithm
from server.providers.ca import CaUnavailable, CertificateUnknown

LOCK_WAIT_S = 10.0
_SCHEMA = """
CREATE TABLE IF NOT EXISTS issued (
    request_id TEXT PRIMARY KEY, asked BLOB NOT NULL, serial TEXT NOT NULL UNIQUE,
    certificate BLOB NOT NULL, revoked_at TEXT, reason TEXT);
CREATE TABLE IF NOT EXISTS lists (
    algorithm TEXT PRIMARY KEY, number INTEGER NOT NULL, made_at TEXT NOT NULL, der BLOB);
"""
_ROW = "SELECT asked, serial, certificate, algorithm, revoked_at, reason FROM issued"
_BY_REQUEST, _BY_SERIAL = f"{_ROW} WHERE request_id = ?", f"{_ROW} WHERE serial = ?"
# A folder of before SM2 has neither the column nor the numbers of the lists in their new place.
_SINCE_SM2 = """
ALTER TABLE issued ADD COLUMN algorithm TEXT NOT NULL DEFAULT 'p256';
CREATE TABLE IF NOT EXISTS crl (number INTEGER PRIMARY KEY, made_at TEXT NOT NULL, der BLOB);
INSERT INTO lists SELECT 'p256', number, made_at, NULL FROM crl;
DROP TABLE crl;
PRAGMA user_version = 1;
"""


@dataclass(frozen=True)
class Row:
    """One issued certificate (DER); `asked` is the fingerprint of what it was issued for."""

    asked: bytes
    serial: str
    certificate: bytes
    algorithm: Algorithm
    revocation: Revocation | None = None

    @property
    def withdrawn_for_good(self) -> bool:
        held = RevocationReason.CERTIFICATE_HOLD
        return self.revocation is not None and self.revocation.reason is not held


@dataclass(frozen=True)
class Register:
    """Opens a transaction per call; inside of one, `Entries` reads and writes."""

    file: Path

    @classmethod
    def open(cls, file: Path) -> Self:
        """The register in `file`, made or brought up to date. The caller sees that he is alone."""
        register = cls(file)
        with closing(register._connect()) as connection:
            connection.execute("PRAGMA journal_mode=WAL")
            connection.executescript(_SCHEMA)
            if connection.execute("PRAGMA user_version").fetchone()[0] == 0:
                connection.executescript(_SINCE_SM2)
        return register

    @contextmanager
    def changed(self) -> Iterator["Entries"]:
        with self._transaction("IMMEDIATE") as connection:
            yield Entries(connection)

    @contextmanager
    def read(self) -> Iterator["Entries"]:
        with self._transaction("DEFERRED") as connection:
            yield Entries(connection)

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self.file, timeout=LOCK_WAIT_S, isolation_level=None)
        connection.execute("PRAGMA synchronous=FULL")
        return connection

    @contextmanager
    def _transaction(self, mode: str) -> Iterator[sqlite3.Connection]:
        try:
            with closing(self._connect()) as connection, connection:
                connection.execute(f"BEGIN {mode}")
                yield connection
        except sqlite3.OperationalError as error:
            raise CaUnavailable from error


@dataclass(frozen=True)
class Entries:
    """The register inside one transaction."""

    db: sqlite3.Connection

    def request(self, request_id: str) -> Row | None:
        """What this request was answered with."""
        return self._row(_BY_REQUEST, request_id)

    def find(self, serial: str) -> Row:
        """Raises CertificateUnknown."""
        row = self._row(_BY_SERIAL, serial)
        if row is None:
            raise CertificateUnknown
        return row

    def keep(self, request_id: str, row: Row) -> None:
        self.db.execute(
            "INSERT INTO issued (request_id, asked, serial, certificate, algorithm)"
            " VALUES (?, ?, ?, ?, ?)",
            (request_id, row.asked, row.serial, row.certificate, row.algorithm),
        )

    def withdraw(self, serial: str, reason: RevocationReason | None, now: datetime) -> None:
        """Withdraw, or stand by it again when there is no reason."""
        at = now.isoformat() if reason else None
        self.db.execute(
            "UPDATE issued SET revoked_at = ?, reason = ? WHERE serial = ?", (at, reason, serial)
        )
        # The list of before stays with its number and without its bytes: the next is new.
        self.db.execute("UPDATE lists SET der = NULL")

    def withdrawn(self, algorithm: Algorithm) -> list[tuple[int, Revocation]]:
        rows = self.db.execute(
            "SELECT serial, revoked_at, reason FROM issued"
            " WHERE revoked_at IS NOT NULL AND algorithm = ? ORDER BY rowid",
            (algorithm,),
        )
        return [(int(serial, 16), _revocation(at, reason)) for serial, at, reason in rows]

    def last_list(self, algorithm: Algorithm) -> tuple[int, datetime, bytes | None]:
        """Number, moment and bytes of the last list; no bytes when it is out of date."""
        row = self.db.execute(
            "SELECT number, made_at, der FROM lists WHERE algorithm = ?", (algorithm,)
        ).fetchone()
        if row is None:
            return 0, datetime.min.replace(tzinfo=UTC), None
        return row[0], datetime.fromisoformat(row[1]), row[2] and bytes(row[2])

    def keep_list(self, algorithm: Algorithm, number: int, now: datetime, der: bytes) -> None:
        self.db.execute(
            "INSERT OR REPLACE INTO lists VALUES (?, ?, ?, ?)",
            (algorithm, number, now.isoformat(), der),
        )

    def _row(self, question: str, value: str) -> Row | None:
        found = self.db.execute(question, (value,)).fetchone()
        if found is None:
            return None
        asked, serial, certificate, algorithm, at, reason = found
        revocation = _revocation(at, reason) if at else None
        return Row(bytes(asked), serial, bytes(certificate), Algorithm(algorithm), revocation)


def _revocation(at: str, reason: str) -> Revocation:
    return Revocation(datetime.fromisoformat(at), RevocationReason(reason))
