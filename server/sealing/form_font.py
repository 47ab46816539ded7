"""A font for one form: the characters that it needs, out of the shipped fonts.

The shipped fonts hold CFF outlines, which the PDF writer cannot embed; so each character that a
form shows is redrawn as a TrueType outline. The file then carries its own letters, can be searched
and read aloud, and looks alike everywhere.
"""

import io
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pikepdf
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from reportlab.pdfbase.pdfmetrics import getFont, getRegisteredFontNames, registerFont
from reportlab.pdfbase.ttfonts import TTFont, TTFontFace

from server.sealing.impression.errors import MissingGlyph
from server.sealing.impression.glyphs import Face, Glyph, glyphs

NAME = "GuiyinForm"
UNITS, ASCENT, DESCENT = 1000, 880, -120
_BLANK = 0.28  # of the em: a space
_ERROR = 0.6  # how far a redrawn curve may leave the old one, in thousandths of the em
_ALWAYS = " .0123456789〓(U+)ABCDEF"
_FARTHEST, _PRIVATE = 0xFFFF, 0xE000
_registering = threading.Lock()


@dataclass(frozen=True)
class Lettering:
    """How one form writes its words.

    The writer names characters by 16 bits in the table that readers search and copy by. So one
    beyond them is written as a private one of `stand_ins`, and `searchable` puts it right.
    """

    stand_ins: Mapping[str, str]

    def shown(self, text: str) -> str:
        """`text` as it is drawn: a character in none of the fonts is named by its number.

        A seal refuses such a name; a form must not stop an application for its agent's rare name,
        and an empty box would be read as nothing.
        """
        return "".join(map(self._one, text))

    def searchable(self, pdf: bytes) -> bytes:
        """The same file; its letters tell what they stand for."""
        if not self.stand_ins:
            return pdf
        file = io.BytesIO()
        with pikepdf.open(io.BytesIO(pdf)) as document:
            for one in document.objects:
                table = one.get("/ToUnicode") if isinstance(one, pikepdf.Dictionary) else None
                if isinstance(table, pikepdf.Stream):
                    self._mend(table)
            document.save(file, deterministic_id=True)
        return file.getvalue()

    def _one(self, character: str) -> str:
        if character.isspace() or _glyph(character):
            return self.stand_ins.get(character, character)
        return f"〓(U+{ord(character):04X})"

    def _mend(self, table: pikepdf.Stream) -> None:
        text = table.read_bytes()
        for character, stand_in in self.stand_ins.items():
            old, new = (one.encode("utf-16-be").hex().upper() for one in (stand_in, character))
            text = text.replace(f"<{old}>".encode(), f"<{new}>".encode())
        table.write(text)


def with_font(text: Iterable[str], draw: Callable[[Lettering], bytes]) -> bytes:
    """The PDF that `draw` makes while NAME is a font with every character of `text`.

    One form at a time: the writer keeps its fonts in one table of the process.
    """
    wanted = sorted(set("".join(text)) | set(_ALWAYS))
    far = [one for one in wanted if ord(one) > _FARTHEST and _glyph(one)]
    lettering = Lettering({one: chr(_PRIVATE + n) for n, one in enumerate(far)})
    with _registering:
        _load(_font_file(wanted, lettering))
        return lettering.searchable(draw(lettering))


def _load(file: bytes) -> None:
    """Let NAME be this font: the writer's table keeps the first of a name, whatever comes after."""
    if NAME not in getRegisteredFontNames():
        registerFont(TTFont(NAME, io.BytesIO(file)))
    else:
        getFont(NAME).face = TTFontFace(io.BytesIO(file))


def _font_file(characters: list[str], lettering: Lettering) -> bytes:
    outlines: dict[str, Any] = {".notdef": TTGlyphPen(None).glyph()}
    widths = {".notdef": UNITS}
    names: dict[int, str] = {}
    for character in characters:
        name, found = f"u{ord(character):04X}", _glyph(character)
        if found is None and not character.isspace():
            continue
        names[ord(lettering.stand_ins.get(character, character))] = name
        outlines[name], widths[name] = _outline(found), _width(character, found)
    return _built(outlines, widths, names)


def _built(outlines: dict[str, Any], widths: dict[str, int], names: dict[int, str]) -> bytes:
    builder = FontBuilder(UNITS, isTTF=True)
    builder.setupGlyphOrder(list(outlines))
    builder.setupCharacterMap(names)
    builder.setupGlyf(outlines)
    # Readers put the left edge of the ink where the table says, so it must say where it is.
    edges = {name: getattr(outline, "xMin", 0) for name, outline in outlines.items()}
    builder.setupHorizontalMetrics({name: (widths[name], edges[name]) for name in outlines})
    builder.setupHorizontalHeader(ascent=ASCENT, descent=DESCENT)
    builder.setupNameTable({"familyName": NAME, "styleName": "Regular", "psName": NAME})
    builder.setupOS2(sTypoAscender=ASCENT, sTypoDescender=DESCENT)
    builder.setupPost()
    # A form drawn again from the same words is the same file, to the byte.
    builder.font["head"].created = builder.font["head"].modified = 0
    builder.font.recalcTimestamp = False
    file = io.BytesIO()
    builder.save(file)
    return file.getvalue()


def _glyph(character: str) -> Glyph | None:
    try:
        return glyphs(character, Face.SONG)[0]
    except MissingGlyph:
        return None


def _outline(glyph: Glyph | None) -> Any:
    pen = TTGlyphPen(None)
    draw = Cu2QuPen(pen, _ERROR, reverse_direction=True)
    for letter, numbers in glyph.segments if glyph else ():
        points = list(zip(numbers[::2], numbers[1::2], strict=True))
        if letter == "M":
            draw.moveTo(points[0])
        elif letter == "L":
            draw.lineTo(points[0])
        elif letter == "C":
            draw.curveTo(*points)
        else:
            draw.closePath()
    return pen.glyph()


def _width(character: str, glyph: Glyph | None) -> int:
    if glyph is None:
        return round(_BLANK * UNITS) if character.isascii() else UNITS
    return round(glyph.advance)
