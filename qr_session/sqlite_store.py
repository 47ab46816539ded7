"""Sessions in an SQLite file of their own, shared by the processes and threads of one machine."""

import json
import logging
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from threading import Lock
from time import monotonic, sleep
from types import TracebackType
from typing import Any, Self

from qr_session.errors import StoreAway
from qr_session.records import from_text, to_text
from qr_session.session import QrSession

_BUSY_SECONDS = 5.0
_SET_UP = """
PRAGMA journal_mode = WAL;
PRAGMA synchronous = NORMAL;
CREATE TABLE IF NOT EXISTS qr_session (
    id TEXT PRIMARY KEY,
    state TEXT NOT NULL,
    seq INTEGER NOT NULL,
    forget_at REAL NOT NULL,
    body TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS qr_user_code (
    digest TEXT PRIMARY KEY,
    session_id TEXT NOT NULL,
    ends_at REAL NOT NULL
) WITHOUT ROWID;
"""

_log = logging.getLogger(__name__)


class SQLiteStore:
    """One statement per call, each its own transaction; open it after the process has forked.

    `synchronous = NORMAL`: a killed process loses nothing, a power cut may lose the last moments,
    which a session of 15 minutes can bear. Decisions that must survive are rows of the application.
    """

    def __init__(self, path: Path) -> None:
        self._lock = Lock()
        self._connection = sqlite3.connect(
            path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False
        )
        self._set_up()

    def _set_up(self) -> None:
        until = monotonic() + _BUSY_SECONDS
        while True:
            try:
                self._connection.executescript(_SET_UP)
                return
            except sqlite3.OperationalError:
                # To switch to WAL a connection must be alone, and SQLite does not wait for that.
                if monotonic() > until:
                    raise
                sleep(0.02)

    def add(self, session: QrSession) -> None:
        self._add_user_codes(session)
        self._run(
            "INSERT INTO qr_session VALUES (?, ?, ?, ?, ?)",
            (
                session.id,
                session.state,
                session.seq,
                session.forget_at.timestamp(),
                to_text(session),
            ),
        )

    def get(self, session_id: str) -> QrSession | None:
        return self._one("SELECT body FROM qr_session WHERE id = ?", session_id)

    def by_user_code(self, digest: str) -> QrSession | None:
        return self._one(
            "SELECT body FROM qr_session JOIN qr_user_code ON session_id = id WHERE digest = ?",
            digest,
        )

    def swap(self, old: QrSession, new: QrSession) -> bool:
        changed = self._run(
            "UPDATE qr_session SET state = ?, seq = ?, forget_at = ?, body = ?"
            " WHERE id = ? AND state = ? AND seq = ?",
            (
                new.state,
                new.seq,
                new.forget_at.timestamp(),
                to_text(new),
                old.id,
                old.state,
                old.seq,
            ),
        )
        return changed == 1

    def forget(self, now: datetime) -> int:
        self._run("DELETE FROM qr_user_code WHERE ends_at <= ?", (now.timestamp(),))
        return self._run("DELETE FROM qr_session WHERE forget_at <= ?", (now.timestamp(),))

    def close(self) -> None:
        """Close the file; the store cannot be used afterwards."""
        with self._lock:
            self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _add_user_codes(self, session: QrSession) -> None:
        # Before the session: what breaks off in between leaves codes of nothing.
        if session.user_codes:
            self._run(
                "INSERT INTO qr_user_code SELECT value, ?, ? FROM json_each(?)",
                (session.id, session.ends_at.timestamp(), json.dumps(session.user_codes)),
            )

    def _one(self, query: str, name: str) -> QrSession | None:
        with self._asked() as connection:
            row = connection.execute(query, (name,)).fetchone()
        return None if row is None else from_text(row[0])

    def _run(self, statement: str, values: tuple[Any, ...]) -> int:
        with self._asked() as connection:
            return connection.execute(statement, values).rowcount

    @contextmanager
    def _asked(self) -> Iterator[sqlite3.Connection]:
        """The connection; a full disk, or a file that others hold too long, raises StoreAway."""
        # One connection under a lock: a statement takes some 40 us, less than handing over
        # between connections, and threads of one process never wait on the file's lock.
        with self._lock:
            try:
                yield self._connection
            except sqlite3.OperationalError as error:
                _log.warning("the QR store does not answer: %s", error)
                raise StoreAway from None
