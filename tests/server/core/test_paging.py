"""Lists in pages: newest first, no row twice and none left out."""

import pytest
from sqlalchemy import select

from server.core import outbox
from server.core.db import Database
from server.core.outbox import OutboxEvent
from server.core.paging import BadCursor, Page, newest_first


def publish(db: Database, count: int) -> None:
    with db.begin() as uow:
        for number in range(count):
            outbox.publish(uow, "topic", audience="par-1", subject=str(number))


def page(db: Database, cursor: str | None = None, limit: int = 20) -> Page[OutboxEvent]:
    with db.read() as uow:
        rows = select(OutboxEvent)
        return newest_first(uow.session, rows, OutboxEvent.id, cursor=cursor, limit=limit)


def test_walking_the_pages_shows_every_row_once_and_the_newest_first(db: Database) -> None:
    publish(db, 7)
    first = page(db, limit=3)
    publish(db, 2)  # what comes in between belongs to no later page
    second = page(db, first.next_cursor, limit=3)
    third = page(db, second.next_cursor, limit=3)
    ids = [row.id for one in (first, second, third) for row in one.items]
    assert len(ids) == 7
    assert ids == sorted(set(ids), reverse=True)
    assert third.next_cursor is None


def test_a_full_last_page_is_the_last(db: Database) -> None:
    publish(db, 3)
    assert page(db, limit=3).next_cursor is None
    assert page(db, limit=2).next_cursor is not None


def test_an_empty_list_is_one_page(db: Database) -> None:
    assert page(db) == Page([], None)


@pytest.mark.parametrize(("asked", "given"), [(0, 1), (-5, 1), (1000, 100), (100, 100)])
def test_a_page_has_between_one_row_and_a_hundred(db: Database, asked: int, given: int) -> None:
    publish(db, 101)
    assert len(page(db, limit=asked).items) == given


CURSOR = "evt-01m7yh6sgezf30bvxkyhpfem7w"


@pytest.mark.parametrize(
    "cursor", ["", "1", "' OR 1=1 --", "evt-", "evt-%", f"{CURSOR}\n", f"{CURSOR}0"]
)
def test_a_cursor_that_we_did_not_give_is_refused(db: Database, cursor: str) -> None:
    with pytest.raises(BadCursor):
        page(db, cursor)
