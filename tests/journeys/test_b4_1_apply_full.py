"""Manual B, 4.1: a company applies for chosen seals with papers, and two people certify it."""

import pytest

from tests.factories.applications import AGENT as SOMEBODY
from tests.factories.applications import Applicant
from tests.factories.applying import AGENT, AGENT_PAPERS, APPLY, Applying
from tests.factories.certifications import Certifying
from tests.factories.product import WEI, Product


def fill_in(wei: Applying) -> None:
    """输入经办人、单位法人、单位信息, 上传材料, 用章核验方式, each on its page."""
    details = wei.text(f"{wei.path}/details")
    assert "仅支持 JPG、PNG，每张不超过 5 MB" in details
    titles = ("经办人信息", "单位法人信息", "单位信息")
    places = [details.index(f">{title}</h2>") for title in titles]
    assert places == sorted(places)
    assert "91450200MA5P6D4H0F" in details
    wei.hand_in_all(AGENT_PAPERS)
    kept = wei.name_people(same=False, agent=AGENT)
    assert kept.get_json() == {"next": f"{wei.path}/method"}
    letter = wei.phone.get(f"{wei.path}/authorization.pdf")
    assert (letter.mimetype, letter.data[:5]) == ("application/pdf", b"%PDF-")
    method = wei.text(f"{wei.path}/method")
    assert all(name in method for name in ("密码核验", "短信核验", "人脸核验"))
    assert wei.choose_method("sms").get_json() == {"next": f"{wei.path}/confirm"}


@pytest.mark.row("F-21", "F-16", "F-22", "F-23", "P-45", "P-47")
def test_from_the_choice_to_the_seals_on_home(product: Product) -> None:
    wei = Applying.here(product, WEI)
    company = wei.company()
    wei.act_for(company)
    assert wei.choose("company", "finance").get_json()["next"] == f"{wei.path}/details"
    fill_in(wei)
    # 领章意愿认证，请获取验证码填写提交
    assert wei.parameters()["enterprise"] == company
    wei.submitted()
    product.work()

    # 先由法人进行认证后再由经办人认证
    case = Certifying(product, wei.id, Applicant(product), (WEI.phone, SOMEBODY[2]))
    assert case.links(SOMEBODY[2]) == []
    assert "等待 韦*远 打开短信链接完成认证" in wei.text(wei.path)
    product.clock.advance(minutes=2)
    assert wei.phone.post(f"{wei.path}/texts").get_json() == {"retry_after": 60}
    product.work()
    assert len(case.links(WEI.phone)) == 2
    case.certify(1)
    assert "等待 覃*亮 打开短信链接完成认证" in wei.text(wei.path)
    case.certify(2)
    product.work()

    assert "印章申领成功" in wei.text(wei.path)
    home = wei.text("/m/")
    assert [name in home for name in ("法定名称章", "财务专用章", "合同专用章")] == [
        True,
        True,
        False,
    ]
    assert wei.text(APPLY).count("已申领") == 2
