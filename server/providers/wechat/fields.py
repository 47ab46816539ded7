"""What fits into a field of a subscribe message, by the kind that its name begins with; pure."""

import re
from collections.abc import Mapping
from typing import Final

_NAME: Final = re.compile(r"([a-z_]+?)_?\d*")
_HAN: Final = "\u3400-\u4dbf\u4e00-\u9fff"
_UNSAFE: Final = re.compile(r"[\x00-\x1f\x7f\u2028\u2029\u202a-\u202e\u2066-\u2069]+")
# Kinds that may be cut: which characters they take, and how many.
_CUT: Final = {
    "thing": (re.compile("."), 20),
    "character_string": (re.compile(r"[\x20-\x7e]"), 32),
    "letter": (re.compile("[A-Za-z]"), 32),
    "phrase": (re.compile(f"[{_HAN}]"), 5),
}
_CLOCK: Final = r"(\d{4}年\d{1,2}月\d{1,2}日( \d{1,2}:\d{2}(:\d{2})?)?|\d{1,2}:\d{2}(:\d{2})?)"
# Kinds of which a part would be a lie: they fit, or they are not sent.
_WHOLE: Final = {
    "number": re.compile(r"(?=.{1,32}$)[0-9]+(\.[0-9]+)?"),
    "amount": re.compile(r"[¥￥$€]?[0-9]{1,10}(\.[0-9]{1,2})?元?"),
    "phone_number": re.compile(r"[0-9+\-]{1,17}"),
    "date": re.compile(f"{_CLOCK}(~{_CLOCK})?"),
    "time": re.compile(f"{_CLOCK}(~{_CLOCK})?"),
}
_CHINESE_NAME, _LATIN_NAME = 10, 20


def fitted(fields: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """All fields as WeChat takes them; see fit."""
    return {name: {"value": fit(name, value)} for name, value in fields.items()}


def fit(name: str, value: str) -> str:
    """A value for the field `name` (`thing1`, `character_string2` …), cut where that is allowed.

    ValueError for a kind that we do not send, for nothing to show, and for a number, an amount, a
    phone number or a time that would be false when cut.
    """
    found = _NAME.fullmatch(name)
    kind = found[1] if found else name
    text = _UNSAFE.sub(" ", value).strip()
    if kind in _WHOLE:
        if not _WHOLE[kind].fullmatch(text):
            raise ValueError(f"{name} does not take this value")
        return text
    if kind == "name":
        text = text[: _LATIN_NAME if text.isascii() else _CHINESE_NAME]
    elif kind in _CUT:
        takes, length = _CUT[kind]
        text = "".join(takes.findall(text)).strip()
        # The sign of omission tells the reader that there was more, where it may stand.
        cut = len(text) > length and kind == "thing"
        text = text[: length - 1] + "…" if cut else text[:length]
    else:
        raise ValueError(f"{name} is of no kind that is known")
    if not text:
        raise ValueError(f"{name} has nothing to show")
    return text
