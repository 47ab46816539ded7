"""Paths as SVG."""

from collections.abc import Sequence
from html import escape

from server.sealing.impression.shapes import Path


def svg(paths: Sequence[Path], size_mm: tuple[float, float], title: str) -> str:
    """A stand-alone SVG picture `size_mm` large, named `title` for those who cannot see it."""
    width, height = size_mm
    drawn = "".join(_element(path) for path in paths)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:g}mm" height="{height:g}mm" '
        f'viewBox="0 0 {width:g} {height:g}" role="img"><title>{escape(title)}</title>'
        f'<g stroke-linejoin="round">{drawn}</g></svg>'
    )


def _element(path: Path) -> str:
    colour = "#{:02x}{:02x}{:02x}".format(*path.colour)
    ink = f'fill="{colour}"'
    if path.stroke_mm:
        ink += f' stroke="{colour}" stroke-width="{path.stroke_mm:.3f}"'
    # A thousandth of a millimetre is finer than any press.
    steps = "".join(
        letter + " ".join([f"{number:.3f}" for number in numbers])
        for letter, numbers in path.segments
    )
    return f'<path {ink} d="{steps}"/>'
