"""电脑端登录 by password: a person's, a company's; what such a session may not do (F-04, F-06)."""

from typing import Any

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from server.accounts import consents, passwords
from server.accounts.models import AccountSession, DeviceKind, Means
from server.enterprises.models import EnterpriseLogin
from tests.factories.devices import Browser
from tests.factories.logins import cookie, told
from tests.factories.product import HUANG, WEI, Product
from tests.factories.visits import visit

PERSON = {"name": WEI.phone, "password": WEI.password, "agreed": True}
COMPANY, COMPANY_PASSWORD = "91450100MA5K8Q2X13", "company-2026"


@pytest.fixture
def computer(product: Product) -> Browser:
    return product.browser()


def log_in(browser: Browser, name: str = WEI.phone, **other: Any) -> TestResponse:
    return browser.post("/login/password", {**PERSON, "name": name, **other})


def log_in_company(browser: Browser, company: str = COMPANY, **other: Any) -> TestResponse:
    body = {"company": company, "password": COMPANY_PASSWORD, "agreed": True, **other}
    return browser.post("/login/company", body)


def with_company_login(product: Product) -> None:
    """A login of WEI's company, whose password is known."""
    visit(product, by_company=True)
    digest = passwords.digest(COMPANY_PASSWORD)
    with product.parts.db.begin() as uow:
        uow.session.scalars(select(EnterpriseLogin)).one().password_digest = digest


def newest(product: Product) -> AccountSession:
    with product.parts.db.read() as uow:
        rows = uow.session.scalars(select(AccountSession).order_by(AccountSession.id.desc()))
        return rows.first()  # type: ignore[return-value]


def said(answer: TestResponse) -> dict[str, Any]:
    return {key: value for key, value in answer.get_json().items() if key != "request_id"}


@pytest.mark.row("F-06", "F-13", "S-10")
@pytest.mark.parametrize("name", [WEI.phone, WEI.id_number])
def test_phone_or_document_and_password_open_a_computers_session(
    product: Product, computer: Browser, name: str
) -> None:
    answer = log_in(computer, name)

    assert answer.get_json() == {"next": "/account"}
    sent = cookie(answer, "gy_desktop")
    assert len(sent.value) >= 43
    assert (sent["httponly"], sent["samesite"], sent["path"]) == (True, "Lax", "/")
    row = newest(product)
    assert (row.kind, row.means) == (DeviceKind.COMPUTER, Means.PASSWORD)


@pytest.mark.row("F-13", "S-05")
def test_a_computers_login_by_password_is_no_phone(product: Product, computer: Browser) -> None:
    token = cookie(log_in(computer), "gy_desktop").value
    page = product.login_page()
    computer.client.set_cookie("gy_phone", token)

    target = computer.get("/q/" + page.frame().rsplit("/", 1)[1]).headers["Location"]

    assert target.startswith("/m/login?next=")
    assert told(computer.post("/m/scan", {"text": page.frame()})) == (401, "login_needed")
    assert page.qr()["state"] == "pending"


@pytest.mark.row("S-24")
def test_a_name_that_nobody_has_is_answered_as_a_wrong_password_is(computer: Browser) -> None:
    known = log_in(computer, password="wrong-1234")
    unknown = log_in(computer, "13907718765")

    assert (known.status_code, said(known)) == (unknown.status_code, said(unknown))
    assert told(known) == (422, "wrong_password")
    assert "Set-Cookie" not in known.headers


@pytest.mark.row("S-24", "S-50")
def test_tries_on_the_phone_and_on_a_computer_are_counted_together(
    product: Product, computer: Browser
) -> None:
    wrong = {"name": WEI.phone, "password": "wrong-1234", "agreed": True}
    for _ in range(3):
        product.browser().post("/m/login/password", wrong)
    for _ in range(2):
        log_in(computer, password="wrong-1234")

    assert told(log_in(computer)) == (429, "password_locked")


@pytest.mark.row("F-04", "P-41")
def test_nobody_comes_in_without_the_tick(product: Product, computer: Browser) -> None:
    with_company_login(product)

    for answer in (log_in(computer, agreed=False), log_in_company(computer, agreed=False)):
        assert told(answer) == (422, "agreements_not_ticked")
        assert "Set-Cookie" not in answer.headers


@pytest.mark.row("S-10")
def test_a_browser_holds_one_login_and_the_earlier_ends(
    product: Product, computer: Browser
) -> None:
    log_in(computer)
    first = newest(product).id

    log_in(computer, HUANG.phone, password=HUANG.password)

    with product.parts.db.read() as uow:
        assert uow.session.get_one(AccountSession, first).ended_at is not None
    assert newest(product).ended_at is None


@pytest.mark.row("F-04", "F-10")
def test_a_companys_login_on_a_computer_opens_nothing_before_the_face(
    product: Product, computer: Browser
) -> None:
    with_company_login(product)

    assert log_in_company(computer, " 91450100 ma5k8q2x13").get_json() == {"next": "/account"}

    assert told(computer.get("/account")) == (403, "face_required")
    with product.parts.db.begin() as uow:
        login = uow.session.get_one(AccountSession, newest(product).id)
        login.face_at = uow.now
        consents.give_ticked(uow, login.account_id, login.ticked or {})
    assert "南宁桂印科技有限公司" in computer.get("/account").get_data(as_text=True)


@pytest.mark.row("F-04", "S-24")
def test_a_company_without_a_login_is_answered_as_a_wrong_password_is(
    product: Product, computer: Browser
) -> None:
    with_company_login(product)
    known = log_in_company(computer, password="wrong-1234")
    unknown = log_in_company(computer, "91450100MA5N3T7B6U")

    assert told(known) == (422, "wrong_company_password")
    assert said(known) == said(unknown)


@pytest.mark.row("F-04", "F-13", "S-28")
def test_the_three_ways_lead_to_each_other_and_nowhere_else(computer: Browser) -> None:
    for path in ("/login", "/login/password", "/login/company"):
        shown = computer.get(path, query_string={"next": "//evil.test"}).get_data(as_text=True)
        for other in ("/login", "/login/password", "/login/company"):
            assert f'href="{other}?next=/account"' in shown
    answer = computer.post("/login/password?next=//evil.test", PERSON)
    assert answer.get_json() == {"next": "/account"}
    again = computer.get("/login/company?next=/account")
    assert (again.status_code, again.headers["Location"]) == (303, "/account")
