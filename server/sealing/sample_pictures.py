"""Sample pictures of papers, drawn by ourselves: what a photo has to show, and nobody's data."""

import io
from dataclasses import dataclass
from functools import cache
from typing import Final

import pylopdf_fonts_zh_cn
from PIL import Image, ImageDraw, ImageFont

SCALE: Final = 2
INK, SOFT, LINE, PAPER, TABLE = "#1f2d45", "#6b7a90", "#b9c4d4", "#fdfdfb", "#dfe5ee"
MARK: Final = (190, 40, 40, 70)
Point = tuple[int, int]


@dataclass(frozen=True)
class Sheet:
    """A paper as it should lie in the photo: size in points, a title, lines from the top down.

    `portrait` leaves room for a photo of its holder, `stamp` for a round mark in words.
    """

    size: Point
    title: str
    lines: tuple[str, ...]
    portrait: bool = False
    stamp: str = ""
    scribble: bool = False


def draw(sheet: Sheet) -> bytes:
    """A PNG of the sheet on a table, with 示例 across it."""
    wide, high = sheet.size
    picture = Image.new("RGB", ((wide + 60) * SCALE, (high + 60) * SCALE), TABLE)
    pen = ImageDraw.Draw(picture)
    pen.rounded_rectangle(_box(30, 30, wide, high), 10 * SCALE, PAPER, LINE, SCALE)
    _write(pen, (50, 44), sheet.title, 20, INK)
    for row, line in enumerate(sheet.lines):
        _write(pen, (50, 86 + 26 * row), line, 13, SOFT)
    if sheet.portrait:
        _portrait(pen, wide - 90, 80)
    if sheet.stamp:
        _stamp(pen, (wide - 70, high - 60), sheet.stamp)
    if sheet.scribble:
        _scribble(pen, wide, high)
    _mark(picture)
    out = io.BytesIO()
    picture.save(out, "PNG", optimize=True)
    return out.getvalue()


def _portrait(pen: ImageDraw.ImageDraw, left: int, top: int) -> None:
    pen.rectangle(_box(left, top, 84, 108), TABLE, LINE)
    pen.ellipse(_box(left + 24, top + 16, 36, 42), SOFT)
    pen.pieslice(_box(left + 10, top + 62, 64, 90), 180, 360, SOFT)


def _stamp(pen: ImageDraw.ImageDraw, middle: Point, words: str) -> None:
    x, y = middle
    pen.ellipse(_box(x - 40, y - 40, 80, 80), outline="#c0504d", width=2 * SCALE)
    _write(pen, (x - 7 * len(words), y - 9), words, 14, "#c0504d")


def _scribble(pen: ImageDraw.ImageDraw, wide: int, high: int) -> None:
    """A line as a hand draws it; no name can be read in it."""
    turns = [(0.2, 0.6), (0.3, 0.35), (0.36, 0.7), (0.46, 0.4), (0.55, 0.66), (0.68, 0.45)]
    points = [((30 + x * wide) * SCALE, (30 + y * high) * SCALE) for x, y in turns]
    pen.line(points, INK, 5 * SCALE, "curve")


def _mark(picture: Image.Image) -> None:
    text = Image.new("RGBA", picture.size, (0, 0, 0, 0))
    middle = (picture.width // 2, picture.height // 2)
    ImageDraw.Draw(text).text(middle, "示例", MARK, _font(90), anchor="mm")
    turned = text.rotate(20, center=middle)
    picture.paste(turned, mask=turned)


def _write(pen: ImageDraw.ImageDraw, at: Point, text: str, size: int, colour: str) -> None:
    pen.text((at[0] * SCALE, at[1] * SCALE), text, colour, _font(size))


def _box(left: int, top: int, wide: int, high: int) -> tuple[int, int, int, int]:
    right, low = left + wide, top + high
    return left * SCALE, top * SCALE, right * SCALE, low * SCALE


@cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(pylopdf_fonts_zh_cn.sans_path()), size * SCALE)
