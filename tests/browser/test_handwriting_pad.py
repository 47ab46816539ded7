"""The pad by itself in Chromium: what a finger or a mouse writes comes out as points."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Route

from tests.browser.conftest import PHONE, Actor

pytestmark = pytest.mark.browser

SCRIPTS = Path(__file__).parents[2] / "server" / "static" / "js"
PAGE = """<!doctype html><meta name="viewport" content="width=device-width">
<style>body { margin: 0; } canvas { display: block; width: 90vw; height: 200px; }</style>
<canvas id="pad"></canvas>
<script type="module">
  import { HandwritingPad } from "/phone/handwriting_pad.js";
  window.heard = 0;
  window.pad = new HandwritingPad(document.querySelector("#pad"));
  document.querySelector("#pad").addEventListener("written", () => { window.heard += 1; });
</script>"""


def serve(route: Route) -> None:
    path = route.request.url.removeprefix("http://pad.test/")
    if path:
        route.fulfill(path=SCRIPTS / path, content_type="text/javascript")
    else:
        route.fulfill(body=PAGE, content_type="text/html")


def opened(actor: Actor, **options: Any) -> Page:
    page = actor(**options).new_page()
    page.route("http://pad.test/**", serve)
    page.goto("http://pad.test/")
    page.wait_for_function("window.pad")
    return page


def write(page: Page, *points: tuple[float, float]) -> None:
    """One stroke by mouse through these points of the pad."""
    page.mouse.move(*points[0])
    page.mouse.down()
    for point in points[1:]:
        page.mouse.move(*point, steps=6)
    page.mouse.up()


def written(page: Page) -> dict[str, Any]:
    told: dict[str, Any] = page.evaluate("pad.strokes()")
    return told


def ink(page: Page) -> int:
    """How many dots of the canvas are not blank."""
    count: int = page.evaluate(
        "(() => { const pad = document.querySelector('#pad');"
        " const all = pad.getContext('2d').getImageData(0, 0, pad.width, pad.height).data;"
        " return all.filter((value, place) => place % 4 === 3 && value > 0).length; })()"
    )
    return count


@pytest.mark.row("F-15", "F-25")
def test_strokes_come_out_as_points_with_their_times(actor: Actor) -> None:
    page = opened(actor, **PHONE, device_scale_factor=3)
    write(page, (40, 40), (140, 60), (60, 160))
    write(page, (200, 40), (210, 150))
    told = written(page)
    assert (told["width"], told["height"]) == (351, 200)
    assert page.evaluate("document.querySelector('#pad').width") == 351 * 3
    first, second = told["strokes"]
    assert [round(n) for n in first[0][:2]] == [40, 40]
    assert first[0][2] == 0
    assert [round(n) for n in second[-1][:2]] == [210, 150]
    times = [point[2] for stroke in told["strokes"] for point in stroke]
    assert times == sorted(times)
    assert page.evaluate("[pad.isEmpty, pad.isEnough, heard]") == [False, True, 2]


def test_a_stroke_is_taken_back_and_all_of_them(actor: Actor) -> None:
    page = opened(actor, **PHONE)
    write(page, (40, 40), (140, 60))
    alone = ink(page)
    write(page, (40, 90), (140, 160))
    assert ink(page) > alone
    page.evaluate("pad.undo()")
    assert ink(page) == alone
    assert len(written(page)["strokes"]) == 1
    page.evaluate("pad.clear()")
    assert (ink(page), written(page)["strokes"]) == (0, [])
    assert page.evaluate("[pad.isEmpty, pad.isEnough]") == [True, False]


@pytest.mark.parametrize("points", [((50, 50), (51, 51)), ((50, 50), (70, 55))])
def test_a_dot_or_a_scratch_is_no_name(actor: Actor, points: Any) -> None:
    page = opened(actor, **PHONE)
    write(page, *points)
    assert page.evaluate("[pad.isEmpty, pad.isEnough]") == [False, False]


def test_a_finger_writes_and_does_not_scroll(actor: Actor) -> None:
    page = opened(actor, **PHONE)
    page.evaluate("document.body.style.height = '4000px'")
    devtools = page.context.new_cdp_session(page)
    for kind, at in (("touchStart", 40), ("touchMove", 100), ("touchMove", 180)):
        touch = [{"x": at, "y": at}]
        devtools.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touch})
    devtools.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    assert [round(n) for n in written(page)["strokes"][0][-1][:2]] == [180, 180]
    assert page.evaluate("scrollY") == 0


def test_a_phone_that_is_turned_keeps_what_was_written(actor: Actor) -> None:
    page = opened(actor, **PHONE)
    write(page, (40, 40), (140, 60))
    before = written(page)
    page.set_viewport_size({"width": 844, "height": 390})
    page.wait_for_function("document.querySelector('#pad').width > 700")
    assert written(page) == before
    assert ink(page) > 0
    write(page, (40, 90), (140, 160))
    assert [round(n) for n in written(page)["strokes"][1][-1][:2]] == [140, 160]


def test_no_more_is_kept_than_the_server_takes(actor: Actor) -> None:
    page = opened(actor, **PHONE)
    for n in range(62):
        write(page, (40 + n, 40), (45 + n, 60))
    assert len(written(page)["strokes"]) == 60
