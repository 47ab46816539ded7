"""Text, numbers and streams as a PDF writes them (ISO 32000-1 7.3)."""

from collections.abc import Sequence
from typing import Final

ESCAPED: Final = str.maketrans({"\\": r"\\", "(": r"\(", ")": r"\)"})
FIRST_PRINTABLE, LAST_PRINTABLE = " ", "~"


def text(words: str) -> bytes:
    """A text string: as it stands where it is plain ASCII, else UTF-16 (7.9.2.2)."""
    if all(FIRST_PRINTABLE <= letter <= LAST_PRINTABLE for letter in words):
        return b"(%b)" % words.translate(ESCAPED).encode("ascii")
    return b"<%b>" % f"\ufeff{words}".encode("utf-16-be").hex().encode()


def numbers(values: Sequence[float]) -> bytes:
    """An array of reals, to 1/10000."""
    return b"[ %b ]" % " ".join(f"{value:.4f}" for value in values).encode()


def stream(entries: bytes, content: bytes) -> bytes:
    """A stream; `entries` stand in its dictionary beside /Length."""
    return b"<< %b /Length %d >>\nstream\n%b\nendstream" % (entries, len(content), content)
