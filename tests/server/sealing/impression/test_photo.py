"""A name on paper becomes an impression: its ink, without the paper, its light and the desk."""

import io
import json
import math
from collections.abc import Callable

import pytest
from PIL import Image, ImageChops, ImageDraw, ImageFont

from server.sealing.impression import Impression
from server.sealing.impression.errors import NoInkInPhoto, PhotoUnreadable, TooMuchInkInPhoto
from server.sealing.impression.outlines import Outlines, outlined
from server.sealing.impression.photo import cut_out
from server.sealing.impression.polyline import area
from server.sealing.sandbox import Sandbox
from tests.factories.photo import BLUE_INK, a_photo, in_uneven_light, name_on, paper, photo

BLACK, PENCIL = (10, 10, 10), (120, 120, 125)


def mask(impression: Impression) -> Image.Image:
    with Image.open(io.BytesIO(impression.png(150))) as picture:
        return picture.getchannel("A")


def ideal() -> Image.Image:
    """The strokes themselves, as they were drawn on the paper."""
    page = Image.new("RGB", (1200, 900))
    name_on(page, (255, 255, 255))
    return page.convert("L")


def unlike(one: Image.Image, other: Image.Image) -> float:
    """The share of the other's ink that is not alike, both as large as their ink."""
    size = (472, 178)
    one, other = (picture.crop(picture.getbbox()).resize(size) for picture in (one, other))
    difference = ImageChops.difference(one, other)
    return sum(difference.histogram()[128:]) / sum(other.histogram()[128:])


@pytest.mark.row("F-25")
@pytest.mark.parametrize("ink", [BLUE_INK, BLACK, PENCIL], ids=["blue", "black", "pencil"])
def test_ink_is_cut_out_of_paper_in_uneven_light(ink: tuple[int, int, int]) -> None:
    found = mask(outlined(cut_out(a_photo(ink))))
    assert unlike(found, ideal()) < 0.2


@pytest.mark.row("F-25")
def test_the_impression_fits_40_by_20_mm_and_is_small_enough_to_keep() -> None:
    outlines = cut_out(a_photo())
    impression = outlined(outlines)
    assert (impression.width_mm, impression.height_mm) == (40, 15)
    assert len(impression.pdf_operators()) <= 30 * 1024
    assert len(impression.small_png(4096)) <= 4096
    assert len(outlines.model_dump_json()) <= 30 * 1024
    left, top, right, bottom = mask(impression).getbbox() or (0, 0, 0, 0)
    assert (left, right) == (0, 236)
    assert abs(top - (mask(impression).height - bottom)) <= 2


def test_the_white_within_a_character_is_cut_out_of_it() -> None:
    pairs = [
        list(zip(contour[::2], contour[1::2], strict=True))
        for contour in cut_out(a_photo()).contours
    ]
    assert sum(area(line) < 0 for line in pairs) == 4  # 日 has two, 月 has two


def test_a_photo_full_of_strokes_is_kept_coarser_or_refused() -> None:
    coarse = outlined(cut_out(photo(scribbled(150))))
    assert 20 * 1024 < len(coarse.pdf_operators()) <= 30 * 1024
    with pytest.raises(TooMuchInkInPhoto):
        cut_out(photo(scribbled(50)))


def test_the_same_photo_gives_the_same_outlines_and_json_keeps_them() -> None:
    data = a_photo()
    outlines = cut_out(data)
    assert cut_out(data) == outlines
    assert Outlines.model_validate(json.loads(outlines.model_dump_json())) == outlines


def with_desk_at_one_side(page: Image.Image) -> None:
    ImageDraw.Draw(page).polygon([(0, 0), (130, 0), (60, 900), (0, 900)], fill=(60, 40, 30))


def with_desk_all_round(page: Image.Image) -> None:
    ImageDraw.Draw(page).rectangle((0, 0, 1199, 899), outline=(60, 40, 30), width=70)


def with_dust(page: Image.Image) -> None:
    for x, y in ((100, 100), (1100, 800), (150, 700)):
        ImageDraw.Draw(page).ellipse((x, y, x + 4, y + 4), fill=(30, 30, 30))


@pytest.mark.parametrize("disturb", [with_desk_at_one_side, with_desk_all_round, with_dust])
def test_the_desk_and_dust_are_no_writing(disturb: Callable[[Image.Image], None]) -> None:
    page = paper()
    disturb(page)
    name_on(page)
    assert unlike(mask(outlined(cut_out(photo(in_uneven_light(page))))), ideal()) < 0.2


@pytest.mark.parametrize("mode", ["L", "P", "RGBA", "LA", "CMYK"])
def test_every_way_of_keeping_colours_is_read(mode: str) -> None:
    page = paper()
    name_on(page)
    data = photo(page.convert(mode), "JPEG" if mode == "CMYK" else "PNG")
    assert unlike(mask(outlined(cut_out(data))), ideal()) < 0.15


def test_what_is_transparent_counts_as_paper() -> None:
    ink = Image.new("RGB", (1200, 900))
    name_on(ink, (255, 255, 255))
    page = Image.new("RGBA", ink.size, (0, 0, 0, 0))
    page.putalpha(ink.convert("L"))
    assert unlike(mask(outlined(cut_out(photo(page, "PNG")))), ideal()) < 0.15


def test_a_photo_that_was_taken_on_its_side_is_turned_upright() -> None:
    page = paper()
    name_on(page)
    exif = Image.Exif()
    exif[0x0112] = 6
    out = io.BytesIO()
    page.transpose(Image.Transpose.ROTATE_90).save(out, "JPEG", exif=exif)
    assert unlike(mask(outlined(cut_out(out.getvalue()))), ideal()) < 0.15


def test_a_large_photo_gives_the_same_as_a_small_one() -> None:
    page = paper()
    name_on(page)
    large = photo(page.resize((4800, 3600)))
    assert unlike(mask(outlined(cut_out(large))), ideal()) < 0.15


def blank() -> Image.Image:
    return paper()


def tick() -> Image.Image:
    page = paper()
    ImageDraw.Draw(page).line([(600, 400), (610, 412), (630, 390)], fill=BLACK, width=6)
    return page


def night() -> Image.Image:
    return paper(colour=(12, 12, 14))


@pytest.mark.parametrize("page", [blank, tick, night])
def test_a_photo_without_writing_is_refused(page: Callable[[], Image.Image]) -> None:
    for data in (photo(in_uneven_light(page())), photo(page(), "PNG")):
        with pytest.raises(NoInkInPhoto):
            cut_out(data)


def print_page() -> Image.Image:
    page = paper()
    font = ImageFont.load_default(16)
    for row in range(40):
        text = "Lorem ipsum dolor sit amet consectetur adipiscing elit " * 2
        ImageDraw.Draw(page).text((30, 20 + 22 * row), text[row:90], BLACK, font)
    return page


def painted() -> Image.Image:
    page = paper()
    for x in range(40, 1160, 28):
        ImageDraw.Draw(page).line([(x, 40), (x, 860)], fill=BLACK, width=14)
    return page


def scribbled(gap: int) -> Image.Image:
    """Waves, `gap` pixels apart."""
    page = paper()
    for y in range(60, 840, gap):
        line = [(x, y + 20 * math.sin(x / 7)) for x in range(60, 1140, 2)]
        ImageDraw.Draw(page).line(line, fill=BLACK, width=3)
    return page


@pytest.mark.parametrize("page", [print_page, painted])
def test_a_photo_of_anything_but_a_name_is_refused(page: Callable[[], Image.Image]) -> None:
    with pytest.raises(TooMuchInkInPhoto):
        cut_out(photo(page()))


def too_large() -> bytes:
    return photo(Image.new("1", (5001, 5000)), "PNG")


def truncated() -> bytes:
    return a_photo()[:4000]


def moving() -> bytes:
    return photo(paper(), "GIF")


@pytest.mark.row("S-33", "S-34")
@pytest.mark.parametrize(
    "data", [too_large, truncated, moving, lambda: b"<svg/>", lambda: b"", lambda: b"\x89PNG\r\n"]
)
def test_what_is_no_photo_is_refused(data: Callable[[], bytes]) -> None:
    with pytest.raises(PhotoUnreadable):
        cut_out(data())


def test_photos_are_cut_out_in_the_sandbox(sandbox: Sandbox) -> None:
    assert sandbox.run(cut_out, a_photo()) == cut_out(a_photo())
    with pytest.raises(NoInkInPhoto):
        sandbox.run(cut_out, photo(paper()))


@pytest.mark.parametrize(
    "changed",
    [
        {"width_mm": 41},
        {"height_mm": 0},
        {"contours": []},
        {"contours": [[1, 2, 3, 4]]},
        {"contours": [[1, 2, 3, 4, 5, 6, 7]]},
        {"contours": [[-1, 2, 3, 4, 5, 6]]},
        {"contours": [[1, 2, 3, 4, 5, 6] * 1001]},
        {"contours": [[1, 2, 3, 4, 5, 6]] * 601},
        {"colour": "red"},
    ],
    ids=str,
)
def test_outlines_that_cannot_be_ours_are_refused(changed: dict[str, object]) -> None:
    sound = {"width_mm": 40, "height_mm": 20, "contours": [[0, 0, 4000, 0, 4000, 2000]]}
    assert Outlines.model_validate(sound)
    with pytest.raises(ValueError, match="validation error"):
        Outlines.model_validate(sound | changed)
