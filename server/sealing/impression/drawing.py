"""From a design to an impression: the table of the kinds of seal, and what comes out."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from server.sealing.impression import oval_seal, round_seal, square_seal
from server.sealing.impression.design import Design
from server.sealing.impression.drawn import Impression
from server.sealing.impression.errors import BadStrokes, SealKindNotDrawn
from server.sealing.impression.handwriting import handwritten
from server.sealing.impression.layout import Placed
from server.sealing.impression.outlines import outlined
from server.sealing.impression.shapes import Path
from server.sealing.impression.sizes import PLACES, Size, size_of

_BY_HAND = "handwritten"


@dataclass(frozen=True)
class _Kind:
    """How one kind of seal is drawn; another kind is another row of `_KINDS`."""

    label: str
    decoration: Callable[[Size], tuple[Path, ...]]
    place: Callable[[Design, Size], list[Placed]]


def _round(label: str, type_line: str) -> _Kind:
    return _Kind(
        label,
        round_seal.decoration,
        lambda design, size: round_seal.place(design, type_line, size),
    )


_KINDS = {
    "company": _round("企业法定名称章", ""),
    "contract": _round("合同专用章", "合同专用章"),
    "finance": _round("财务专用章", "财务专用章"),
    "invoice": _Kind("发票专用章", oval_seal.decoration, oval_seal.place),
    "square": _Kind("个人方章", square_seal.decoration, square_seal.place),
    "legal_representative": _Kind("企业法定代表人章", square_seal.decoration, square_seal.place),
}


def draw(design: Design, *, places: Mapping[str, Mapping[str, Size]] = PLACES) -> Impression:
    """Draw a seal of the kind, with the words, of `design`, in the size of its place.

    Raises MissingGlyph naming the characters that no font has, ImpressionTextInvalid for a text
    that does not fit, BadStrokes for writing that is none, SealKindNotDrawn for a kind without a
    drawing.
    """
    if design.kind == _BY_HAND:
        return _by_hand(design)
    kind, size = _KINDS.get(design.kind), size_of(design.kind, design.place, places)
    if kind is None or size is None:
        raise SealKindNotDrawn(kind=design.kind)
    paths = (*kind.decoration(size), *(placed.path() for placed in kind.place(design, size)))
    return Impression(size.width, size.height, paths, f"{design.name}　{kind.label}")


def _by_hand(design: Design) -> Impression:
    if design.strokes is not None:
        return handwritten(design.strokes)
    if design.picture is not None:
        return outlined(design.picture)
    raise BadStrokes(reason="missing")
