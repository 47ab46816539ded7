"""What is written on a seal, before it is drawn."""

from dataclasses import dataclass

from server.sealing.impression.errors import ImpressionTextInvalid

_NUMBER_DIGITS = 13  # seal-signature.md "Impressions"
_FULL_WIDTH = str.maketrans("()", "（）")


@dataclass(frozen=True)
class Design:
    """The kind of seal and its words.

    `kind` is a value of SealKind; `name` is the company's or the person's; `number` the 13 digits
    of the seal's registration; `type_line` replaces the kind's own line, as in 合同专用章（2）.
    """

    kind: str
    name: str
    number: str | None = None
    type_line: str | None = None


def checked_name(design: Design, shortest: int, longest: int) -> str:
    """The name as it is cut, its brackets full-width; ImpressionTextInvalid outside the bounds."""
    name = design.name.translate(_FULL_WIDTH)
    if not shortest <= len(name) <= longest:
        raise ImpressionTextInvalid(field="name", shortest=shortest, longest=longest)
    return name


def checked_number(design: Design) -> str:
    """The number, or an empty text where there is none; ImpressionTextInvalid unless 13 digits."""
    number = design.number or ""
    if number and not (number.isascii() and number.isdecimal() and len(number) == _NUMBER_DIGITS):
        raise ImpressionTextInvalid(field="number", digits=_NUMBER_DIGITS)
    return number


def checked_type_line(design: Design, usual: str, longest: int) -> str:
    """The line under the centre: the design's own, or else the `usual` one of its kind."""
    type_line = (design.type_line or usual).translate(_FULL_WIDTH)
    if len(type_line) > longest:
        raise ImpressionTextInvalid(field="type_line", longest=longest)
    return type_line
