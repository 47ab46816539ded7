"""待办: what waits for a person, told while it waits, with the page on which it is done (P-36)."""

import pytest
from sqlalchemy import select
from werkzeug.exceptions import HTTPException

from server.accounts.news import NEWS, News
from server.accounts.todos import Todo
from server.applications import certification_todos, telling
from server.applications.certification_models import Certification
from server.applications.models import Way
from server.grants import todos as grants
from server.grants.models import Grant, GrantStatus
from server.seed import DemoPerson
from tests.factories.certifications import Certifying
from tests.factories.messages import MESSAGES, account_of
from tests.factories.product import HUANG, LI, WEI, Product
from tests.factories.visits import visit


def certifying(product: Product, person: DemoPerson) -> list[Todo]:
    with product.parts.db.read() as uow:
        return certification_todos.todos(uow, account_of(product, person))


def granted(product: Product, person: DemoPerson = LI) -> list[Todo]:
    with product.parts.db.read() as uow:
        return grants.todos(uow, account_of(product, person))


def move_grant(product: Product, status: GrantStatus) -> None:
    with product.parts.db.begin() as uow:
        uow.session.scalars(select(Grant)).one().status = status


def shown(product: Product, person: DemoPerson) -> str:
    return product.phone(person).get(MESSAGES).get_data(as_text=True)


@pytest.mark.row("P-36", "F-16")
def test_a_certification_waits_for_the_person_whose_turn_it_is(product: Product) -> None:
    case = Certifying.begun(product, agent=(LI.name, LI.id_number, LI.phone))
    product.clock.advance(minutes=2)
    [first] = certifying(product, WEI)
    assert (first.link, certifying(product, LI)) == ("/m/me/certifications", [])
    assert "申领印章，等待您认证" in shown(product, WEI)

    case.certify(1)
    product.work()

    assert certifying(product, WEI) == []
    [second] = certifying(product, LI)
    assert (second.link, second.enterprise_id) == (
        "/m/me/certifications",
        case.application.owner_id,
    )
    assert "申领印章，等待您认证" in shown(product, LI)
    assert "立即认证" in product.phone(LI).get(second.link).text
    assert certifying(product, HUANG) == []

    product.clock.advance(minutes=2)
    case.certify(2)
    assert certifying(product, LI) == []


@pytest.mark.row("P-36", "F-17")
def test_a_persons_own_certification_waits_until_it_is_withdrawn(product: Product) -> None:
    case = Certifying.begun(product, Way.PERSONAL)
    [waiting] = certifying(product, WEI)
    assert waiting.enterprise_id is None

    case.applicant.withdraw(case.application_id)

    assert certifying(product, WEI) == []


@pytest.mark.row("P-36", "F-04")
def test_a_companys_login_sees_nothing_that_waits_for_the_person_himself(product: Product) -> None:
    Certifying.begun(product, Way.PERSONAL)
    visited = visit(product, WEI, by_company=True)
    visited.pass_gate()

    assert "等待您认证" not in visited.get(MESSAGES).get_data(as_text=True)
    product.clock.advance(minutes=2)
    assert "等待您认证" in shown(product, WEI)


@pytest.mark.row("P-36", "S-18")
def test_who_only_says_that_the_number_is_his_is_told_nothing(product: Product) -> None:
    Certifying.begun(product, Way.PERSONAL)
    with product.parts.db.begin() as uow:
        named = uow.session.scalars(select(Certification)).one()
        named.number_index = "of somebody else"

    assert certifying(product, WEI) == []


@pytest.mark.row("P-36", "F-34", "F-36")
@pytest.mark.parametrize(
    ("status", "words"),
    [
        (GrantStatus.PENDING_CERTIFICATE, "请先下载个人数字证书"),
        (GrantStatus.PENDING_ACCEPTANCE, "请在首页切换到该企业后接收授权"),
    ],
)
def test_a_grant_waits_for_its_grantee_until_it_has_ended(
    product: Product, status: GrantStatus, words: str
) -> None:
    assert granted(product) == []
    move_grant(product, status)
    [waiting] = granted(product)
    assert f"南宁桂印科技有限公司 授权您使用印章：{words}" in shown(product, LI)
    assert granted(product, WEI) == []

    assert waiting.ends_at
    product.clock.advance(seconds=(waiting.ends_at - product.clock.now()).total_seconds())
    assert granted(product) == []


@pytest.mark.row("P-36")
def test_every_link_of_news_and_of_what_waits_is_a_page(product: Product) -> None:
    links = {NEWS[news].link.format(subject="some-id") for news in News}
    links |= {
        certification_todos.RECORDS,
        *grants.PLACES.values(),
        "/m/me/real-name",
    }
    pages = product.app.url_map.bind("127.0.0.1")
    lost = []
    for link in links - {""}:
        try:
            pages.match(link, method="GET")
        except HTTPException:
            lost.append(link)
    assert lost == []


def test_todos_of_all_packages_have_words_in_both_languages() -> None:
    every = [*grants.WORDS.values(), certification_todos.WORDS]
    for chinese, english in (*every, telling.MEND):
        assert any("\u4e00" <= letter <= "\u9fff" for letter in chinese)
        assert english.isascii()
