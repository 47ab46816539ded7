"""Contours round ink: closed, finer than a pixel, holes the other way round."""

import pytest
from PIL import Image, ImageDraw

from server.sealing.impression.polyline import area, box_of, simplified
from server.sealing.impression.tracing import contours


def picture(*rows: str) -> Image.Image:
    values = bytes(255 if mark == "#" else 0 for row in rows for mark in row)
    return Image.frombytes("L", (len(rows[0]), len(rows)), values)


def areas(*rows: str) -> list[float]:
    return sorted(round(area(line), 2) for line in contours(picture(*rows), 127))


def test_a_picture_without_ink_has_no_contour() -> None:
    assert contours(picture("....", "....", "...."), 127) == []


def test_a_pixel_has_one_contour_round_its_middle() -> None:
    (line,) = contours(picture("...", "...", "..#"), 127)
    assert box_of([line]) == pytest.approx((2.0, 2.0, 3.0, 3.0), abs=0.01)
    assert area(line) > 0


def test_a_picture_that_is_all_ink_is_closed_along_its_edge() -> None:
    (line,) = contours(picture("####", "####"), 127)
    assert box_of([line]) == pytest.approx((0, 0, 4, 2), abs=0.01)


def test_a_hole_runs_the_other_way_round() -> None:
    ring, hole = sorted(contours(picture("###", "#.#", "###"), 127), key=area, reverse=True)
    assert area(ring) > 0 > area(hole)
    assert box_of([hole]) == pytest.approx((1, 1, 2, 2), abs=0.01)


def test_pixels_that_touch_by_a_corner_stay_apart() -> None:
    assert areas("#..", ".#.", "..#") == [0.5, 0.5, 0.5]
    assert areas("..#", ".#.", "#..") == [0.5, 0.5, 0.5]


def test_the_line_stands_where_the_level_is_crossed_between_two_pixels() -> None:
    grey = Image.frombytes("L", (3, 1), bytes([0, 100, 200]))
    for level, left in ((49, 1.0), (124, 1.75)):
        (line,) = contours(grey, level)
        assert box_of([line])[0] == pytest.approx(left, abs=0.01)


def test_a_disc_has_the_area_of_a_disc() -> None:
    large = Image.new("L", (400, 400))
    ImageDraw.Draw(large).ellipse((50, 50, 349, 349), fill=255)
    (line,) = contours(large.reduce(4), 127)
    assert area(line) == pytest.approx(3.14159 * 37.5**2, rel=0.005)


def test_thinning_keeps_the_ends_and_whatever_leaves_the_line() -> None:
    line = [(0.0, 0.0), (1.0, 0.01), (2.0, -0.01), (3.0, 0.5), (4.0, 0.0)]
    assert simplified(line, 0.1) == [line[0], line[2], line[3], line[4]]
    assert simplified(line, 1.0) == [line[0], line[4]]
    assert simplified(line[:2], 1.0) == line[:2]
