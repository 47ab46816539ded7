"""What stands in a form's signature box: a name written by hand, or set in letters."""

from server.sealing.impression import Impression
from server.sealing.impression.glyphs import glyphs
from server.sealing.impression.handwriting import handwritten
from server.sealing.impression.shapes import BLACK, Path, transform
from server.sealing.impression.strokes import Strokes

# As large as a box takes it.
_WIDE, _HIGH = 66.0, 24.0
_LETTER = 9.0  # mm: height of the em of a name in letters
_LOWEST, _HIGHEST = -0.22, 0.88  # of the em, below and above the line


def written(strokes: Strokes) -> Impression:
    """The strokes of a pad in black. Raises BadStrokes for more ink than a form may hold."""
    return handwritten(strokes, _WIDE, _HIGH, BLACK)


def printed(name: str) -> Impression:
    """The name in letters, for who cannot write by hand; raises MissingGlyph."""
    paths, x, scale = [], 0.0, _LETTER / 1000
    for glyph in glyphs("".join(name.split())):
        moved = transform(glyph.segments, (scale, 0, 0, -scale, x, _HIGHEST * _LETTER))
        paths.append(Path(moved, colour=BLACK))
        x += glyph.advance * scale
    return Impression(x, (_HIGHEST - _LOWEST) * _LETTER, tuple(paths))
