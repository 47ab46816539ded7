"""Which tests show which rows of the specification: `python -m tests.rows [S-03 P …]`.

F are the features of the manuals, P what people expect beyond them, S security, R faults survived.
"""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

TESTS = Path(__file__).parent
# The last of each kind, and the numbers that were never given.
LAST = {"F": 54, "P": 51, "R": 20, "S": 52}
NOT_GIVEN = {"P-19", "P-22", "P-31", "P-32", "P-33", "P-34"}
ROWS = [
    row
    for kind, last in LAST.items()
    for number in range(1, last + 1)
    if (row := f"{kind}-{number:02}") not in NOT_GIVEN
]


def shown_by() -> dict[str, list[str]]:
    """Each row with the tests that are marked with it, in the order of their files."""
    found: dict[str, list[str]] = {row: [] for row in ROWS}
    for path in sorted(TESTS.rglob("test_*.py")):
        for test, row in marks(ast.parse(path.read_text("utf-8"))):
            found.setdefault(row, []).append(f"{path.relative_to(TESTS.parent).as_posix()}::{test}")
    return found


def marks(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Every test of a module with each row that it is marked with."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            for mark in node.decorator_list:
                if isinstance(mark, ast.Call) and ast.unparse(mark.func) == "pytest.mark.row":
                    yield from ((node.name, ast.literal_eval(row)) for row in mark.args)


def listing(shown: dict[str, list[str]], asked: list[str]) -> str:
    """The rows that begin as asked, or all, each with its tests below it."""
    lines = []
    for row, tests in sorted(shown.items()):
        if row.startswith(tuple(asked) or ""):
            lines += [row, *(f"    {test}" for test in tests or ["no test yet"])]
    return "".join(f"{line}\n" for line in lines)


if __name__ == "__main__":
    sys.stdout.write(listing(shown_by(), sys.argv[1:]))
