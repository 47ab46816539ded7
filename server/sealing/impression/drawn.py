"""An impression that has been drawn: its size and paths, and what comes out of them."""

from dataclasses import dataclass

from server.sealing.impression import operators, raster, vector
from server.sealing.impression.shapes import Path


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
