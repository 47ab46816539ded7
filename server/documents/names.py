"""File names as people may see them: no path, no control letters, no turned direction."""

import re
import unicodedata

LONGEST = 120
FORBIDDEN = re.compile(r'[\\/:*?"<>|]')
NOTHING = "未命名.pdf"


def clean_name(given: str | None) -> str:
    """A safe display name ending in `.pdf`, at most 120 characters (S-43)."""
    name = re.split(r"[\\/]", given or "")[-1]
    name = unicodedata.normalize("NFC", name)
    kept = "".join(letter for letter in name if unicodedata.category(letter)[0] != "C")
    kept = FORBIDDEN.sub("", kept).strip(" .")
    stem = kept[:-4] if kept.lower().endswith(".pdf") else kept
    stem = stem[: LONGEST - 4].strip(" .")
    return f"{stem}.pdf" if stem else NOTHING


def sealed_name(name: str) -> str:
    """`施工许可.pdf` → `施工许可（已签章）.pdf`."""
    return clean_name(f"{clean_name(name)[:-4]}（已签章）.pdf")
