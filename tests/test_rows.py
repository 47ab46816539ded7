"""The marks that tie tests to the specification name rows that there are, and are all found."""

import ast
import inspect
from pathlib import Path

import pytest

from tests import rows

ROOT = Path(__file__).parent.parent


def test_every_mark_names_a_row_of_the_specification() -> None:
    unknown = {row: tests for row, tests in rows.shown_by().items() if row not in rows.ROWS}
    assert not unknown


def test_a_row_that_is_misspelt_is_seen() -> None:
    found = rows.marks(ast.parse("@pytest.mark.row('S-3', 'S-04')\ndef test_a(): ..."))
    assert [row for _, row in found if row not in rows.ROWS] == ["S-3"]


def test_every_mark_that_pytest_sees_is_in_the_listing(request: pytest.FixtureRequest) -> None:
    """A mark that stands where the listing does not look would be missing from it."""
    listed = {(test, row) for row, tests in rows.shown_by().items() for test in tests}
    collected = {
        (written_at(item), row)
        for item in request.session.items
        for mark in item.iter_markers("row")
        for row in mark.args
    }
    assert collected <= listed


def written_at(item: pytest.Item) -> str:
    """Where a test stands, which is elsewhere for one that another file imports."""
    assert isinstance(item, pytest.Function)
    test = inspect.unwrap(item.function)
    return f"{Path(inspect.getfile(test)).relative_to(ROOT).as_posix()}::{test.__name__}"


def test_the_listing_names_each_row_that_is_asked_for_with_its_tests() -> None:
    shown = {"S-03": ["tests/a.py::test_a"], "P-01": [], "S-04": []}
    assert rows.listing(shown, ["S", "P-02"]).splitlines() == [
        "S-03",
        "    tests/a.py::test_a",
        "S-04",
        "    no test yet",
    ]
    assert rows.listing(shown, []).startswith("P-01\n    no test yet\nS-03\n")
