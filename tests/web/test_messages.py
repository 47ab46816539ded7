"""Home before the first seal, role switch, 待办 and 消息中心 on the phone (P-36)."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from server.accounts.models import Account
from server.accounts.news import News
from server.enterprises.models import Enterprise
from server.grants.models import Grant
from server.seals.models import EXPIRING, Seal
from tests.factories.devices import Browser, PhoneInHand
from tests.factories.messages import MESSAGES, company_of, tell
from tests.factories.product import HUANG, LI, NEWCOMER, WEI, Product
from tests.factories.visits import visit

FIRST = "广西桂印新设企业有限公司"


def text_of(phone: Browser, path: str = MESSAGES) -> str:
    answer = phone.get(path)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def listed(phone: Browser, path: str = MESSAGES) -> list[str]:
    """The ids of the notices on a page, in their order."""
    return re.findall(r'data-notice="([^"]+)"', text_of(phone, path))


def bell(phone: Browser) -> str:
    found = re.search(r'class="bell on-band"[^>]*aria-label="([^"]*)"', text_of(phone, "/m/"))
    assert found
    return found[1]


def company_without_seals(product: Product) -> str:
    """A company that the registry knows as WEI's, before its first seal; its id."""
    with product.parts.db.begin() as uow:
        wei = uow.session.scalars(select(Account).where(Account.name == WEI.name)).one()
        row = Enterprise(id="ent-new", code="91450100MA5T7Y1A2W", name=FIRST, place="450100")
        row.representative_name, row.representative_id = WEI.name, wei.id
        row.created_at = uow.now
        uow.session.add(row)
    return "ent-new"


def seals_end_soon(product: Product) -> None:
    with product.parts.db.read() as uow:
        ends = min(uow.session.scalars(select(Seal.valid_until)))
    product.clock.advance(seconds=(ends - EXPIRING - product.clock.now()).total_seconds() + 60)


@pytest.mark.row("F-12", "F-20", "P-36")
def test_a_company_without_seals_is_a_role_and_applying_is_its_next_step(
    product: Product,
) -> None:
    company = company_without_seals(product)
    phone = product.phone(WEI)
    assert FIRST in text_of(phone, "/m/")
    assert FIRST in text_of(phone)

    assert phone.post("/m/role", {"kind": "enterprise", "id": company}).status_code == 200

    shown = text_of(phone, "/m/")
    assert "该企业还没有电子印章" in shown
    assert shown.count("申领印章") > 1
    assert bell(phone) == "消息，1 项待办"


@pytest.mark.row("F-12", "S-18")
def test_a_company_without_seals_is_nobody_elses_role(product: Product) -> None:
    company = company_without_seals(product)
    phone = product.phone(LI)

    answer = phone.post("/m/role", {"kind": "enterprise", "id": company})

    assert (answer.status_code, answer.get_json()["code"]) == (403, "no_right")
    assert FIRST not in text_of(phone)


@pytest.mark.row("P-36", "P-37")
def test_who_is_not_proven_is_told_what_to_do(product: Product) -> None:
    phone = PhoneInHand(product.app.test_client(), NEWCOMER, product.sms)
    phone.ask_code()
    body = {"phone": NEWCOMER.phone, "code": phone.code(), "agreed": True}
    phone.post("/m/register", body)

    assert "还没有实名" in text_of(phone)
    assert "/m/me/real-name" in text_of(phone)
    assert "没有待办事项" in text_of(product.phone(HUANG))


@pytest.mark.row("P-36", "P-42")
def test_seals_that_end_soon_are_told_to_the_representative_alone(product: Product) -> None:
    with product.parts.db.begin() as uow:
        uow.session.scalars(select(Grant)).one().ends_at = None
    seals_end_soon(product)

    shown = text_of(product.phone(WEI))

    assert shown.count("到期</span>") == 2
    assert "邕江" not in shown
    operator = text_of(product.phone(LI))
    assert ("到期</span>" in operator, "的经办人" in operator) == (False, True)


@pytest.mark.row("P-36", "S-29")
def test_a_grant_is_listed_while_it_stands(product: Product) -> None:
    phone = product.phone(LI)
    assert "您是 南宁桂印科技有限公司 的经办人" in text_of(phone)

    with product.parts.db.begin() as uow:
        uow.session.scalars(select(Grant)).one().ends_at = uow.now

    assert "的经办人" not in text_of(phone)


@pytest.mark.row("P-36")
def test_news_is_marked_unread_until_it_is_opened_and_leads_to_its_page(
    product: Product,
) -> None:
    phone, notice = product.phone(), tell(product)
    shown = text_of(phone)
    assert ("notice-unread" in shown, "手机号已更换" in shown) == (True, True)
    assert bell(phone) == "消息，1 条未读"

    for _ in range(2):
        answer = phone.post(f"{MESSAGES}/{notice}/read")
        assert (answer.status_code, answer.get_json()) == (200, {"next": "/m/me/password"})

    assert "notice-unread" not in text_of(phone)
    assert bell(phone) == "消息"


@pytest.mark.row("P-36")
def test_all_that_the_filter_shows_is_read_at_once(product: Product) -> None:
    phone, company = product.phone(), company_of(product).id
    tell(product)
    tell(product, company=company)

    answer = phone.post(f"{MESSAGES}/read-all", {"of": company})
    assert answer.get_json() == {"next": f"{MESSAGES}?of={company}"}
    assert bell(phone) == "消息，1 条未读"

    assert phone.post(f"{MESSAGES}/read-all").get_json() == {"next": MESSAGES}
    assert "全部已读" not in text_of(phone)


@pytest.mark.row("P-36", "F-12")
def test_news_is_filtered_by_the_role_that_it_concerns(product: Product) -> None:
    phone, company = product.phone(), company_of(product)
    own, of_company = tell(product), tell(product, company=company.id)

    assert listed(phone) == sorted([own, of_company], reverse=True)
    assert listed(phone, f"{MESSAGES}?of=own") == [own]
    assert listed(phone, f"{MESSAGES}?of={company.id}") == [of_company]
    assert f'href="{MESSAGES}?of={company.id}"' in text_of(phone)
    assert company.name in text_of(phone, f"{MESSAGES}?of={company.id}")


@pytest.mark.row("P-36")
def test_a_long_list_comes_in_pages(product: Product) -> None:
    phone = product.phone()
    told = [tell(product) for _ in range(25)]

    first = text_of(phone)
    older = re.search(r'href="([^"]*cursor=[^"]*)"', first)
    assert older
    seen = [*listed(phone), *listed(phone, older[1])]

    assert seen == sorted(told, reverse=True)
    assert phone.get(f"{MESSAGES}?cursor=nonsense").status_code == 422


@pytest.mark.row("P-36")
def test_news_is_said_in_the_readers_language(product: Product) -> None:
    phone = product.phone()
    tell(product)

    english = text_of(phone, f"{MESSAGES}?lang=en")

    assert "Phone number changed" in english
    assert "手机号已更换" not in english


@pytest.mark.row("P-36", "S-11")
def test_words_of_others_are_shown_as_words(product: Product) -> None:
    forged = "<b>甲</b>"
    with product.parts.db.begin() as uow:
        uow.session.get_one(Enterprise, company_of(product).id).name = forged
    tell(product, company=company_of(product).id)

    shown = text_of(product.phone())

    assert (forged in shown, "&lt;b&gt;甲&lt;/b&gt;" in shown) == (False, True)


@pytest.mark.row("P-36", "P-38")
def test_a_login_that_is_refused_as_not_ones_own_is_a_warning(product: Product) -> None:
    page, phone = product.login_page(), product.phone(HUANG)
    session_id = phone.scan_login(page)["session_id"]
    answer = phone.post(f"/m/qr/{session_id}/login/decline", {"not_started_by_me": True})
    assert answer.status_code == 200

    shown = text_of(phone)

    assert ("不是我发起的" in shown, "warned" in shown) == (True, True)


@pytest.mark.row("P-36", "F-04")
def test_a_companys_login_sees_its_company_alone(product: Product) -> None:
    company_without_seals(product)
    visited = visit(product, WEI, by_company=True)
    visited.pass_gate()
    company = visited.session.acting_enterprise_id
    phone = Browser(visited.client)
    own = tell(product, news=News.LOGIN_NOT_MINE)
    other = tell(product, company="ent-other")
    mine = tell(product, company=company)

    for of in ("", "?of=own", "?of=ent-other"):
        assert listed(phone, MESSAGES + of) == [mine]
    for hidden in (own, other):
        assert phone.post(f"{MESSAGES}/{hidden}/read").status_code == 404
    assert phone.post(f"{MESSAGES}/read-all", {"of": "own"}).status_code == 200

    person = product.phone(WEI)
    assert "条未读" in bell(person)
    assert (FIRST in text_of(phone)) == (company == "ent-new")


@pytest.mark.row("P-36", "P-38")
def test_a_login_on_a_new_device_is_told_and_on_a_known_one_is_not(product: Product) -> None:
    phone = product.phone()
    again = product.phone()
    assert listed(again) == []

    product.clock.advance(seconds=timedelta(minutes=5).total_seconds())
    product.computer()

    shown = text_of(phone)
    assert "新设备登录" in shown
    assert "（电脑，本机或内网）" in shown


@pytest.mark.row("P-36")
def test_the_bottom_bar_counts_what_waits_on_pages_without_a_bell(product: Product) -> None:
    company_without_seals(product)
    tell(product)
    phone = product.phone()

    shown = text_of(phone, "/m/me")

    assert re.search(r'class="tab-count">.*?</span>2</b>', shown)
    phone.post(f"{MESSAGES}/read-all")
    assert re.search(r'class="tab-count">.*?</span>1</b>', text_of(phone, "/m/me"))
    assert "tab-count" not in text_of(phone, "/m/")
