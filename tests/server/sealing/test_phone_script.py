"""What the phone's page computes of places on pages is what the server makes of them."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from server.sealing.page_box import PageBox
from server.sealing.placement import Placement, SealId, SizeMm, check
from tests import services

SCRIPTS = Path(__file__).parents[3] / "server" / "static" / "js"
NEEDED = (
    "phone/signing_viewport.js",
    "phone/signing_placing.js",
    "sign/geometry.js",
)
PAGES = [
    PageBox((0, 0, 595.276, 841.89)),
    PageBox((50, 70, 500, 700), rotate=90),
    PageBox((0, 0, 400, 500), rotate=180, user_unit=2),
    PageBox((-60, -20, 700, 500), rotate=270),
    PageBox((10, 20, 310, 220)),
]
POINTS = [(0.0, 0.0), (0.25, 0.9), (0.74, 0.82), (1.0, 0.5)]
SIZES: dict[SealId, SizeMm] = {"company": (40.0, 40.0), "oval": (40.0, 30.0)}
PROGRAM = """
import { readFileSync } from "node:fs";
import { viewportOf } from "./phone/signing_viewport.js";
import { putDown } from "./phone/signing_placing.js";
const { pages, points, seals } = JSON.parse(readFileSync(0, "utf8"));
const views = pages.map(viewportOf);
const there = (view, [right, down]) =>
    view.convertToPdfPoint(right * view.width, down * view.height);
const back = (view, point) => {
    const [x, y] = view.convertToViewportPoint(...there(view, point));
    return [x / view.width, y / view.height];
};
const lying = [];
for (const seal of seals) {
    for (const mode of ["multi", "single"]) {
        const choice = { seal, mode, pages: pages.map((_, index) => index + 1) };
        const around = { page: 1, viewport: (number) => views[number - 1], taken: (number) =>
            lying.filter(({ page }) => page === number).map((place) =>
                ({ place, seal: seals.find(({ id }) => id === place.seal_id) })) };
        lying.push(...putDown(choice, around).placements);
    }
}
console.log(JSON.stringify({
    sizes: views.map(({ width, height }) => [width, height]),
    there: views.map((view) => points.map((point) => there(view, point))),
    back: views.map((view) => points.map((point) => back(view, point))),
    lying,
}));
"""


@pytest.fixture(scope="module")
def computed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    node = shutil.which("node") or services.missing("Node.js")
    folder = tmp_path_factory.mktemp("scripts")
    for name in NEEDED:
        (folder / name).parent.mkdir(exist_ok=True)
        shutil.copy(SCRIPTS / name, folder / name)
    (folder / "package.json").write_text('{"type": "module"}')
    (folder / "program.js").write_text(PROGRAM)
    asked = {
        "pages": [vars(page) for page in PAGES],
        "points": POINTS,
        "seals": [{"id": seal, "width_mm": w, "height_mm": h} for seal, (w, h) in SIZES.items()],
    }
    done = subprocess.run(
        [node, str(folder / "program.js")],
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        check=True,
    )
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def test_a_page_is_as_large_as_its_reader_sees_it(computed: dict[str, Any]) -> None:
    assert computed["sizes"] == [pytest.approx([page.width_pt, page.height_pt]) for page in PAGES]


def test_a_point_of_the_picture_is_the_same_point_of_the_page(computed: dict[str, Any]) -> None:
    """On turned, cropped and scaled pages too, there and back."""
    for page, there, back in zip(PAGES, computed["there"], computed["back"], strict=True):
        assert there == [pytest.approx(page.user_space(*point)) for point in POINTS]
        assert back == [pytest.approx(point, abs=1e-9) for point in POINTS]


@pytest.mark.row("F-47")
def test_what_is_put_down_lies_wholly_on_its_page_and_beside_the_others(
    computed: dict[str, Any],
) -> None:
    placements = [Placement.of(one) for one in computed["lying"]]
    assert len(placements) == len(SIZES) * (len(PAGES) + 1)
    kept = check(placements, PAGES, SIZES)
    for wanted, found in zip(placements, kept, strict=True):
        assert (found.x, found.y) == pytest.approx((wanted.x, wanted.y), abs=1e-6)
    first = {(one.x, one.y) for one in placements if one.page == 1}
    assert len(first) == 2 * len(SIZES)
