"""Lists in pages: newest first, by a cursor that the caller hands back."""

import re
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import Select
from sqlalchemy.orm import InstrumentedAttribute, Session

from server.core.errors import Invalid

Row = TypeVar("Row")
LARGEST = 100


@dataclass(frozen=True)
class Page(Generic[Row]):
    """Some rows, and the cursor of the next page or None at the end."""

    items: list[Row]
    next_cursor: str | None


class BadCursor(Invalid):
    """The cursor is not one that we gave."""

    code = "bad_cursor"
    message = ("翻页参数无效。", "The cursor is not valid.")
    next_step = ("请从第一页开始。", "Start again from the first page.")


def newest_first(
    session: Session,
    rows: Select[Any],
    key: InstrumentedAttribute[str],
    *,
    cursor: str | None = None,
    limit: int = 20,
) -> Page[Any]:
    """One page of `rows` by their names, which rise with time; at most 100 rows."""
    if cursor is not None:
        if not re.fullmatch(r"[a-z]{2,5}-[0-9a-z]{26}", cursor):
            raise BadCursor()
        rows = rows.where(key < cursor)
    size = max(1, min(limit, LARGEST))
    found = list(session.scalars(rows.order_by(key.desc()).limit(size + 1)))
    more = getattr(found[size - 1], key.key) if len(found) > size else None
    return Page(found[:size], more)
