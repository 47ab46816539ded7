"""Photos of a name on paper: uneven light, noise, coloured ink, a desk at the edge."""

import io
import random

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from tests.factories.handwriting import a_name

Colour = tuple[int, int, int]
BLUE_INK: Colour = (40, 50, 120)


def paper(size: tuple[int, int] = (1200, 900), colour: Colour = (235, 232, 225)) -> Image.Image:
    return Image.new("RGB", size, colour)


def name_on(page: Image.Image, ink: Colour = BLUE_INK, left: int = 250, top: int = 280) -> None:
    """Write the name with a pen 9 pixels wide."""
    pen = ImageDraw.Draw(page)
    for points in a_name()["strokes"]:
        line = [(left + 1.2 * x, top + 1.2 * y) for x, y, _ in points]
        pen.line(line, fill=ink, width=9, joint="curve")


def in_uneven_light(page: Image.Image, seed: int = 1) -> Image.Image:
    """A shadow over one side, down to less than half of the light, and the noise of a sensor."""
    shade = Image.linear_gradient("L").rotate(90).resize(page.size)
    shade = shade.point([115 + value * 140 // 255 for value in range(256)])
    lit = ImageChops.multiply(page, Image.merge("RGB", [shade] * 3))
    rng = random.Random(seed)
    small = Image.frombytes("L", (300, 225), rng.randbytes(300 * 225)).resize(page.size)
    noise = small.point([118 + value * 20 // 255 for value in range(256)])
    return ImageChops.add(lit, Image.merge("RGB", [noise] * 3), offset=-128).filter(
        ImageFilter.GaussianBlur(1)
    )


def photo(page: Image.Image, kind: str = "JPEG") -> bytes:
    out = io.BytesIO()
    page.save(out, kind)
    return out.getvalue()


def a_photo(ink: Colour = BLUE_INK) -> bytes:
    """A usual one."""
    page = paper()
    name_on(page, ink)
    return photo(in_uneven_light(page))
