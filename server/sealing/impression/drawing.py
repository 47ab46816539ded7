"""From a design to an impression: the table of the kinds of seal, and what comes out."""

from collections.abc import Callable
from dataclasses import dataclass

from server.sealing.impression import operators, oval_seal, raster, round_seal, square_seal, vector
from server.sealing.impression.design import Design
from server.sealing.impression.errors import SealKindNotDrawn
from server.sealing.impression.layout import Placed
from server.sealing.impression.shapes import Path

_LEGAL_REPRESENTATIVE_SIZE, _SQUARE_SIZE = 20.0, 18.0


@dataclass(frozen=True)
class Impression:
    """A drawn seal: its size and the paths that make it, in mm from its upper left corner."""

    width_mm: float
    height_mm: float
    paths: tuple[Path, ...]
    title: str = "电子印章"

    def svg(self) -> str:
        """A stand-alone SVG, width, height and viewBox in mm."""
        return vector.svg(self.paths, (self.width_mm, self.height_mm), self.title)

    def pdf_operators(self) -> bytes:
        """A PDF content stream in points, its origin the lower left corner of the seal.

        It keeps the graphics state of what surrounds it, and needs no resources.
        """
        return operators.pdf_operators(self.paths, self.height_mm)

    def png(self, dpi: int = 300) -> bytes:
        """A PNG on a transparent ground that states its resolution."""
        return raster.png(self.paths, (self.width_mm, self.height_mm), dpi)

    def small_png(self, most_bytes: int) -> bytes:
        """The finest PNG of so many bytes, for the inside of an electronic seal."""
        return raster.small_png(self.paths, (self.width_mm, self.height_mm), most_bytes)


@dataclass(frozen=True)
class _Kind:
    """How one kind of seal is drawn; another kind is another row of `_KINDS`."""

    label: str
    size_mm: tuple[float, float]
    decoration: Callable[[], tuple[Path, ...]]
    place: Callable[[Design], list[Placed]]


def _round(label: str, type_line: str) -> _Kind:
    return _Kind(
        label,
        (round_seal.SIZE, round_seal.SIZE),
        round_seal.decoration,
        lambda design: round_seal.place(design, type_line),
    )


def _square(label: str, size: float) -> _Kind:
    return _Kind(
        label,
        (size, size),
        lambda: square_seal.decoration(size),
        lambda design: square_seal.place(design, size),
    )


_KINDS = {
    "company": _round("企业法定名称章", ""),
    "contract": _round("合同专用章", "合同专用章"),
    "finance": _round("财务专用章", "财务专用章"),
    "invoice": _Kind("发票专用章", oval_seal.SIZE, oval_seal.decoration, oval_seal.place),
    "square": _square("个人方章", _SQUARE_SIZE),
    "legal_representative": _square("企业法定代表人章", _LEGAL_REPRESENTATIVE_SIZE),
}


def draw(design: Design) -> Impression:
    """Draw a seal of the kind, with the words, of `design`.

    Raises MissingGlyph naming the characters that no font has, ImpressionTextInvalid for a text
    that does not fit, SealKindNotDrawn for a kind without a drawing.
    """
    kind = _KINDS.get(design.kind)
    if kind is None:
        raise SealKindNotDrawn(kind=design.kind)
    paths = (*kind.decoration(), *(placed.path() for placed in kind.place(design)))
    return Impression(*kind.size_mm, paths, f"{design.name}　{kind.label}")
