"""Filings (申报审批事项) and the sealed materials that they quote."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import uuid4

from examples.approval_system.database import Database
from examples.approval_system.files import Material
from examples.approval_system.matters import MATTERS, Matter


class FilingIncomplete(Exception):
    """A required attachment is missing."""

    def __init__(self, slots: Sequence[str]) -> None:
        super().__init__(*slots)
        self.slots = slots


class FilingSubmitted(Exception):
    """It was handed in already and no longer changes."""


@dataclass(frozen=True)
class Filing:
    """One filing of one person; it no longer changes once it is submitted."""

    id: str
    owner: str
    matter: Matter
    project: str
    created_at: str
    submitted_at: str | None
    attachments: dict[str, tuple[Material, ...]]

    @property
    def number(self) -> str:
        """What a person would quote on the phone."""
        return f"YS{self.created_at[:10].replace('-', '')}{self.id[:4].upper()}"

    @property
    def missing(self) -> list[str]:
        """Names of the required attachments that are still empty."""
        return [
            slot.name
            for slot in self.matter.slots
            if slot.required and not self.attachments.get(slot.code)
        ]


class FilingStore:
    """Every method is scoped by the owner and raises LookupError for what is not his."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def add(self, owner: str, matter: Matter, project: str) -> str:
        """A new draft; returns its id."""
        filing_id = uuid4().hex
        with self._db.begin() as db:
            db.execute(
                "INSERT INTO filings (id, owner, matter, project) VALUES (?, ?, ?, ?)",
                (filing_id, owner, matter.code, project),
            )
        return filing_id

    def get(self, owner: str, filing_id: str) -> Filing:
        """The filing with its attachments."""
        for filing in self.all(owner):
            if filing.id == filing_id:
                return filing
        raise LookupError(filing_id)

    def all(self, owner: str) -> list[Filing]:
        """The owner's filings, the newest first."""
        with self._db.begin() as db:
            rows = db.execute(
                "SELECT * FROM filings WHERE owner = ? ORDER BY rowid DESC", (owner,)
            ).fetchall()
            return [_filing(db, row) for row in rows]

    def quote(self, filing: Filing, slot: str, materials: Sequence[Material]) -> None:
        """Attach sealed materials; the same one twice stays one."""
        with self._draft(filing) as db:
            db.executemany(
                "INSERT INTO attachments VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                [(filing.id, slot, material.id) for material in materials],
            )

    def detach(self, filing: Filing, slot: str, material_id: str) -> None:
        """Take an attachment off; the material itself stays."""
        with self._draft(filing) as db:
            db.execute(
                "DELETE FROM attachments WHERE filing_id = ? AND slot = ? AND material_id = ?",
                (filing.id, slot, material_id),
            )

    def submit(self, filing: Filing) -> None:
        """Hand it in; raises FilingIncomplete."""
        with self._draft(filing) as db:
            now = _filing(db, db.execute(_ONE, (filing.id,)).fetchone())
            if now.missing:
                raise FilingIncomplete(now.missing)
            db.execute(
                "UPDATE filings SET submitted_at = strftime('%Y-%m-%dT%H:%M:%SZ', 'now')"
                " WHERE id = ?",
                (filing.id,),
            )

    @contextmanager
    def _draft(self, filing: Filing) -> Iterator[sqlite3.Connection]:
        with self._db.begin() as db:
            # From here on nobody else writes, so what is read below still holds at the commit.
            db.execute("BEGIN IMMEDIATE")
            if db.execute(_ONE, (filing.id,)).fetchone()["submitted_at"]:
                raise FilingSubmitted(filing.id)
            yield db


_ONE = "SELECT * FROM filings WHERE id = ?"


def _filing(db: sqlite3.Connection, row: sqlite3.Row) -> Filing:
    matter = MATTERS[row["matter"]]
    attachments: dict[str, tuple[Material, ...]] = {}
    for slot in matter.slots:
        rows = db.execute(
            "SELECT materials.* FROM attachments JOIN materials ON materials.id = material_id"
            " WHERE filing_id = ? AND slot = ? ORDER BY attachments.rowid",
            (row["id"], slot.code),
        ).fetchall()
        attachments[slot.code] = tuple(Material(**dict(found)) for found in rows)
    values = {**dict(row), "matter": matter, "attachments": attachments}
    return Filing(**values)
