"""The QR picture: one size, its quiet zone, and what a reader makes of it."""

import secrets
from io import BytesIO

import pytest
import zxingcpp
from PIL import Image

from qr_session import qr_image
from qr_session.errors import TextTooLong


def address(length: int = 60) -> str:
    return "https://seal.example/q/".ljust(length, "7")


@pytest.mark.parametrize("length", [30, 60, 110, 122])
def test_every_address_gives_the_same_number_of_modules(length):
    rows = qr_image.modules(address(length))
    assert len(rows) == qr_image.MODULES == 45
    assert {len(row) for row in rows} == {45}
    assert {sign for row in rows for sign in row} == {"0", "1"}


def test_a_reader_reads_the_picture():
    for _ in range(5):
        text = f"https://seal.example/q/{secrets.token_urlsafe(24)}"
        [read] = zxingcpp.read_barcodes(Image.open(BytesIO(qr_image.png(text, scale=4))))
        assert read.text == text
        assert read.ec_level == "M"


def test_the_picture_keeps_four_light_modules_around_the_code():
    picture = Image.open(BytesIO(qr_image.png(address(), scale=1))).convert("L")
    assert picture.size == (53, 53)
    framed = picture.point(lambda value: 255 - value).getbbox()
    assert framed == (4, 4, 49, 49)


def test_the_svg_draws_exactly_the_modules():
    text = address()
    svg = qr_image.svg(text)
    dark = set()
    for piece in svg.split('d="')[-1].split('"')[0].split("z")[:-1]:
        at, _, rest = piece.removeprefix("M").partition("h")
        x, y = map(int, at.split())
        dark |= {(x + step - 4, y - 4) for step in range(int(rest.split("v")[0]))}
    rows = qr_image.modules(text)
    assert dark == {
        (x, y) for y, row in enumerate(rows) for x, sign in enumerate(row) if sign == "1"
    }
    assert 'viewBox="0 0 53 53"' in svg


def test_a_text_that_does_not_fit_is_refused_by_name():
    with pytest.raises(TextTooLong) as caught:
        qr_image.svg(address(123))
    assert caught.value.code == "text_too_long"
    with pytest.raises(TextTooLong):
        qr_image.modules("签" * 41)
