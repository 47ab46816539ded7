"""An application form as an A4 PDF: tables of what was asked for, a statement, boxes to sign in.

Knows nothing of applications: words in, bytes out. The same words give the same bytes.
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape

import pikepdf
from reportlab.lib.colors import Color, HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph, Table, TableStyle

from server.sealing.form_font import NAME, Lettering, with_font
from server.sealing.impression import Impression
from server.sealing.impression.shapes import BLACK, Path

WIDTH, HEIGHT = A4
SIDE, TOP, BOTTOM = 20 * mm, 20 * mm, 18 * mm
ROOM = WIDTH - 2 * SIDE
LABEL, BOX_HEIGHT, BOX_GAP = 34 * mm, 44 * mm, 6 * mm
GAP = 4 * mm
LINE, SUNK, SOFT = HexColor("#3b4a63"), HexColor("#f1f4f9"), HexColor("#4b5b73")
INK = Color(*(part / 255 for part in BLACK))
CELL = ParagraphStyle("cell", fontName=NAME, fontSize=10.5, leading=15, wordWrap="CJK")
LABELS = ParagraphStyle("label", CELL, alignment=1)
HEADING = ParagraphStyle("heading", CELL, fontSize=11.5)
STATEMENT = ParagraphStyle("statement", CELL, leading=17, firstLineIndent=21, wordWrap="CJK")


@dataclass(frozen=True)
class SignatureBox:
    """Where somebody signs. `notes` stand under the name, such as when and how he was verified."""

    label: str
    ink: Impression | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Section:
    heading: str
    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Form:
    """One form; `number` and `day` stand under the title, `foot` at the end of each page."""

    title: str
    number: str
    day: str
    sections: tuple[Section, ...]
    statement: tuple[str, ...]
    boxes: tuple[SignatureBox, ...]
    foot: str


def draw(form: Form) -> bytes:
    """The form as a PDF that carries its own letters."""
    return with_font(_words(form), lambda lettering: _Sheet(form, lettering).pdf())


def page_count(pdf: bytes) -> int:
    """How many pages a form that we drew has."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        return len(document.pages)


def _words(form: Form) -> Iterator[str]:
    yield from (form.title, form.number, form.day, form.foot, *form.statement)
    for section in form.sections:
        yield section.heading
        for row in section.rows:
            yield from row
    for box in form.boxes:
        yield from (box.label, *box.notes)


class _Sheet:
    """Draws a form from the top down; what does not fit goes on on the next page."""

    def __init__(self, form: Form, lettering: Lettering) -> None:
        self._form, self._shown = form, lettering.shown
        self._file = io.BytesIO()
        # Invariant: no date and no random name in the file.
        self._canvas = Canvas(
            self._file, pagesize=A4, invariant=1, lang="zh-CN", initialFontName=NAME
        )
        self._y, self._page = HEIGHT - TOP, 1

    def pdf(self) -> bytes:
        self._canvas.setTitle(self._form.title)
        self._head()
        for section in self._form.sections:
            self._put(self._table(section))
        for text in self._form.statement:
            self._put(self._paragraph(text, STATEMENT), gap=1.5 * mm)
        self._boxes()
        self._end_page()
        self._canvas.save()
        return self._file.getvalue()

    def _head(self) -> None:
        canvas = self._canvas
        canvas.setFont(NAME, 19)
        canvas.drawCentredString(WIDTH / 2, self._y - 6 * mm, self._shown(self._form.title))
        canvas.setFont(NAME, 10)
        canvas.drawString(SIDE, self._y - 14.5 * mm, self._shown(self._form.number))
        canvas.drawRightString(WIDTH - SIDE, self._y - 14.5 * mm, self._shown(self._form.day))
        self._y -= 18 * mm

    def _put(self, part: Any, gap: float = GAP) -> None:
        room = self._y - BOTTOM
        _, height = part.wrapOn(self._canvas, ROOM, room)
        pieces = part.splitOn(self._canvas, ROOM, room) if height > room else []
        if len(pieces) > 1:
            for piece in pieces:
                self._put(piece, gap)
            return
        self._make_room(height)
        part.drawOn(self._canvas, SIDE, self._y - height)
        self._y -= height + gap

    def _make_room(self, height: float) -> None:
        if self._y - height < BOTTOM:
            self._end_page()
            self._page += 1
            self._y = HEIGHT - TOP

    def _boxes(self) -> None:
        """Two beside each other; one alone keeps the left half."""
        wide = (ROOM - BOX_GAP) / 2
        for first in range(0, len(self._form.boxes), 2):
            self._make_room(BOX_HEIGHT)
            for place, box in enumerate(self._form.boxes[first : first + 2]):
                self._box(box, SIDE + place * (wide + BOX_GAP), wide)
            self._y -= BOX_HEIGHT + GAP

    def _box(self, box: SignatureBox, left: float, wide: float) -> None:
        canvas, low = self._canvas, self._y - BOX_HEIGHT
        canvas.setStrokeColor(LINE)
        canvas.setLineWidth(0.8)
        canvas.rect(left, low, wide, BOX_HEIGHT)
        canvas.setFont(NAME, 10.5)
        canvas.drawString(left + 3 * mm, self._y - 6 * mm, self._shown(box.label))
        canvas.setFont(NAME, 8.5)
        canvas.setFillColor(SOFT)
        for line, note in enumerate(reversed(box.notes)):
            canvas.drawString(left + 3 * mm, low + (2.5 + 4.2 * line) * mm, self._shown(note))
        canvas.setFillColor(HexColor("#000000"))
        if box.ink is not None:
            _draw_ink(canvas, box.ink, (left, low + 11 * mm, wide, BOX_HEIGHT - 19 * mm))

    def _end_page(self) -> None:
        canvas = self._canvas
        canvas.setFont(NAME, 8.5)
        canvas.setFillColor(SOFT)
        canvas.drawString(SIDE, 10 * mm, self._shown(self._form.foot))
        canvas.drawRightString(WIDTH - SIDE, 10 * mm, str(self._page))
        canvas.setFillColor(HexColor("#000000"))
        canvas.showPage()

    def _paragraph(self, text: str, style: ParagraphStyle) -> Any:
        return Paragraph(escape(self._shown(text)), style)

    def _table(self, section: Section) -> Any:
        rows = [[self._paragraph(section.heading, HEADING), ""]]
        rows += [
            [self._paragraph(label, LABELS), self._paragraph(text, CELL)]
            for label, text in section.rows
        ]
        table = Table(rows, colWidths=[LABEL, ROOM - LABEL], repeatRows=1)
        style = [
            ("FONTNAME", (0, 0), (-1, -1), NAME),
            ("GRID", (0, 0), (-1, -1), 0.6, LINE),
            ("SPAN", (0, 0), (1, 0)),
            ("BACKGROUND", (0, 0), (1, 0), SUNK),
            ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
            ("TOPPADDING", (0, 0), (-1, -1), 3),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 4.5),
        ]
        table.setStyle(TableStyle(style))
        return table


def _draw_ink(canvas: Any, ink: Impression, room: tuple[float, float, float, float]) -> None:
    """As large as it fits, in the middle, never stretched to one side."""
    left, low, wide, high = room
    scale = min(wide / ink.width_mm, high / ink.height_mm, 1.6 * mm)
    canvas.saveState()
    across, up = (wide - ink.width_mm * scale) / 2, (high - ink.height_mm * scale) / 2
    canvas.translate(left + across, low + up + ink.height_mm * scale)
    canvas.scale(scale, -scale)
    for path in ink.paths:
        _fill(canvas, path)
    canvas.restoreState()


def _fill(canvas: Any, path: Path) -> None:
    outline = canvas.beginPath()
    steps = {"M": outline.moveTo, "L": outline.lineTo, "C": outline.curveTo}
    for letter, numbers in path.segments:
        if letter == "Z":
            outline.close()
        else:
            steps[letter](*numbers)
    canvas.setFillColor(INK)
    canvas.setStrokeColor(INK)
    canvas.setLineWidth(path.stroke_mm)
    canvas.setLineJoin(1)
    canvas.drawPath(outline, stroke=int(path.stroke_mm > 0), fill=1, fillMode=1)
