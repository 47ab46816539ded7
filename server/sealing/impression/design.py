"""What is written on a seal, before it is drawn."""

from dataclasses import dataclass

from server.sealing.impression.errors import ImpressionTextInvalid
from server.sealing.impression.glyphs import Face, has_all
from server.sealing.impression.outlines import Outlines
from server.sealing.impression.strokes import Strokes

FONTS = {"song": Face.SONG, "hei": Face.HEI}
USUAL_FONT = "song"
_NUMBER_DIGITS = 13  # seal-signature.md "Impressions"
_CODE_CHARACTERS = 18
_FULL_WIDTH = str.maketrans("()", "（）")


@dataclass(frozen=True)
class Design:
    """The kind of seal and its words.

    `kind` is a value of SealKind; `name` is the company's or the person's; `number` the 13 digits
    of the seal's registration; `type_line` replaces the kind's own line, as in 合同专用章（2）.
    An invoice seal shows the company's `code` (18 characters), and its `turn` where there are
    several. `font` is the lettering of a square seal: `song` or `hei`. A handwritten seal is drawn
    from `strokes`, or else from a photo's `picture`, alone. `place` begins with the code of the
    place (GB/T 2260) whose sizes the seal has.
    """

    kind: str
    name: str
    number: str | None = None
    type_line: str | None = None
    code: str | None = None
    turn: int | None = None
    font: str = USUAL_FONT
    strokes: Strokes | None = None
    picture: Outlines | None = None
    place: str = ""


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


def checked_code(design: Design) -> str:
    """The unified social credit code; ImpressionTextInvalid unless 18 digits and capitals."""
    code = design.code or ""
    if not (len(code) == _CODE_CHARACTERS and code.isascii() and code.isalnum() and code.isupper()):
        raise ImpressionTextInvalid(field="code", characters=_CODE_CHARACTERS)
    return code


def checked_font(design: Design) -> Face:
    """The lettering; ImpressionTextInvalid for one that we do not have."""
    if design.font not in FONTS:
        raise ImpressionTextInvalid(field="font", fonts=sorted(FONTS))
    return FONTS[design.font]


def fonts_for(text: str) -> list[str]:
    """The letterings that have every character of a text, for a person to choose among."""
    return [font for font, face in FONTS.items() if has_all(text, face)]


def checked_type_line(design: Design, usual: str, longest: int) -> str:
    """The line under the centre: the design's own, or else the `usual` one of its kind."""
    type_line = (design.type_line or usual).translate(_FULL_WIDTH)
    if len(type_line) > longest:
        raise ImpressionTextInvalid(field="type_line", longest=longest)
    return type_line
