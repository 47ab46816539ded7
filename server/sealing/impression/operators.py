"""Paths as operators of a PDF content stream."""

from collections.abc import Sequence

from server.sealing.impression.shapes import Path

POINTS_PER_MM = 72 / 25.4
_OPERATORS = {"M": "m", "L": "l", "C": "c", "Z": "h"}


def pdf_operators(paths: Sequence[Path], height_mm: float) -> bytes:
    """Draw `paths` between q and Q, in points, y up, the lower left corner at the origin."""
    scale = POINTS_PER_MM
    # Paths stay in mm and one matrix turns them over: the stroke widths are scaled with them.
    lines = ["q", f"{scale:.6f} 0 0 {-scale:.6f} 0 {height_mm * scale:.6f} cm 1 j"]
    for path in paths:
        lines += _path(path)
    return "\n".join([*lines, "Q", ""]).encode("ascii")


def _path(path: Path) -> list[str]:
    colour = " ".join(f"{part / 255:.4f}" for part in path.colour)
    ink = f"{colour} rg"
    if path.stroke_mm:
        ink += f" {colour} RG {path.stroke_mm:.3f} w"
    steps = [
        " ".join([*[f"{number:.3f}" for number in numbers], _OPERATORS[letter]])
        for letter, numbers in path.segments
    ]
    return [ink, *steps, "B" if path.stroke_mm else "f"]
