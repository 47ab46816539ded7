"""From what a seal says to its picture, for each of the seven kinds."""

import io
from typing import Any

import pytest
from PIL import Image, ImageChops

from server.sealing.impression import (
    BadStrokes,
    ImpressionTextInvalid,
    MissingGlyph,
    Strokes,
    cut_out,
    read_strokes,
)
from server.sealing.impression.sizes import PLACES, Size
from server.seals.models import KIND_NAMES, SealKind
from server.seals.service import NewSeal, draw
from tests.factories.handwriting import a_name
from tests.factories.photo import a_photo

CODE, NUMBER = "91450100MA5K8Q2X13", "4501030012345"
COMPANY, PERSON = "南宁桂印科技有限公司", "韦志远"
OF_PERSONS = (SealKind.LEGAL_REPRESENTATIVE, SealKind.SQUARE, SealKind.HANDWRITTEN)
SIZES = {
    SealKind.COMPANY: (40, 40),
    SealKind.CONTRACT: (40, 40),
    SealKind.FINANCE: (40, 40),
    SealKind.INVOICE: (40, 30),
    SealKind.LEGAL_REPRESENTATIVE: (20, 20),
    SealKind.SQUARE: (18, 18),
}


def strokes() -> Strokes:
    return read_strokes(a_name())


def new(kind: SealKind, **changed: Any) -> NewSeal:
    text = PERSON if kind in OF_PERSONS else COMPANY
    said = {"name": KIND_NAMES[kind], "text": text, "number": NUMBER, "code": CODE}
    return NewSeal(kind, **(said | {"strokes": strokes()} | changed))


@pytest.mark.row("F-19", "F-25")
@pytest.mark.parametrize("kind", SealKind)
def test_every_kind_is_drawn_in_its_size(kind: SealKind) -> None:
    picture = draw(new(kind))
    if kind in SIZES:
        assert (picture.width_mm, picture.height_mm) == SIZES[kind]
    else:
        assert picture.width_mm <= 40
        assert picture.height_mm <= 20


@pytest.mark.row("F-19")
@pytest.mark.parametrize("kind", SealKind)
def test_only_round_seals_show_their_number(kind: SealKind) -> None:
    without, other = (draw(new(kind, number=number)) for number in ("", "4501030012353"))
    shows = draw(new(kind)) != without
    assert shows == (kind in (SealKind.COMPANY, SealKind.CONTRACT, SealKind.FINANCE))
    assert (draw(new(kind)) != other) == shows


@pytest.mark.row("F-19")
def test_an_invoice_seal_shows_the_companys_code_and_is_not_drawn_without() -> None:
    one, other = (draw(new(SealKind.INVOICE, code=code)) for code in (CODE, CODE[:-1] + "4"))
    assert one != other
    with pytest.raises(ImpressionTextInvalid) as caught:
        draw(new(SealKind.INVOICE, code=""))
    assert caught.value.details["field"] == "code"


@pytest.mark.row("F-25", "F-27")
def test_a_square_seal_is_drawn_in_the_lettering_that_was_chosen() -> None:
    usual, song, hei = (draw(new(SealKind.SQUARE, font=font)) for font in ("", "song", "hei"))
    assert usual == song != hei
    with pytest.raises(ImpressionTextInvalid):
        draw(new(SealKind.SQUARE, font="comic"))


@pytest.mark.row("F-25")
def test_a_handwritten_seal_is_drawn_from_its_strokes_and_not_without() -> None:
    with Image.open(io.BytesIO(draw(new(SealKind.HANDWRITTEN)).png())) as picture:
        assert picture.getchannel("A").getbbox() is not None
    with pytest.raises(BadStrokes) as caught:
        draw(new(SealKind.HANDWRITTEN, strokes=None))
    assert caught.value.details == {"reason": "missing"}


@pytest.mark.row("F-25")
def test_a_handwritten_seal_is_drawn_from_a_photo_too() -> None:
    seal = new(SealKind.HANDWRITTEN, strokes=None, picture=cut_out(a_photo()))
    assert (draw(seal).width_mm, draw(seal).height_mm) == (40, 15)


@pytest.mark.row("F-19", "F-25")
@pytest.mark.parametrize("kind", [kind for kind in SealKind if kind != SealKind.HANDWRITTEN])
def test_a_character_that_no_font_has_is_named(kind: SealKind) -> None:
    with pytest.raises(MissingGlyph) as caught:
        draw(new(kind, text="韦𪚥远"))
    assert caught.value.details == {"characters": ["𪚥"]}


@pytest.mark.parametrize("kind", SealKind)
def test_the_picture_inside_the_electronic_seal_keeps_to_4_kb_and_shows_the_same(
    kind: SealKind,
) -> None:
    picture = draw(new(kind))
    small = picture.small_png(4096)
    assert len(small) <= 4096
    with Image.open(io.BytesIO(small)) as inside, Image.open(io.BytesIO(picture.png(80))) as fine:
        one = inside.convert("RGBA").getchannel("A").resize((80, 80))
        other = fine.getchannel("A").resize((80, 80))
    difference = ImageChops.difference(one, other)
    assert sum(difference.histogram()[160:]) < 80 * 80 * 0.02


def test_a_seal_has_the_size_of_the_place_that_its_number_begins_with(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(PLACES, "9901", {"company": Size(42.0, 42.0, 1.2, 7.5)})
    assert draw(new(SealKind.COMPANY, number="9901030012345")).width_mm == 42
    assert draw(new(SealKind.COMPANY, number="9902030012345")).width_mm == 40
