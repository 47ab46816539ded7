"""Photos are drawn anew: pixels come through, nothing else does, and bombs end in time."""

import io

import pytest
from PIL import Image

from server.core.errors import DomainError
from server.sealing.errors import NotAPicture, PictureDamaged, PictureTooLarge
from server.sealing.pictures import CleanPicture, clean_picture
from server.sealing.sandbox import Sandbox
from tests.factories import pictures

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def pixels(clean: CleanPicture) -> Image.Image:
    picture = Image.open(io.BytesIO(clean.data))
    assert (picture.format, picture.mode) == ("JPEG", "RGB")
    assert picture.size == (clean.width, clean.height)
    return picture


def is_dark(picture: Image.Image, x: int, y: int) -> bool:
    return max(picture.getpixel((x, y))) < 40  # type: ignore[arg-type]


@pytest.mark.row("F-22")
@pytest.mark.parametrize(
    ("kind", "mode"),
    [("JPEG", "RGB"), ("JPEG", "L"), ("JPEG", "CMYK"), ("PNG", "RGB"), ("PNG", "P"), ("PNG", "1")],
)
def test_what_a_photo_shows_comes_through(kind: str, mode: str) -> None:
    picture = pixels(clean_picture(pictures.photo(kind, mode=mode)))
    assert picture.size == (400, 300)
    assert is_dark(picture, 50, 150)
    assert not is_dark(picture, 350, 150)


@pytest.mark.row("S-33")
def test_place_and_notes_stay_behind_and_the_photo_stands_upright() -> None:
    sideways = pictures.sideways()
    assert pictures.GPS_PLACE in sideways
    clean = clean_picture(sideways)
    picture = pixels(clean)
    assert picture.size == (300, 400)
    assert is_dark(picture, 150, 50)
    assert not is_dark(picture, 150, 350)
    assert not picture.getexif()
    assert not {"exif", "comment", "icc_profile"} & set(picture.info)
    assert pictures.GPS_PLACE not in clean.data


@pytest.mark.row("S-33")
def test_a_script_inside_or_behind_a_picture_stays_behind() -> None:
    polyglot = pictures.with_text()
    assert polyglot.count(pictures.PAYLOAD) == 2
    clean = clean_picture(polyglot)
    assert b"script" not in clean.data
    assert is_dark(pixels(clean), 50, 150)


@pytest.mark.row("S-33")
@pytest.mark.parametrize(
    "content",
    [
        SVG,
        b"GIF89a" + b"\0" * 100,
        b"%PDF-1.7",
        b"",
        b"RIFF\x10\0\0\0WEBPVP8 ",
        b"\x89PNG\r\n\x1a\n" + SVG,
        b"\xff\xd8\xff" + SVG,
    ],
)
def test_what_is_no_jpeg_or_png_is_refused_whatever_it_is_called(content: bytes) -> None:
    with pytest.raises(NotAPicture):
        clean_picture(content)


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_photo_that_was_cut_off_is_refused(kind: str) -> None:
    whole = pictures.photo(kind)
    with pytest.raises(PictureDamaged):
        clean_picture(whole[: len(whole) * 2 // 3])


def test_of_an_animated_png_only_the_first_frame_is_kept() -> None:
    picture = pixels(clean_picture(pictures.animated()))
    assert getattr(picture, "n_frames", 1) == 1
    assert is_dark(picture, 40, 30)


def test_what_was_see_through_is_white_and_deep_grey_stays_grey() -> None:
    picture = pixels(clean_picture(pictures.see_through()))
    assert is_dark(picture, 50, 150)
    assert min(picture.getpixel((350, 150))) > 250  # type: ignore[arg-type]
    grey = pixels(clean_picture(pictures.deep_grey())).getpixel((20, 15))
    assert all(abs(part - 0x40) < 6 for part in grey)  # type: ignore[union-attr]


def test_a_large_photo_is_kept_at_a_size_for_reading() -> None:
    picture = pixels(clean_picture(pictures.photo(size=(4800, 3600))))
    assert picture.size == (3000, 2250)


@pytest.mark.row("S-34")
def test_25_million_pixels_are_taken_and_one_row_more_is_not(sandbox: Sandbox) -> None:
    assert sandbox.run(clean_picture, pictures.png_of(5000, 5000)).width == 3000
    with pytest.raises(PictureTooLarge):
        sandbox.run(clean_picture, pictures.png_of(25_000_001, 1))


@pytest.mark.row("S-34")
@pytest.mark.parametrize("size", [(5000, 5001), (9000, 9000), (12_000, 12_000), (20_000, 20_000)])
def test_a_small_file_of_many_pixels_is_refused_before_it_is_unfolded(
    size: tuple[int, int],
) -> None:
    bomb = pictures.png_of(*size)
    assert len(bomb) < 100_000
    with pytest.raises(PictureTooLarge) as refused:
        clean_picture(bomb)
    assert isinstance(refused.value, DomainError)
