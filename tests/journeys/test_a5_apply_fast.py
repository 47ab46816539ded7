"""Manual A, step 5: the representative of a company in Guangxi gets its five seals at one tap."""

import pytest

from server.intents.actions import Action, IntentMethod
from tests.factories.applying import APPLY, Applying
from tests.factories.intents import Intents
from tests.factories.product import WEI, Product

NAMES = ("企业法定名称章", "合同专用章", "财务专用章", "发票专用章", "企业法定代表人章")


@pytest.mark.row("F-20", "F-19", "F-12", "P-45")
def test_one_tap_and_the_pin_make_all_five(product: Product) -> None:
    wei = Applying.here(product, WEI)
    company = wei.company()

    # 登录人名下有多家企业，可在企业列表切换选取企业
    assert "柳州桂印智能装备有限公司" in wei.text(APPLY)
    wei.act_for(company)
    offered = wei.text(APPLY)
    assert "一键申领五枚印章" in offered
    assert 'id="apply-fast"' in offered

    begun = wei.phone.post(f"{APPLY}/fast", {"enterprise_id": company}).get_json()
    again = wei.phone.post(f"{APPLY}/fast", {"enterprise_id": company}).get_json()
    assert again == begun
    wei.id = begun["application"]
    assert "继续填写申请" not in wei.text(APPLY)
    mine = Intents(product, wei.phone.session)
    intent = mine.proved(IntentMethod.PIN, Action.APPLY, begun["intent"])
    assert wei.submit(intent).get_json() == {"next": wei.path}
    assert "正在生成印章" in wei.text(wei.path)
    product.work()

    assert "印章申领成功" in wei.text(wei.path)
    home = wei.text("/m/")
    assert [name in home for name in NAMES] == [True] * 5
    assert 'id="fast"' not in wei.text(APPLY)
    assert wei.text(APPLY).count("已申领") == 5


@pytest.mark.row("F-20", "F-14")
def test_before_the_certificate_is_downloaded_the_way_leads_there(product: Product) -> None:
    wei = Applying.here(product, WEI)
    company = wei.company()
    wei.act_for(company)
    wei.without_certificate()

    shown = wei.text(APPLY)

    assert "您还没有个人数字证书" in shown
    assert 'href="/m/me/certificate"' in shown
    assert 'id="apply-fast"' not in shown
    refused = wei.phone.post(f"{APPLY}/fast", {"enterprise_id": company})
    assert (refused.status_code, refused.get_json()["code"]) == (409, "no_certificate")
