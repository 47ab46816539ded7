"""What the fuzzer began with and what it found: named or read, and nothing else (S-34)."""

from pathlib import Path

import pytest

from tests.attacks.entries import ENTRIES

CORPUS = Path(__file__).parent / "corpus"
FILES = sorted(path for path in CORPUS.rglob("*") if path.is_file())


@pytest.mark.row("S-34")
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
@pytest.mark.parametrize("entry", ENTRIES)
def test_every_entry_bears_every_file(entry: str, path: Path) -> None:
    ENTRIES[entry](path.read_bytes())


def test_both_kinds_of_files_are_there() -> None:
    assert {path.parent.name for path in FILES} == {"seals", "pdfs"}
