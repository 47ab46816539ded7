"""One SQLite file and one folder of PDFs: all that the demo keeps."""

import os
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

SCHEMA = """
CREATE TABLE IF NOT EXISTS files (
    id TEXT PRIMARY KEY, owner TEXT NOT NULL, name TEXT NOT NULL, size INTEGER NOT NULL,
    created_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now')),
    document_id TEXT, document_status TEXT NOT NULL DEFAULT 'uploaded',
    warnings TEXT NOT NULL DEFAULT '[]', problem TEXT,
    attempt INTEGER NOT NULL DEFAULT 1, task_id TEXT, task_status TEXT
);
CREATE TABLE IF NOT EXISTS materials (
    id TEXT PRIMARY KEY REFERENCES files (id), owner TEXT NOT NULL, name TEXT NOT NULL,
    size INTEGER NOT NULL, sha256 TEXT NOT NULL, seals INTEGER NOT NULL, sealed_at TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS filings (
    id TEXT PRIMARY KEY, owner TEXT NOT NULL, matter TEXT NOT NULL, project TEXT NOT NULL,
    created_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now')), submitted_at TEXT
);
CREATE TABLE IF NOT EXISTS scan_logins (
    handle TEXT PRIMARY KEY, verifier TEXT NOT NULL, state TEXT NOT NULL, next TEXT NOT NULL,
    created_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))
);
CREATE TABLE IF NOT EXISTS scanned_people (
    subject TEXT PRIMARY KEY, person TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS attachments (
    filing_id TEXT NOT NULL REFERENCES filings (id), slot TEXT NOT NULL,
    material_id TEXT NOT NULL REFERENCES materials (id),
    PRIMARY KEY (filing_id, slot, material_id)
);
"""


class Database:
    """A connection of its own for each transaction, so that threads never share one."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._path = folder / "approval.sqlite3"
        with self.begin() as db:
            db.executescript(SCHEMA)

    @contextmanager
    def begin(self) -> Iterator[sqlite3.Connection]:
        """One transaction; committed at the end, rolled back by an exception."""
        with closing(sqlite3.connect(self._path, timeout=10)) as db:
            db.row_factory = sqlite3.Row
            db.execute("PRAGMA foreign_keys = ON")
            with db:
                yield db


class Folder:
    """PDFs by id; a reader never sees half a file."""

    def __init__(self, path: Path) -> None:
        path.mkdir(parents=True, exist_ok=True)
        self._path = path

    def path(self, file_id: str) -> Path:
        """Where the PDF of this id lies; ids are our own, never a visitor's words."""
        return self._path / f"{file_id}.pdf"

    def put(self, file_id: str, content: bytes) -> None:
        """Write it beside, then move it into place."""
        handle, beside = tempfile.mkstemp(dir=self._path)
        with os.fdopen(handle, "wb") as out:
            out.write(content)
        Path(beside).replace(self.path(file_id))
