"""Where seals may lie, and where exactly they then lie."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.core.errors import Invalid
from server.sealing.errors import (
    ForeignSeal,
    NothingPlaced,
    PageOutside,
    PageWithoutSeal,
    SealOffPage,
    TooManySeals,
)
from server.sealing.page_box import LETTER, PageBox, page_box
from server.sealing.placement import (
    POINTS_PER_MM,
    Placement,
    PlacementPolicy,
    check,
    digest,
    most_seals,
    rectangle,
)

A4 = PageBox((0, 0, 595, 842))
SIZES = {"company": (40.0, 40.0), "oval": (40.0, 30.0)}
HALF = 20 * POINTS_PER_MM

boxes = st.builds(
    PageBox,
    st.tuples(st.floats(-1000, 0), st.floats(-1000, 0), st.floats(300, 2000), st.floats(300, 2000)),
    st.sampled_from([0, 90, 180, 270]),
    st.floats(0.5, 4),
)


@pytest.mark.row("F-41")
def test_every_page_needs_a_seal_and_the_bare_ones_are_named() -> None:
    placed = [Placement("company", 2, 300, 400)]
    with pytest.raises(PageWithoutSeal) as caught:
        check(placed, [A4] * 3, SIZES)
    assert caught.value.details == {"pages": [1, 3]}


@pytest.mark.row("F-41")
def test_any_page_will_do_where_the_partner_says_so() -> None:
    placed = [Placement("company", 2, 300, 400)]
    assert check(placed, [A4] * 3, SIZES, PlacementPolicy.ANY_PAGE) == tuple(placed)


def test_no_seal_at_all_is_refused_under_any_policy() -> None:
    with pytest.raises(NothingPlaced):
        check([], [A4], SIZES, PlacementPolicy.ANY_PAGE)


@pytest.mark.parametrize("page", [0, -1, 2])
def test_a_page_outside_the_file_is_refused(page: int) -> None:
    with pytest.raises(PageOutside):
        check([Placement("company", page, 300, 400)], [A4], SIZES)


def test_a_foreign_seal_is_refused() -> None:
    with pytest.raises(ForeignSeal):
        check([Placement("another's", 1, 300, 400)], [A4], SIZES)


@pytest.mark.parametrize(
    ("x", "y"),
    [
        (HALF - 1.1, 400),
        (595 - HALF + 1.1, 400),
        (300, HALF - 1.1),
        (300, 842 - HALF + 1.1),
        (math.nan, 400),
        (300, math.inf),
        (1e308, -1e308),
    ],
)
def test_a_seal_off_its_page_is_refused(x: float, y: float) -> None:
    with pytest.raises(SealOffPage):
        check([Placement("company", 1, x, y)], [A4], SIZES)


def test_a_seal_larger_than_its_page_is_refused() -> None:
    with pytest.raises(SealOffPage):
        check([Placement("company", 1, 50, 50)], [PageBox((0, 0, 100, 100))], SIZES)


def test_a_seal_less_than_a_point_over_the_edge_is_moved_onto_the_page() -> None:
    (moved,) = check([Placement("company", 1, HALF - 0.9, 400)], [A4], SIZES)
    assert (moved.x, moved.y) == (pytest.approx(HALF), 400)


def test_the_tolerance_is_a_point_on_paper_whatever_the_unit() -> None:
    page = PageBox((0, 0, 595, 842), user_unit=2)
    with pytest.raises(SealOffPage):
        check([Placement("company", 1, HALF / 2 - 0.9, 400)], [page], SIZES)


@given(boxes, st.floats(0, 1), st.floats(0, 1))
def test_a_placement_that_passes_lies_wholly_on_its_visible_page(
    page: PageBox, across: float, along: float
) -> None:
    x0, y0, x1, y1 = page.crop
    wish = Placement("oval", 1, x0 + across * (x1 - x0), y0 + along * (y1 - y0))
    try:
        (placement,) = check([wish], [page], SIZES)
    except Invalid:
        return
    left, low, right, high = rectangle(placement, SIZES["oval"], page)
    slack = 1e-6
    assert left >= x0 - slack
    assert low >= y0 - slack
    assert right <= x1 + slack
    assert high <= y1 + slack


@given(boxes)
def test_a_seal_keeps_its_size_in_mm_on_every_unit_and_turn(page: PageBox) -> None:
    x0, y0, x1, y1 = rectangle(Placement("oval", 1, 5, 7), SIZES["oval"], page)
    shown = [(x1 - x0) * page.user_unit / POINTS_PER_MM, (y1 - y0) * page.user_unit / POINTS_PER_MM]
    expected = [30, 40] if page.rotate in (90, 270) else [40, 30]
    assert shown == pytest.approx(expected)
    assert ((x0 + x1) / 2, (y0 + y1) / 2) == pytest.approx((5, 7))


@pytest.mark.parametrize(("pages", "limit"), [(1, 20), (7, 21), (20, 60), (1000, 2000)])
def test_a_file_carries_a_bounded_number_of_seals(pages: int, limit: int) -> None:
    assert most_seals(pages) == limit
    with pytest.raises(TooManySeals):
        check([Placement("company", 1, 300, 400)] * (limit + 1), [A4] * pages, SIZES)


@pytest.mark.row("S-14")
def test_the_digest_of_a_list_knows_every_change_but_not_the_order() -> None:
    one, two = Placement("company", 1, 300, 400), Placement("oval", 2, 10.5, 20)
    assert digest([one, two]) == digest([two, one])
    others = [
        [one],
        [one, two, two],
        [one, Placement("oval", 2, 10.5, 20.001)],
        [one, Placement("oval", 3, 10.5, 20)],
        [one, Placement("company", 2, 10.5, 20)],
    ]
    assert len({digest(other) for other in [*others, [one, two]]}) == len(others) + 1


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (((500, 700, 50, 70), None, 0, 1), PageBox((50, 70, 500, 700))),
        (((0, 0, 100, 100), (-10, 50, 60, 200), 0, 1), PageBox((0, 50, 60, 100))),
        (((0, 0, 100, 100), (200, 200, 300, 300), 0, 1), PageBox((0, 0, 100, 100))),
        ((None, None, 0, 1), PageBox(LETTER)),
        (((0, 0, 0, 100), None, 0, 1), PageBox(LETTER)),
        (((0, 0, 9, 9), None, -90, 1), PageBox((0, 0, 9, 9), rotate=270)),
        (((0, 0, 9, 9), None, 450, 1), PageBox((0, 0, 9, 9), rotate=90)),
        (((0, 0, 9, 9), None, 45, 0), PageBox((0, 0, 9, 9))),
    ],
)
def test_odd_boxes_are_read_as_viewers_read_them(
    raw: tuple[object, ...], expected: PageBox
) -> None:
    assert page_box(*raw) == expected


def test_the_size_that_a_reader_sees_is_turned_and_in_true_points() -> None:
    page = PageBox((50, 70, 500, 700), rotate=90, user_unit=2)
    assert (page.width_pt, page.height_pt) == (1260, 900)
