"""What people hear of sealings: uses by others, a number used up, a request that was not theirs."""

import pytest
from sqlalchemy import select

from server.accounts.news import News
from server.accounts.notice_models import Notice
from server.grants.models import Grant
from server.seed import DemoPerson
from tests.factories.messages import MESSAGES, account_of
from tests.factories.product import LI, WEI, Product


def told(product: Product, person: DemoPerson, news: News) -> list[Notice]:
    with product.parts.db.read() as uow:
        mine = (Notice.account_id == account_of(product, person), Notice.news == news)
        return list(uow.session.scalars(select(Notice).where(*mine)))


def limit_uses(product: Product, most: int) -> None:
    with product.parts.db.begin() as uow:
        uow.session.scalars(select(Grant)).one().most_uses = most


@pytest.mark.row("P-36", "P-35")
def test_the_representative_hears_of_a_use_by_whom_he_let_use_the_seal(product: Product) -> None:
    product.signing(person=LI).seal()

    [notice] = told(product, WEI, News.SEAL_USED)
    shown = product.phone(WEI).get(MESSAGES).get_data(as_text=True)

    assert "李*梅 以 南宁桂印科技有限公司 的印章签署了《施工许可申请表.pdf》。" in shown
    assert notice.enterprise_id
    assert told(product, LI, News.SEAL_USED) == []


@pytest.mark.row("P-36")
def test_his_own_uses_are_no_news(product: Product) -> None:
    assert product.signing(person=WEI).seal().startswith(b"%PDF-")

    assert told(product, WEI, News.SEAL_USED) == []


@pytest.mark.row("P-36", "F-34")
def test_who_has_used_up_his_number_hears_of_it_with_the_last_use(product: Product) -> None:
    limit_uses(product, 2)
    product.signing(person=LI).seal()
    assert told(product, LI, News.GRANT_USED_UP) == []

    product.clock.advance(minutes=2)
    product.signing(person=LI).seal()

    [notice] = told(product, LI, News.GRANT_USED_UP)
    assert notice.words == {"uses": "2", "company": "南宁桂印科技有限公司"}


@pytest.mark.row("P-36", "P-02")
@pytest.mark.parametrize("mine", [True, False])
def test_a_request_that_was_not_his_is_a_warning(product: Product, mine: bool) -> None:
    signing = product.signing(person=LI)
    asked = signing.scan()

    body = {"not_started_by_me": not mine}
    assert signing.phone.post(f"/m/qr/{asked['session_id']}/decline", body).status_code == 200

    assert len(told(product, LI, News.SIGNING_NOT_MINE)) == (0 if mine else 1)
