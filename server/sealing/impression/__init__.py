"""Drawing seals: outlines of glyphs become one path list in mm, and that SVG, PDF and PNG."""

from server.sealing.impression.design import USUAL_FONT, Design, fonts_for
from server.sealing.impression.drawing import draw
from server.sealing.impression.drawn import Impression
from server.sealing.impression.errors import (
    BadStrokes,
    ImpressionTextInvalid,
    MissingGlyph,
    NoInkInPhoto,
    PhotoUnreadable,
    SealKindNotDrawn,
    TooMuchInkInPhoto,
)
from server.sealing.impression.glyphs import warm
from server.sealing.impression.outlines import Outlines
from server.sealing.impression.photo import cut_out
from server.sealing.impression.strokes import Strokes, read_strokes
from server.sealing.impression.watermark import watermarked

__all__ = [
    "USUAL_FONT",
    "BadStrokes",
    "Design",
    "Impression",
    "ImpressionTextInvalid",
    "MissingGlyph",
    "NoInkInPhoto",
    "Outlines",
    "PhotoUnreadable",
    "SealKindNotDrawn",
    "Strokes",
    "TooMuchInkInPhoto",
    "cut_out",
    "draw",
    "fonts_for",
    "read_strokes",
    "warm",
    "watermarked",
]
