"""Files waiting for seals, and the sealed materials they became."""

import json
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from examples.approval_system.client import Document, Problem, Result, SigningTask, TaskStatus
from examples.approval_system.database import Database, Folder

OPEN_TASK = {
    TaskStatus.AWAITING_SIGNER,
    TaskStatus.AUTHORIZED,
    TaskStatus.SEALING,
    TaskStatus.FAILED,
}
ENDED_TASK = {TaskStatus.CANCELLED, TaskStatus.EXPIRED}


@dataclass(frozen=True)
class SigningFile:
    """An uploaded PDF and how far it has come."""

    id: str
    owner: str
    name: str
    size: int
    created_at: str
    document_id: str | None
    document_status: str
    warnings: tuple[str, ...]
    problem: Problem | None
    attempt: int
    task_id: str | None
    task_status: TaskStatus | None
    material_id: str | None

    @property
    def settled(self) -> bool:
        """True when nothing moves until the person does something."""
        if self.document_status in {"uploaded", "checking"}:
            return False
        if self.task_status is TaskStatus.SEALED:
            return self.material_id is not None
        return self.task_status not in OPEN_TASK


@dataclass(frozen=True)
class Material:
    """A sealed PDF in 我的材料 → 个人材料 → 签章材料; it keeps the id of the file it was."""

    id: str
    owner: str
    name: str
    size: int
    sha256: str
    seals: int
    sealed_at: str


_SELECT = """SELECT files.*, materials.id AS material_id
             FROM files LEFT JOIN materials ON materials.id = files.id"""


def _file(row: sqlite3.Row) -> SigningFile:
    values = dict(row)
    values["warnings"] = tuple(json.loads(values["warnings"]))
    values["problem"] = values["problem"] and Problem(**json.loads(values["problem"]))
    values["task_status"] = values["task_status"] and TaskStatus(values["task_status"])
    return SigningFile(**values)


def _text(problem: Problem | None) -> str | None:
    return json.dumps(vars(problem), ensure_ascii=False) if problem else None


class FileStore:
    """Selects are scoped by the owner; writes name the state they start from."""

    def __init__(self, db: Database, data: Path) -> None:
        self._db = db
        self.originals = Folder(data / "originals")
        self.sealed = Folder(data / "sealed")

    def add(self, owner: str, name: str, content: bytes) -> SigningFile:
        """Keep an upload before anybody is asked about it."""
        file_id = uuid4().hex
        self.originals.put(file_id, content)
        with self._db.begin() as db:
            db.execute(
                "INSERT INTO files (id, owner, name, size) VALUES (?, ?, ?, ?)",
                (file_id, owner, name, len(content)),
            )
        return self.get(owner, file_id)

    def get(self, owner: str, file_id: str) -> SigningFile:
        """The owner's file; raises LookupError."""
        with self._db.begin() as db:
            row = db.execute(
                f"{_SELECT} WHERE files.owner = ? AND files.id = ?", (owner, file_id)
            ).fetchone()
        if row is None:
            raise LookupError(file_id)
        return _file(row)

    def all(self, owner: str) -> list[SigningFile]:
        """The owner's files, the newest first."""
        with self._db.begin() as db:
            rows = db.execute(
                f"{_SELECT} WHERE files.owner = ? ORDER BY files.rowid DESC", (owner,)
            ).fetchall()
        return [_file(row) for row in rows]

    def remove(self, file: SigningFile) -> None:
        """Forget a file that was rejected; any other is kept."""
        with self._db.begin() as db:
            gone = db.execute(
                "DELETE FROM files WHERE id = ? AND document_status = 'rejected'", (file.id,)
            ).rowcount
        if gone:
            self.originals.path(file.id).unlink(missing_ok=True)

    def document_seen(self, file: SigningFile, document: Document) -> SigningFile:
        """Note what the platform said; the first document id and the outcome of a check stay."""
        return self._update(
            file,
            "document_id = ?, document_status = ?, warnings = ?, problem = ? WHERE id = ?"
            " AND document_status IN ('uploaded', 'checking') AND coalesce(document_id, ?) = ?",
            document.id,
            document.status,
            json.dumps(document.warnings, ensure_ascii=False),
            _text(document.problem),
            file.id,
            document.id,
            document.id,
        )

    def document_refused(self, file: SigningFile, problem: Problem) -> SigningFile:
        """The platform will never take this file."""
        changes = "document_status = 'rejected', problem = ? WHERE id = ?"
        return self._update(file, changes, _text(problem), file.id)

    def task_seen(self, file: SigningFile, task: SigningTask) -> SigningFile:
        """Note what the platform said of this attempt's task; an answer that comes late loses."""
        return self._update(
            file,
            "task_id = ?, task_status = ?, problem = ? WHERE id = ? AND attempt = ?"
            " AND coalesce(task_status, '') NOT IN ('sealed', 'cancelled', 'expired')",
            task.id,
            task.status,
            _text(task.failure),
            file.id,
            file.attempt,
        )

    def next_attempt(self, file: SigningFile) -> SigningFile:
        """Leave an ended task behind; two clicks at once count as one."""
        return self._update(
            file,
            "attempt = attempt + 1, task_id = NULL, task_status = NULL, problem = NULL"
            " WHERE id = ? AND attempt = ?",
            file.id,
            file.attempt,
        )

    def _update(self, file: SigningFile, changes: str, *values: str | int | None) -> SigningFile:
        with self._db.begin() as db:
            db.execute(f"UPDATE files SET {changes}", values)  # noqa: S608  fixed words only
        return self.get(file.owner, file.id)

    def add_material(
        self, file: SigningFile, result: Result, *, content: bytes, sealed_at: str
    ) -> None:
        """Save the sealed PDF into 签章材料, once however often it is called."""
        self.sealed.put(file.id, content)
        row = (file.id, file.owner, result.name, result.size, result.sha256, result.seals)
        with self._db.begin() as db:
            db.execute(
                "INSERT INTO materials (id, owner, name, size, sha256, seals, sealed_at)"
                " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
                (*row, sealed_at),
            )

    def material(self, owner: str, material_id: str) -> Material:
        """The owner's material; raises LookupError."""
        for material in self.materials(owner):
            if material.id == material_id:
                return material
        raise LookupError(material_id)

    def materials(self, owner: str) -> list[Material]:
        """The owner's sealed materials, the newest first."""
        with self._db.begin() as db:
            rows = db.execute(
                "SELECT * FROM materials WHERE owner = ? ORDER BY rowid DESC", (owner,)
            ).fetchall()
        return [Material(**dict(row)) for row in rows]
