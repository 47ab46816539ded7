"""Outlines of characters: which font they come from, and which names cannot be cut."""

import pytest

from server.sealing.impression import (
    Design,
    ImpressionTextInvalid,
    MissingGlyph,
    SealKindNotDrawn,
    draw,
    warm,
)
from server.sealing.impression.glyphs import Face, glyphs


@pytest.mark.row("F-19")
@pytest.mark.parametrize("character", "鑫淼堃喆㙓昇䶮犇垚祎玥頔禤㛃邕𠅤𬭎𬬻𰻝〇")
def test_rare_characters_of_names_can_be_cut(character: str) -> None:
    impression = draw(Design("legal_representative", character + "明"))
    assert len(impression.paths) == 1 + 4


def test_a_character_that_song_lacks_comes_from_hei() -> None:
    assert glyphs("𰻝") == [
        *glyphs("𰻝", Face.HEI),
    ]
    assert glyphs("国") != glyphs("国", Face.HEI)


@pytest.mark.row("F-19")
def test_characters_in_no_font_block_the_seal_and_are_named_once() -> None:
    with pytest.raises(MissingGlyph) as caught:
        draw(Design("company", "南宁𪚥桂\U000e0100印𪚥科技"))
    assert caught.value.details == {"characters": ["𪚥", "\U000e0100"]}
    assert caught.value.code == "missing_glyph"


@pytest.mark.parametrize("blank", [" ", "　", "\n"])
def test_a_blank_is_never_cut(blank: str) -> None:
    with pytest.raises(MissingGlyph):
        draw(Design("company", f"南宁{blank}公司"))


@pytest.mark.parametrize(
    ("design", "field"),
    [
        (Design("company", "桂"), "name"),
        (Design("company", "桂" * 31), "name"),
        (Design("legal_representative", ""), "name"),
        (Design("company", "桂印公司", "450103001234"), "number"),
        (Design("company", "桂印公司", "45010300123４5"), "number"),
        (Design("contract", "桂印公司", type_line="合同专用章第一二三四"), "type_line"),
    ],
)
def test_a_text_that_does_not_fit_is_refused(design: Design, field: str) -> None:
    with pytest.raises(ImpressionTextInvalid) as caught:
        draw(design)
    assert caught.value.details["field"] == field


def test_a_kind_without_a_drawing_is_refused() -> None:
    with pytest.raises(SealKindNotDrawn):
        draw(Design("customs", "桂印公司"))


def test_warming_leaves_the_fonts_loaded_and_their_files_closed() -> None:
    warm()
    assert glyphs("印")[0].segments
