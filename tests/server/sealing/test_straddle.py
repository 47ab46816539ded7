"""骑缝: the slices of one seal, put together again, are the seal."""

from collections import defaultdict
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.sealing.errors import (
    ForeignSeal,
    PageOutside,
    PageWithoutSeal,
    SealOffPage,
    StraddleNeedsPages,
    StraddleSealTooSmall,
    TooManySeals,
)
from server.sealing.page_box import PageBox
from server.sealing.placement import (
    POINTS_PER_MM,
    Placement,
    PlacementPolicy,
    digest,
    rectangle,
)
from server.sealing.straddle import LEAST_SLICE_MM, Edge, Straddle, check_all, expand

A4 = PageBox((0, 0, 595, 842))
SIZES = {"company": (40.0, 40.0), "oval": (40.0, 30.0), "square": (18.0, 18.0)}
FIRST = {Edge.RIGHT: 0, Edge.LEFT: -1, Edge.TOP: 0, Edge.BOTTOM: -1}

boxes = st.builds(
    PageBox,
    st.tuples(st.floats(-1000, 0), st.floats(-1000, 0), st.floats(300, 2000), st.floats(300, 2000)),
    st.sampled_from([0, 90, 180, 270]),
    st.floats(0.5, 4),
)
files = st.lists(boxes, min_size=2, max_size=60)
edges = st.sampled_from(list(Edge))


def across(edge: Edge, count: int, seal: str = "company", **more: object) -> Straddle:
    return Straddle(seal, edge, tuple(range(1, count + 1)), 0.5, **more)  # type: ignore[arg-type]


def shown(placement: Placement, page: PageBox) -> tuple[float, float, float, float]:
    """The slice as a reader sees it: left, right, top, bottom in mm from the page's upper left."""
    x0, y0, x1, y1 = rectangle(placement, SIZES[str(placement.seal_id)], page)
    left, bottom, right, top = page.crop
    from_left, from_right, from_bottom, from_top = x0 - left, right - x1, y0 - bottom, top - y1
    turned = {
        0: (from_left, from_right, from_top, from_bottom),
        90: (from_bottom, from_top, from_left, from_right),
        180: (from_right, from_left, from_bottom, from_top),
        270: (from_top, from_bottom, from_right, from_left),
    }[page.rotate]
    near, far, high, low = (value * page.user_unit / POINTS_PER_MM for value in turned)
    width, height = page.width_pt / POINTS_PER_MM, page.height_pt / POINTS_PER_MM
    return near, width - far, high, height - low


def ends(placement: Placement, edge: Edge) -> tuple[float, float]:
    """From where to where the seal is cut out of its picture, across the edge."""
    assert placement.clip
    x0, y0, x1, y1 = placement.clip
    sides = edge in (Edge.RIGHT, Edge.LEFT)
    assert ((y0, y1) if sides else (x0, x1)) == (0, 1)
    return (x0, x1) if sides else (y0, y1)


def whole_seals(slices: list[Placement], edge: Edge) -> list[list[Placement]]:
    """The slices parted into runs that begin at one end of the seal, in page order."""
    start = {0: 0.0, -1: 1.0}[FIRST[edge]]
    runs: list[list[Placement]] = []
    for one in slices:
        if ends(one, edge)[FIRST[edge]] == start:
            runs.append([])
        runs[-1].append(one)
    return runs


@pytest.mark.row("F-47")
@given(files, edges)
def test_the_slices_put_together_are_the_seal_without_gap_or_overlap(
    pages: list[PageBox], edge: Edge
) -> None:
    slices = list(expand(across(edge, len(pages), "oval"), pages, SIZES))
    assert [one.page for one in slices] == list(range(1, len(pages) + 1))
    for run in whole_seals(slices, edge):
        cuts = sorted(ends(one, edge) for one in run)
        assert (cuts[0][0], cuts[-1][1]) == (0, 1)
        assert all(before[1] == after[0] for before, after in pairwise(cuts))


@pytest.mark.row("F-47")
@given(files, edges, st.floats(0, 1))
def test_every_slice_lies_flush_with_its_edge_in_its_true_size_on_any_page(
    pages: list[PageBox], edge: Edge, along: float
) -> None:
    seal = Straddle("oval", edge, tuple(range(1, len(pages) + 1)), along)
    for one in expand(seal, pages, SIZES):
        page = pages[one.page - 1]
        left, right, top, bottom = shown(one, page)
        start, end = ends(one, edge)
        width, height = page.width_pt / POINTS_PER_MM, page.height_pt / POINTS_PER_MM
        sides = edge in (Edge.RIGHT, Edge.LEFT)
        size = (40 * (end - start), 30) if sides else (40, 30 * (end - start))
        assert (right - left, bottom - top) == pytest.approx(size, abs=0.1)
        flush = {
            Edge.RIGHT: width - right,
            Edge.LEFT: left,
            Edge.TOP: top,
            Edge.BOTTOM: height - bottom,
        }
        assert flush[edge] == pytest.approx(0, abs=0.001)
        middle, length = ((top + bottom) / 2, height) if sides else ((left + right) / 2, width)
        half = 15 if sides else 20
        wanted = min(max(along * length, half), length - half) if length >= 2 * half else length / 2
        assert middle == pytest.approx(wanted, abs=0.1)


@pytest.mark.row("F-47")
@given(st.integers(2, 500), edges, st.sampled_from(sorted(SIZES)))
def test_no_slice_is_narrower_than_the_least_and_groups_are_even(
    count: int, edge: Edge, seal: str
) -> None:
    slices = list(expand(across(edge, count, seal), [A4] * count, SIZES))
    length = SIZES[seal][0 if edge in (Edge.RIGHT, Edge.LEFT) else 1]
    assert all(
        (end - start) * length >= LEAST_SLICE_MM - 1e-6
        for start, end in (ends(one, edge) for one in slices)
    )
    lengths = [len(run) for run in whole_seals(slices, edge)]
    assert max(lengths) - min(lengths) <= 1
    assert min(lengths) >= 2
    assert len(lengths) == -(-count // int(length / LEAST_SLICE_MM))


@pytest.mark.row("F-47")
@pytest.mark.parametrize(
    ("edge", "clips"),
    [
        (Edge.RIGHT, [(0, 0, 0.5, 1), (0.5, 0, 1, 1)]),
        (Edge.LEFT, [(0.5, 0, 1, 1), (0, 0, 0.5, 1)]),
        (Edge.BOTTOM, [(0, 0.5, 1, 1), (0, 0, 1, 0.5)]),
        (Edge.TOP, [(0, 0, 1, 0.5), (0, 0.5, 1, 1)]),
    ],
)
def test_the_first_page_lies_on_top_of_the_fan(edge: Edge, clips: list[object]) -> None:
    """Page 2 looks out from under page 1, so it has what is further outside."""
    assert [one.clip for one in expand(across(edge, 2), [A4] * 2, SIZES)] == clips


@pytest.mark.row("F-47")
@pytest.mark.parametrize(
    ("edge", "behind"),
    [
        (Edge.RIGHT, Edge.LEFT),
        (Edge.LEFT, Edge.RIGHT),
        (Edge.TOP, Edge.TOP),
        (Edge.BOTTOM, Edge.BOTTOM),
    ],
)
@pytest.mark.parametrize("count", [4, 7, 30])
def test_printed_on_both_sides_fronts_and_backs_each_carry_a_seal_on_one_edge_of_the_sheets(
    edge: Edge, behind: Edge, count: int
) -> None:
    slices = expand(across(edge, count, two_sided=True), [A4] * count, SIZES)
    sides: dict[bool, list[Placement]] = defaultdict(list)
    for one in slices:
        sides[one.page % 2 == 1].append(one)
    fronts = [one.page for one in sides[True]]
    same = expand(Straddle("company", edge, tuple(fronts), 0.5), [A4] * count, SIZES)
    assert sides[True] == list(same)
    for run in whole_seals(sides[False][::-1], behind):  # turned over, the last back is on top
        assert sum(ends(one, behind)[1] - ends(one, behind)[0] for one in run) == pytest.approx(1)
    at = {Edge.RIGHT: 595, Edge.LEFT: 0}
    if behind in at:
        for one in sides[False]:
            x0, _, x1, _ = rectangle(one, SIZES["company"], A4)
            assert (x1 if behind is Edge.RIGHT else x0) == pytest.approx(at[behind])


def test_chosen_pages_alone_carry_slices_each_once_in_page_order() -> None:
    chosen = Straddle("company", Edge.RIGHT, (7, 2, 5, 2), 0.5)
    slices = expand(chosen, [A4] * 9, SIZES)
    assert [one.page for one in slices] == [2, 5, 7]
    assert [one.clip for one in slices][1] == pytest.approx((1 / 3, 0, 2 / 3, 1))


@pytest.mark.parametrize(
    ("count", "two_sided", "least"), [(1, False, 2), (2, True, 4), (3, True, 4)]
)
def test_one_page_is_no_stack(count: int, two_sided: bool, least: int) -> None:
    with pytest.raises(StraddleNeedsPages) as caught:
        expand(across(Edge.RIGHT, count, two_sided=two_sided), [A4] * 5, SIZES)
    assert caught.value.details == {"least": least}


def test_a_seal_too_small_to_be_cut_in_three_is_refused_at_that_edge_alone() -> None:
    sizes = {"drawn": (40.0, 12.0)}
    with pytest.raises(StraddleSealTooSmall) as caught:
        expand(across(Edge.TOP, 2, "drawn"), [A4] * 2, sizes)
    assert caught.value.details == {"seal_id": "drawn", "least_mm": 15}
    assert len(expand(across(Edge.RIGHT, 2, "drawn"), [A4] * 2, sizes)) == 2


def test_a_foreign_seal_and_a_page_outside_the_file_are_refused() -> None:
    with pytest.raises(ForeignSeal):
        expand(across(Edge.RIGHT, 2, "another's"), [A4] * 2, SIZES)
    with pytest.raises(PageOutside):
        expand(across(Edge.RIGHT, 3), [A4] * 2, SIZES)


def test_a_page_shorter_than_the_seal_is_refused() -> None:
    with pytest.raises(SealOffPage):
        check_all([], [across(Edge.RIGHT, 2)], [PageBox((0, 0, 300, 100))] * 2, SIZES)


@pytest.mark.row("F-41", "F-47")
def test_a_slice_is_a_seal_of_its_page() -> None:
    straddle = [across(Edge.RIGHT, 3)]
    assert len(check_all([], straddle, [A4] * 3, SIZES)) == 3
    with pytest.raises(PageWithoutSeal) as caught:
        check_all([], straddle, [A4] * 4, SIZES)
    assert caught.value.details == {"pages": [4]}
    mixed = check_all([Placement("square", 4, 300, 400)], straddle, [A4] * 4, SIZES)
    assert [one.page for one in mixed] == [4, 1, 2, 3]


@pytest.mark.row("P-29")
def test_slices_are_counted_before_any_is_cut() -> None:
    too_small = {"company": (12.0, 12.0)}
    with pytest.raises(TooManySeals):
        check_all([], [across(Edge.RIGHT, 2)] * 11, [A4] * 2, too_small)
    with pytest.raises(StraddleSealTooSmall):
        check_all([], [across(Edge.RIGHT, 2)] * 10, [A4] * 2, too_small)


@pytest.mark.row("P-29")
def test_slices_count_towards_the_most_seals() -> None:
    with pytest.raises(TooManySeals):
        check_all([], [across(Edge.RIGHT, 2)] * 11, [A4] * 2, SIZES, PlacementPolicy.ANY_PAGE)


@pytest.mark.row("S-16")
def test_the_digest_knows_the_slice_from_the_whole_and_from_every_other_slice() -> None:
    whole = Placement("company", 1, 300, 400)
    cut = [Placement("company", 1, 300, 400, (0, 0, end, 1)) for end in (0.5, 0.500002, 1)]
    assert len({digest([one]) for one in [whole, *cut]}) == 4
    assert digest([whole]) == digest([Placement.of({**vars(whole)})])


def test_what_was_kept_as_json_is_read_back_the_same() -> None:
    slices = expand(across(Edge.LEFT, 3), [A4] * 3, SIZES)
    rows = [{**vars(one), "clip": list(one.clip or ())} for one in slices]
    assert tuple(Placement.of(row) for row in rows) == slices
    straddle = across(Edge.LEFT, 3)
    assert Straddle.of({**vars(straddle), "edge": "left", "pages": [1, 2, 3]}) == straddle
