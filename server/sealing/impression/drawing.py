"""From a design to an impression: the table of the kinds of seal, and what comes out."""

from collections.abc import Callable
from dataclasses import dataclass

from server.sealing.impression import oval_seal, round_seal, square_seal
from server.sealing.impression.design import Design
from server.sealing.impression.drawn import Impression
from server.sealing.impression.errors import BadStrokes, SealKindNotDrawn
from server.sealing.impression.handwriting import handwritten
from server.sealing.impression.layout import Placed
from server.sealing.impression.outlines import outlined
from server.sealing.impression.shapes import Path

_LEGAL_REPRESENTATIVE_SIZE, _SQUARE_SIZE = 20.0, 18.0


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


_BY_HAND = "handwritten"
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
    that does not fit, BadStrokes for writing that is none, SealKindNotDrawn for a kind without a
    drawing.
    """
    if design.kind == _BY_HAND:
        return _by_hand(design)
    kind = _KINDS.get(design.kind)
    if kind is None:
        raise SealKindNotDrawn(kind=design.kind)
    paths = (*kind.decoration(), *(placed.path() for placed in kind.place(design)))
    return Impression(*kind.size_mm, paths, f"{design.name}　{kind.label}")


def _by_hand(design: Design) -> Impression:
    if design.strokes is not None:
        return handwritten(design.strokes)
    if design.picture is not None:
        return outlined(design.picture)
    raise BadStrokes(reason="missing")
