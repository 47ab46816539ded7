"""Contours round the ink of a grey picture, finer than its pixels (marching squares)."""

from collections.abc import Iterator

from PIL import Image, ImageChops

from server.sealing.impression.polyline import Point

# A cell lies between four pixels; its corners count 1, 2, 4, 8 clockwise from the upper left, its
# sides 0 to 3 from the top. Each pair leads from a side to a side with the ink on the right hand.
_WAYS: tuple[tuple[tuple[int, int], ...], ...] = (
    (),
    ((0, 3),),
    ((1, 0),),
    ((1, 3),),
    ((2, 1),),
    ((0, 3), (2, 1)),
    ((2, 0),),
    ((2, 3),),
    ((3, 2),),
    ((0, 2),),
    ((1, 0), (3, 2)),
    ((1, 2),),
    ((3, 1),),
    ((0, 1),),
    ((3, 0),),
    (),
)
Crossing = tuple[int, int, bool]  # pixel x, y; whether the side runs down from it


def contours(grey: Image.Image, level: int) -> list[list[Point]]:
    """Closed lines between what is above `level` (1 to 254) and what is not, in pixels.

    Whatever touches the edge of the picture is closed along it. Holes run the other way round.
    """
    framed = Image.new("L", (grey.width + 2, grey.height + 2))
    framed.paste(grey, (1, 1))
    following: dict[Crossing, Crossing] = {}
    values, width = framed.tobytes(), framed.width
    for cell in _mixed_cells(framed, level):
        for begin, end in _WAYS[_case(values, cell, width, level)]:
            following[_side(cell, width, begin)] = _side(cell, width, end)
    found = []
    while following:
        first, crossing = following.popitem()
        loop = [first]
        while crossing != first:
            loop.append(crossing)
            crossing = following.pop(crossing)
        found.append([_point(values, width, level, one) for one in loop])
    return found


def _mixed_cells(framed: Image.Image, level: int) -> Iterator[int]:
    """The upper left pixel of every cell that has ink in one corner and none in another."""
    ink = framed.point([255 if value > level else 0 for value in range(256)])
    near = [ImageChops.offset(ink, -x, -y) for x in (0, 1) for y in (0, 1)]
    lightest = darkest = ink
    for moved in near[1:]:
        lightest, darkest = ImageChops.lighter(lightest, moved), ImageChops.darker(darkest, moved)
    mixed = ImageChops.difference(lightest, darkest).tobytes()
    cell = mixed.find(255)
    while cell >= 0:
        yield cell  # never one of the last column or row: the frame there wraps round to itself
        cell = mixed.find(255, cell + 1)


def _case(values: bytes, cell: int, width: int, level: int) -> int:
    below = cell + width
    corners = (values[cell], values[cell + 1], values[below + 1], values[below])
    return sum(bit for bit, value in zip((1, 2, 4, 8), corners, strict=True) if value > level)


def _side(cell: int, width: int, side: int) -> Crossing:
    y, x = divmod(cell, width)
    return ((x, y, False), (x + 1, y, True), (x, y + 1, False), (x, y, True))[side]


def _point(values: bytes, width: int, level: int, crossing: Crossing) -> Point:
    """Where the level is crossed between two neighbours, by their values."""
    x, y, down = crossing
    one = values[y * width + x]
    other = values[(y + 1) * width + x] if down else values[y * width + x + 1]
    part = (level + 0.5 - one) / (other - one)
    # The frame moved everything by a pixel, and a value stands for the middle of its pixel.
    return (x - 0.5, y - 0.5 + part) if down else (x - 0.5 + part, y - 0.5)
