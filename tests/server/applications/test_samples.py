"""Each slot has a sample picture, and the letter of authorization comes filled in (P-47)."""

import io
import subprocess
from pathlib import Path

import pytest
from PIL import Image

from server.applications.samples import SHEETS, authorization, sample
from server.applications.slots import SLOT_WORDS, Slot
from server.sealing.pictures import clean_picture


@pytest.mark.row("P-47")
@pytest.mark.parametrize("slot", Slot)
def test_every_slot_has_words_and_a_sample_that_could_be_handed_in(slot: Slot) -> None:
    png = sample(slot)
    picture = Image.open(io.BytesIO(png))
    assert picture.format == "PNG"
    assert len(png) < 150_000
    assert len(picture.getcolors(1_000_000) or []) > 20
    assert clean_picture(png).width == picture.width
    assert all(SLOT_WORDS[slot].names)
    assert all(SLOT_WORDS[slot].hint)


def test_no_sample_shows_a_whole_number() -> None:
    for sheet in SHEETS.values():
        assert all(sum(letter.isdigit() for letter in line) < 17 for line in sheet.lines)


@pytest.mark.row("P-47")
def test_the_letter_is_filled_in_and_leaves_lines_for_the_rest(tmp_path: Path) -> None:
    file = tmp_path / "letter.pdf"
    unit = ("柳州桂印智能装备有限公司", "91450200MA5P6D4H0F")
    file.write_bytes(authorization(unit, "韦志远"))
    done = subprocess.run(["pdftotext", file, "-"], capture_output=True, text=True, check=True)
    text = "".join(done.stdout.split())
    for words in ("授权委托书", *unit, "韦志远", "受托人证件号码", "＿＿＿", "法定代表人（签字）"):
        assert words in text
