"""The audit chain: whatever is done to a row is found, and slow work never holds its lock."""

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, event, select, text, update

from server.core import audit, outbox
from server.core.audit import AuditHead, AuditRow, Flaw
from server.core.db import Database, UnitOfWork
from tests.factories.product import Product
from tests.fakes.threads import together
from tests.fakes.trouble import Broken, abandon

ROOT = Path(__file__).parents[3]


def record(uow: UnitOfWork, subject: str = "task-1") -> None:
    audit.record(uow, "signing.sealed", actor="acc-1", subject=subject, note="桂印", pages=[1, 2])


def flaw(db: Database) -> Flaw | None:
    with db.read() as uow:
        return audit.verify(uow)


@pytest.fixture
def chain(db: Database) -> Database:
    """Six rows; the two in the middle come from one transaction."""
    for subjects in (["1"], ["2"], ["3", "4"], ["5"], ["6"]):
        with db.begin() as uow:
            for subject in subjects:
                record(uow, subject)
    assert flaw(db) is None
    return db


def test_an_empty_chain_holds(db: Database) -> None:
    assert flaw(db) is None


def test_rows_stand_in_the_order_of_their_commits(chain: Database) -> None:
    with chain.read() as uow:
        rows = uow.session.execute(
            select(AuditRow.seq, AuditRow.subject).order_by(AuditRow.seq)
        ).all()
    assert [tuple(row) for row in rows] == [(n, str(n)) for n in range(1, 7)]


def edit(uow: UnitOfWork) -> None:
    uow.session.execute(update(AuditRow).where(AuditRow.seq == 3).values(actor="acc-2"))


def edit_details(uow: UnitOfWork) -> None:
    uow.session.execute(update(AuditRow).where(AuditRow.seq == 3).values(details={"note": "x"}))


def edit_the_time(uow: UnitOfWork) -> None:
    row = uow.session.get_one(AuditRow, 3)
    row.at = row.at.replace(year=2025)


def edit_and_hash_again(uow: UnitOfWork) -> None:
    row = uow.session.get_one(AuditRow, 3)
    row.actor = "acc-2"
    row.hash = audit.digest(row)


def remove(uow: UnitOfWork) -> None:
    uow.session.execute(delete(AuditRow).where(AuditRow.seq == 3))


def remove_and_close_up(uow: UnitOfWork) -> None:
    remove(uow)
    for seq in (4, 5, 6):
        uow.session.execute(update(AuditRow).where(AuditRow.seq == seq).values(seq=seq - 1))


def swap(uow: UnitOfWork) -> None:
    for seq, place in ((3, 99), (4, 3), (99, 4)):
        uow.session.execute(update(AuditRow).where(AuditRow.seq == seq).values(seq=place))


def remove_the_first(uow: UnitOfWork) -> None:
    uow.session.execute(delete(AuditRow).where(AuditRow.seq == 1))


def cut_the_end(uow: UnitOfWork) -> None:
    uow.session.execute(delete(AuditRow).where(AuditRow.seq > 4))


def cut_everything(uow: UnitOfWork) -> None:
    uow.session.execute(delete(AuditRow))


def forget_the_head(uow: UnitOfWork) -> None:
    uow.session.execute(delete(AuditHead))


def add_behind_the_head(uow: UnitOfWork) -> None:
    last = uow.session.get_one(AuditRow, 6)
    facts = {"actor": "acc-2", "event": "x", "subject": "y", "details": {}}
    row = AuditRow(seq=7, at=uow.now, previous=last.hash, **facts)
    row.hash = audit.digest(row)
    uow.session.add(row)


def rewrite_the_last(uow: UnitOfWork) -> None:
    row = uow.session.get_one(AuditRow, 6)
    row.actor = "acc-2"
    row.hash = audit.digest(row)


MUTATIONS: list[tuple[Callable[[UnitOfWork], Any], Flaw]] = [
    (edit, Flaw(3, "edited")),
    (edit_details, Flaw(3, "edited")),
    (edit_the_time, Flaw(3, "edited")),
    (edit_and_hash_again, Flaw(4, "not linked to the row before")),
    (remove, Flaw(3, "missing")),
    (remove_and_close_up, Flaw(3, "not linked to the row before")),
    (swap, Flaw(3, "not linked to the row before")),
    (remove_the_first, Flaw(1, "missing")),
    (cut_the_end, Flaw(5, "the end was cut off")),
    (cut_everything, Flaw(1, "the end was cut off")),
    (forget_the_head, Flaw(1, "behind the head of the chain")),
    (add_behind_the_head, Flaw(7, "behind the head of the chain")),
    (rewrite_the_last, Flaw(6, "not the row that the head names")),
]


@pytest.mark.row("R-19")
@pytest.mark.parametrize(
    ("mutate", "found"), MUTATIONS, ids=lambda one: getattr(one, "__name__", "")
)
def test_the_first_bad_row_is_named(
    mutate: Callable[[UnitOfWork], Any], found: Flaw, chain: Database
) -> None:
    with chain.begin() as uow:
        mutate(uow)
    assert flaw(chain) == found


def test_a_transaction_that_fails_leaves_no_row(chain: Database) -> None:
    with pytest.raises(Broken):
        abandon(chain, record)
    assert flaw(chain) is None
    with chain.begin() as uow:
        record(uow, "7")
    assert flaw(chain) is None


def test_the_chain_holds_under_eight_writers(db: Database) -> None:
    def write_five() -> None:
        for _ in range(5):
            with db.begin() as uow:
                record(uow)

    assert together([write_five] * 8) == [None] * 8
    assert flaw(db) is None
    with db.read() as uow:
        assert uow.session.get_one(AuditHead, 1).seq == 40


def test_the_chains_lock_is_the_last_that_a_transaction_takes(db: Database) -> None:
    said: list[str] = []
    event.listen(
        db.engine,
        "before_cursor_execute",
        lambda _c, _u, statement, *_rest: said.append(statement),
    )
    with db.begin() as uow:
        record(uow)
        outbox.publish(uow, "signing.sealed", audience="par-1", subject="task-1")
    first_of_chain = next(place for place, one in enumerate(said) if "audit_head" in one)
    news = next(place for place, one in enumerate(said) if "outbox_events" in one)
    assert news < first_of_chain


@dataclass
class Command:
    """`verify-audit` as it is run by a person."""

    product: Product

    def run(self) -> subprocess.CompletedProcess[str]:
        settings = self.product.parts.settings
        environment = {
            "PATH": os.environ["PATH"],
            "GUIYIN_DATA_DIR": str(settings.data_dir),
            "GUIYIN_PUBLIC_URL": settings.public_url,
            "GUIYIN_MASTER_KEY": settings.master_key.get_secret_value(),
            "GUIYIN_LINK_KEY": settings.link_key.get_secret_value(),
        }
        command = [sys.executable, "-m", "server.cli", "verify-audit"]
        return subprocess.run(
            command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
        )


@pytest.mark.row("R-19")
def test_the_command_names_the_first_bad_row_and_fails(product: Product) -> None:
    command = Command(product)
    good = command.run()
    assert (good.returncode, good.stdout) == (0, "audit chain verified\n")

    with product.parts.db.begin() as uow:
        uow.session.execute(text("UPDATE audit_rows SET actor = 'nobody' WHERE seq = 2"))

    bad = command.run()
    assert bad.returncode == 1
    assert "audit chain broken at row 2: edited" in bad.stderr
