"""Home before the first seal, role switch, 待办 and 消息中心: only what the tables say (P-36)."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from server.accounts.models import Account
from server.core import audit
from server.enterprises.models import Enterprise
from server.grants.models import Grant
from server.seals.models import EXPIRING, Seal
from tests.factories.devices import Browser, PhoneInHand
from tests.factories.product import HUANG, LI, NEWCOMER, WEI, Product
from tests.factories.visits import visit

FIRST = "广西桂印新设企业有限公司"


def text_of(phone: Browser, path: str) -> str:
    answer = phone.get(path)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


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
    assert FIRST in text_of(phone, "/m/messages")

    assert phone.post("/m/role", {"kind": "enterprise", "id": company}).status_code == 200

    shown = text_of(phone, "/m/")
    assert "该企业还没有电子印章" in shown
    assert shown.count("申领印章") > 1
    assert 'aria-label="消息，1 项待办"' in shown


@pytest.mark.row("F-12", "S-18")
def test_a_company_without_seals_is_nobody_elses_role(product: Product) -> None:
    company = company_without_seals(product)
    phone = product.phone(LI)

    answer = phone.post("/m/role", {"kind": "enterprise", "id": company})

    assert (answer.status_code, answer.get_json()["code"]) == (403, "no_right")
    assert FIRST not in text_of(phone, "/m/messages")


@pytest.mark.row("P-36", "P-37")
def test_who_is_not_proven_is_told_what_to_do(product: Product) -> None:
    phone = PhoneInHand(product.app.test_client(), NEWCOMER, product.sms)
    phone.ask_code()
    body = {"phone": NEWCOMER.phone, "code": phone.code(), "agreed": True}
    phone.post("/m/register", body)

    assert "还没有实名" in text_of(phone, "/m/messages")
    assert "/m/me/real-name" in text_of(phone, "/m/messages")
    assert "没有待办事项" in text_of(product.phone(HUANG), "/m/messages")


@pytest.mark.row("P-36", "P-42")
def test_seals_that_end_soon_are_told_to_the_representative_alone(product: Product) -> None:
    with product.parts.db.begin() as uow:
        uow.session.scalars(select(Grant)).one().ends_at = None
    seals_end_soon(product)

    shown = text_of(product.phone(WEI), "/m/messages")

    assert shown.count("到期</span>") == 2
    assert "邕江" not in shown
    operator = text_of(product.phone(LI), "/m/messages")
    assert ("到期</span>" in operator, "的经办人" in operator) == (False, True)


@pytest.mark.row("P-36", "S-29")
def test_a_grant_is_news_while_it_stands(product: Product) -> None:
    phone = product.phone(LI)
    assert "您是 南宁桂印科技有限公司 的经办人" in text_of(phone, "/m/messages")

    with product.parts.db.begin() as uow:
        uow.session.scalars(select(Grant)).one().ends_at = uow.now

    assert "没有通知" in text_of(phone, "/m/messages")


@pytest.mark.row("P-36", "P-38")
def test_a_refused_login_is_news_for_a_month(product: Product) -> None:
    phone = product.phone(HUANG)
    with product.parts.db.begin() as uow:
        huang = uow.session.scalars(select(Account).where(Account.name == HUANG.name)).one().id
        audit.record(uow, "login.not_started_by_me", actor=huang, subject=huang)
        audit.record(uow, "account.password_set", actor=huang, subject=huang)

    shown = text_of(phone, "/m/messages")
    assert ("不是我发起的" in shown, "设置登录密码" in shown) == (True, False)

    product.clock.advance(seconds=timedelta(days=31).total_seconds())
    assert "不是我发起的" not in text_of(product.phone(HUANG), "/m/messages")


@pytest.mark.row("P-36", "F-04")
def test_a_companys_login_sees_no_news_of_the_person_behind_it(product: Product) -> None:
    company_without_seals(product)
    visited = visit(product, WEI, by_company=True)
    visited.pass_gate()
    with product.parts.db.begin() as uow:
        wei = visited.session.account_id
        audit.record(uow, "login.not_started_by_me", actor=wei, subject=wei)

    shown = text_of(Browser(visited.client), "/m/messages")

    assert "不是我发起的" not in shown
    assert (FIRST in shown) == (visited.session.acting_enterprise_id == "ent-new")
