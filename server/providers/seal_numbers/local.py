"""Numbers counted in a file of our own, place by place, for all processes of the machine."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import ClassVar

from server.providers.seal_numbers import DIGITS, PLACE_DIGITS, SealNumbersUnavailable

LOCK_WAIT_S = 5.0
SERIAL_DIGITS = DIGITS - PLACE_DIGITS


class LocalSealNumbers:
    """The usual numbering; a register of the authorities' own would be another implementation."""

    development_only: ClassVar[bool] = False

    def __init__(self, folder: Path) -> None:
        self._file = folder / "seal_numbers.sqlite3"
        with closing(self._connect()) as db, db:
            db.execute(
                "CREATE TABLE IF NOT EXISTS numbers"
                " (request TEXT PRIMARY KEY, place TEXT, serial INTEGER, UNIQUE (place, serial))"
            )

    def allot(self, request_id: str, place: str) -> str:
        """See SealNumbers.allot."""
        if not (len(place) == PLACE_DIGITS and place.isascii() and place.isdecimal()):
            raise ValueError(f"not the number of a place: {place!r}")
        try:
            with closing(self._connect()) as db, db:
                db.execute("BEGIN IMMEDIATE")
                given = _given(db, request_id) or _next(db, request_id, place)
        except sqlite3.OperationalError as error:
            raise SealNumbersUnavailable from error
        return given

    def _connect(self) -> sqlite3.Connection:
        db = sqlite3.connect(self._file, timeout=LOCK_WAIT_S)
        # A number that was given must never be given again, not even after a power cut.
        db.execute("PRAGMA synchronous=FULL")
        return db


def _given(db: sqlite3.Connection, request_id: str) -> str | None:
    row = db.execute(
        "SELECT place, serial FROM numbers WHERE request = ?", (request_id,)
    ).fetchone()
    return _written(*row) if row else None


def _next(db: sqlite3.Connection, request_id: str, place: str) -> str:
    (last,) = db.execute("SELECT max(serial) FROM numbers WHERE place = ?", (place,)).fetchone()
    serial = (last or 0) + 1
    if serial >= 10**SERIAL_DIGITS:
        raise SealNumbersUnavailable
    db.execute("INSERT INTO numbers VALUES (?, ?, ?)", (request_id, place, serial))
    return _written(place, serial)


def _written(place: str, serial: int) -> str:
    return f"{place}{serial:0{SERIAL_DIGITS}}"
