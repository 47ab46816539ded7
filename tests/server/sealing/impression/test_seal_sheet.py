"""The page of samples that the documents show: it can be drawn, and shows every kind."""

import sys
from pathlib import Path

import pytest
from PIL import Image, ImageChops

from server.seals.models import SealKind
from tools import seal_sheet

SHOWN = Path(__file__).parents[4] / "docs" / "img" / "seals.png"
MOST_BYTES = 400 * 1024


def test_every_kind_is_on_the_page() -> None:
    assert {design.kind for design in seal_sheet.designs()} == set(SealKind)


@pytest.mark.row("F-19", "F-25")
def test_the_page_in_the_documents_is_what_the_program_draws(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = tmp_path / "seals.png"
    monkeypatch.setattr(sys, "argv", ["seal_sheet", str(drawn)])
    seal_sheet.main()
    assert drawn.stat().st_size <= MOST_BYTES
    with Image.open(drawn) as now, Image.open(SHOWN) as shown:
        assert now.size == shown.size
        assert now.info["dpi"] == pytest.approx((300, 300), abs=0.1)
        difference = ImageChops.difference(now.convert("L"), shown.convert("L"))
    changed = sum(difference.histogram()[64:]) / (difference.width * difference.height)
    assert changed < 0.001, "draw it anew: python -m tools.seal_sheet docs/img/seals.png"
