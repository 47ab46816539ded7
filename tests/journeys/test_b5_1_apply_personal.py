"""Manual B, 5.1: a person applies for a square seal and a drawn one, and certifies once."""

import pytest

from tests.factories.applications import Applicant
from tests.factories.applying import APPLY, HAND, OWN_PAPERS, SQUARE, Applying
from tests.factories.certifications import Certifying
from tests.factories.product import LI, Product


@pytest.mark.row("F-25", "F-17", "F-24", "P-45")
def test_a_square_and_a_drawn_seal_from_the_choice_to_home(product: Product) -> None:
    li = Applying.here(product, LI)
    li.act_for()
    offered = li.text(APPLY)
    assert "个人方章" in offered
    assert "个人手绘章" in offered
    assert all(f'value="{font}"' in offered for font in ("song", "hei"))

    # 个人方章与个人手绘章确定后，点击页面“下一步”进行选择用章核验方式
    assert li.choose_own(SQUARE, HAND).get_json()["next"] == f"{li.path}/method"
    typed = {"password": "letters-26", "password_again": "letters-26"}
    assert li.choose_method("password", **typed).get_json() == {"next": f"{li.path}/details"}
    # 在上传材料页面上传材料后，完成意愿验证后等待数字证书申请业务短信
    assert "本人证件（人像面）" in li.text(f"{li.path}/details")
    li.hand_in_all(OWN_PAPERS)
    li.name_people()
    li.submitted()
    product.work()

    case = Certifying(product, li.id, Applicant(product, LI), (LI.phone, ""))
    case.certify(1)
    product.work()

    assert "印章申领成功" in li.text(li.path)
    home = li.text("/m/")
    assert "个人方章" in home
    assert "个人手绘章" in home
    assert li.text(APPLY).count("已申领") == 2
