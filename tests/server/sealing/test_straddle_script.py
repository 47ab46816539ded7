"""The page cuts a straddled seal exactly as the server does."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from server.core.errors import Invalid
from server.sealing.page_box import PageBox
from server.sealing.placement import Placement, rectangle
from server.sealing.straddle import Edge, Straddle, expand
from tests import services

SCRIPT = Path(__file__).parents[3] / "server" / "static" / "js" / "shared" / "straddle.js"
SIZES = {"company": (40.0, 40.0), "oval": (40.0, 30.0), "drawn": (26.0, 12.0)}
PAGES = [
    PageBox((0, 0, 595.276, 841.89)),
    PageBox((-60, -20, 700, 500), rotate=270),
    PageBox((50, 70, 500, 700), rotate=90),
    PageBox((0, 0, 400, 500), rotate=180, user_unit=2),
    PageBox((0, 0, 300, 90)),
]
CASES = [
    Straddle(seal, edge, tuple(range(1, count + 1)), along, two_sided)
    for seal in SIZES
    for edge in Edge
    for count in (1, 2, 3, 5, 9, 23)
    for along in (0.0, 0.37, 1.0)
    for two_sided in (False, True)
]
PROGRAM = """
import { readFileSync } from "node:fs";
import { slices, obstacle } from "./straddle.mjs";
const { cases, seals, pages } = JSON.parse(readFileSync(0, "utf8"));
console.log(JSON.stringify(cases.map((one) => ({
    obstacle: obstacle(one, seals[one.seal_id]),
    slices: slices(one, seals[one.seal_id], (page) => pages[page - 1]),
}))));
"""


def page_of(number: int) -> PageBox:
    return PAGES[(number - 1) % len(PAGES)]


def cut_by_the_script(folder: Path) -> list[dict[str, Any]]:
    node = shutil.which("node") or services.missing("Node.js")
    shutil.copy(SCRIPT, folder / "straddle.mjs")
    (folder / "program.mjs").write_text(PROGRAM)
    asked = {
        "cases": [vars(one) for one in CASES],
        "seals": {name: {"width_mm": w, "height_mm": h} for name, (w, h) in SIZES.items()},
        "pages": [
            {"width": page_of(number).width_pt, "height": page_of(number).height_pt}
            for number in range(1, 24)
        ],
    }
    done = subprocess.run(
        [node, str(folder / "program.mjs")],
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        check=True,
    )
    answers: list[dict[str, Any]] = json.loads(done.stdout)
    return answers


def as_shown(placement: Placement) -> tuple[float, float]:
    """The centre as fractions of the page as shown, from the top left."""
    page = page_of(placement.page)
    x0, y0, x1, y1 = page.crop
    across, up = (placement.x - x0) / (x1 - x0), (placement.y - y0) / (y1 - y0)
    return {
        0: (across, 1 - up),
        90: (up, across),
        180: (1 - across, up),
        270: (1 - up, 1 - across),
    }[page.rotate]


def cut_by_the_server(straddle: Straddle) -> tuple[str | None, tuple[Placement, ...]]:
    try:
        return None, expand(straddle, [page_of(number) for number in range(1, 24)], SIZES)
    except Invalid as error:
        return error.code, ()


@pytest.mark.row("F-47")
def test_the_page_shows_the_slices_that_the_server_will_draw(tmp_path: Path) -> None:
    for straddle, found in zip(CASES, cut_by_the_script(tmp_path), strict=True):
        obstacle, expected = cut_by_the_server(straddle)
        assert found["obstacle"] == obstacle
        assert [one["page"] for one in found["slices"]] == [one.page for one in expected]
        for ours, theirs in zip(expected, found["slices"], strict=True):
            assert theirs["clip"] == pytest.approx(ours.clip)
            assert tuple(theirs["centre"].values()) == pytest.approx(as_shown(ours))
            assert shown_area(theirs) == pytest.approx(drawn_area(ours))


def shown_area(piece: dict[str, Any]) -> float:
    page, size = page_of(piece["page"]), piece["size"]
    return float(size["width"] * page.width_pt * size["height"] * page.height_pt)


def drawn_area(piece: Placement) -> float:
    page = page_of(piece.page)
    x0, y0, x1, y1 = rectangle(piece, SIZES[str(piece.seal_id)], page)
    return (x1 - x0) * (y1 - y0) * page.user_unit**2
