"""File names as people may see them: no path, no control letters, no turned direction."""

import re
import unicodedata

LONGEST = 120
LONGEST_STEM = LONGEST - len(".pdf")
SEALED = "（已签章）"
FORBIDDEN = re.compile(r'[\\/:*?"<>|]')
# Control and format letters (zero width, right-to-left), half letters, separators of lines. Private
# and unassigned ones stay: rare characters of names and of Zhuang script stand there.
HIDDEN = ("Cc", "Cf", "Cs", "Zl", "Zp")
NOTHING = "未命名.pdf"


def plain_line(text: str) -> str:
    """Words of others as they may be shown: one line, no hidden letters, no turned direction."""
    normal = unicodedata.normalize("NFC", text)
    kept = "".join(letter for letter in normal if unicodedata.category(letter) not in HIDDEN)
    return " ".join(kept.split())


def clean_name(given: str | None) -> str:
    """A safe display name ending in `.pdf`, at most 120 characters (S-43)."""
    stem = _stem(given or "")
    return f"{stem}.pdf" if stem else NOTHING


def sealed_name(name: str) -> str:
    """`施工许可.pdf` → `施工许可（已签章）.pdf`, however often and however long."""
    stem = _stem(clean_name(name)).removesuffix(SEALED)
    return f"{stem[: LONGEST_STEM - len(SEALED)]}{SEALED}.pdf"


def _stem(given: str) -> str:
    name = re.split(r"[\\/]", given)[-1]
    kept = FORBIDDEN.sub("", plain_line(name)).strip()
    if kept.lower().endswith(".pdf"):
        kept = kept[:-4]
    return kept.strip(" .")[:LONGEST_STEM].strip(" .")
