"""B4.1 where people review: sent back with reasons, mended, handed in again and approved."""

from typing import Any

import pytest

from tests.factories.applying import Applying
from tests.factories.product import Product
from tests.factories.review_desk import DESK, at_desk

REASON = "营业执照反光，请重新拍照"


@pytest.mark.row("P-45", "F-21", "F-22")
def test_an_application_is_sent_back_mended_and_approved(product: Product) -> None:
    by_hand = product.restarted(review="manual")
    applying, desk = Applying.here(by_hand), at_desk(by_hand)
    applying.choose("company", "finance")
    applying.filled().submitted()

    assert applying.id in desk.get(DESK).text
    sheet = desk.get(f"{DESK}/{applying.id}")
    assert "可核对的内容与登记信息一致" in sheet.text
    picture = desk.get(f"{DESK}/{applying.id}/materials/licence")
    assert (picture.mimetype, picture.headers["Cache-Control"]) == ("image/jpeg", "no-store")

    body: dict[str, Any] = {"reason": "请补正后重新提交", "parts": {"licence": REASON}}
    assert desk.decide(applying.id, "correction", **body).status_code == 200
    by_hand.work()
    assert "请补正后重新提交" in applying.text(applying.path)
    assert REASON in applying.text(f"{applying.path}/details")

    assert applying.hand_in("licence").status_code == 200
    by_hand.clock.advance(minutes=2)
    applying.submitted()
    assert desk.decide(applying.id, "approve").status_code == 200
    by_hand.work()

    assert applying.id not in desk.get(DESK).text
    assert desk.decide(applying.id, "approve").get_json()["code"] == "application_moved_on"
    assert "认证" in applying.text(applying.path)
