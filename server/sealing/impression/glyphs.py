"""Outlines of characters out of the shipped fonts, each with the box that a layout may rely on."""

import threading
import unicodedata
from dataclasses import dataclass
from enum import Enum
from functools import cache, lru_cache
from typing import Any

import pylopdf_fonts_zh_cn
from fontTools.pens.boundsPen import BoundsPen
from fontTools.pens.perimeterPen import PerimeterPen
from fontTools.pens.recordingPen import RecordingPen
from fontTools.ttLib import TTFont

from server.sealing.impression.errors import MissingGlyph
from server.sealing.impression.shapes import Segment

Box = tuple[float, float, float, float]  # left, low, right, high in thousandths of the em

# What 99 % of the ideographs of GB 2312 fill in both fonts; a layout's cell is this box.
_IDEOGRAPH: Box = (24, -88, 976, 850)
# A digit or capital fills its cell from the baseline up, so that it stands as tall as a 国.
_CAPITAL_LOW, _CAPITAL_HIGH = -16, 746
_SIDE = 30  # white on either side of whatever is narrower than an ideograph

_LETTERS = {"moveTo": "M", "lineTo": "L", "curveTo": "C", "closePath": "Z"}
# fontTools reads an outline by seeking in a shared buffer, which threads must not do at once.
_reading = threading.Lock()


class Face(Enum):
    """The styles of lettering on a seal; the value lists the fonts to look in, in that order."""

    SONG = ("serif", "sans")
    HEI = ("sans",)


@dataclass(frozen=True)
class Glyph:
    """One character: contours in thousandths of the em, y up, all of them inside `box`."""

    character: str
    segments: tuple[Segment, ...]
    box: Box
    edge: float  # length of all contours in em: 印 has 7, 南 10, 鑫 15
    advance: float = 1000.0  # how far the next character stands in a line of text

    @property
    def breadth(self) -> float:
        """Width in units of an ideograph: 1 for 国, about a third for a bracket."""
        return min(1.0, (self.box[2] - self.box[0]) / (_IDEOGRAPH[2] - _IDEOGRAPH[0]))


def glyphs(text: str, face: Face = Face.SONG) -> list[Glyph]:
    """The outline of every character of `text`.

    Raises MissingGlyph naming all characters, each once, that no font of the face can show;
    a character without ink, such as a space, counts as one of them.
    """
    found = [_glyph(character, face) for character in text]
    missing = [c for c, glyph in zip(text, found, strict=True) if glyph is None]
    if missing:
        raise MissingGlyph(characters=list(dict.fromkeys(missing)))
    return [glyph for glyph in found if glyph is not None]


def has_all(text: str, face: Face) -> bool:
    """Whether the face's own font, without its substitutes, has every character."""
    with _reading:
        names, _ = _font(face.value[0])
    return all(ord(character) in names for character in text)


def warm() -> None:
    """Load the fonts (about 0.2 s) so that the first seal of a worker need not wait for them."""
    glyphs("印", Face.SONG)
    glyphs("0", Face.HEI)


@lru_cache(maxsize=1024)
def _glyph(character: str, face: Face) -> Glyph | None:
    with _reading:
        for font in face.value:
            names, outlines = _font(font)
            name = names.get(ord(character))
            if name is not None:
                return _read(character, outlines[name])
    return None


@cache
def _font(style: str) -> tuple[dict[int, str], Any]:
    """Code point to glyph name, and glyph name to outline; the file is closed again."""
    path = pylopdf_fonts_zh_cn.serif_path() if style == "serif" else pylopdf_fonts_zh_cn.sans_path()
    with TTFont(path, lazy=True) as font:
        return font.getBestCmap(), font.getGlyphSet()


def _read(character: str, outline: Any) -> Glyph | None:
    pen, bounds, edge = RecordingPen(), BoundsPen(None), PerimeterPen(tolerance=5)
    outline.draw(pen)
    pen.replay(bounds)
    pen.replay(edge)
    if bounds.bounds is None:
        return None
    segments = tuple(
        (_LETTERS[move], tuple(n for point in points for n in point)) for move, points in pen.value
    )
    box, length = _box(character, bounds.bounds), edge.value / 1000
    return Glyph(character, segments, box, length, outline.width)


def _box(character: str, ink: Box) -> Box:
    """The box that this kind of character fills, widened where its own ink is larger."""
    left, low, right, high = _IDEOGRAPH
    if unicodedata.east_asian_width(character) != "W":
        left, right = ink[0] - _SIDE, ink[2] + _SIDE
    if character.isascii() and character.isalnum():
        low, high = _CAPITAL_LOW, _CAPITAL_HIGH
    return min(left, ink[0]), min(low, ink[1]), max(right, ink[2]), max(high, ink[3])
