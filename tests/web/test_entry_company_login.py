"""A company logs in on the phone page, and finds back in (F-04, F-05)."""

from http.cookies import SimpleCookie

import pytest

from server.providers.registry.demo_companies import DEMO_COMPANIES
from tests.factories.entry import (
    LIUZHOU,
    SECRET,
    Entrance,
    another,
    company_sessions,
    registered_company,
    said,
    told,
)
from tests.factories.product import Product

UNKNOWN = DEMO_COMPANIES[3].code  # in the registry, and without a login here
NEW = "renewed-2026"


@pytest.mark.row("F-04")
@pytest.mark.parametrize(
    "code", [LIUZHOU.code, LIUZHOU.code.lower(), f" {LIUZHOU.code[:9]} {LIUZHOU.code[9:]} "]
)
def test_code_and_password_open_a_session_of_the_company(product: Product, code: str) -> None:
    registered_company(product)
    entrance = Entrance.of(product)

    answer = entrance.log_in_company(code)

    assert answer.get_json() == {"next": "/m/"}
    assert SimpleCookie(answer.headers["Set-Cookie"])["gy_phone"]["httponly"] is True
    assert len({one.acting_enterprise_id for one in company_sessions(product)}) == 1
    assert len(company_sessions(product)) == 2


@pytest.mark.row("F-04")
@pytest.mark.parametrize("code", [LIUZHOU.code[:17], f"{LIUZHOU.code}1", "1" * 18, "12345"])
def test_a_code_of_another_length_or_check_digit_is_no_account(product: Product, code: str) -> None:
    answer = Entrance.of(product).log_in_company(code)

    assert told(answer) == (422, "bad_company_code")
    assert answer.get_json()["detail"] == "请输入正确的 18 位统一社会信用代码。"


@pytest.mark.row("F-04", "P-41")
def test_without_the_tick_the_right_password_opens_nothing(product: Product) -> None:
    registered_company(product)

    answer = Entrance.of(product).log_in_company(agreed=False)

    assert told(answer) == (422, "agreements_not_ticked")
    assert "Set-Cookie" not in answer.headers


@pytest.mark.row("F-04", "S-24", "S-50")
def test_a_company_without_a_login_is_answered_as_a_wrong_password_is(product: Product) -> None:
    registered_company(product)
    entrance = Entrance.of(product)

    for _ in range(6):
        known = entrance.log_in_company(password="wrong-1234")
        unknown = entrance.log_in_company(UNKNOWN)
        assert said(known) == said(unknown)
        assert "Set-Cookie" not in known.headers

    assert told(known) == (429, "company_password_locked")
    assert told(entrance.log_in_company()) == (429, "company_password_locked")


@pytest.mark.row("F-05")
def test_the_code_of_the_companys_phone_sets_a_new_password_and_ends_its_sessions(
    product: Product,
) -> None:
    before = registered_company(product)
    product.clock.advance(minutes=2)
    entrance = Entrance.of(product)
    assert entrance.ask_reset_code().get_json() == {"retry_after": 60}

    answer = entrance.reset_company(entrance.code(), NEW)

    assert answer.get_json() == {"next": "/m/login/company"}
    assert before.get("/m/me").status_code == 401
    assert told(entrance.log_in_company(password=SECRET)) == (422, "wrong_company_password")
    assert entrance.log_in_company(password=NEW).status_code == 200
    again = entrance.reset_company(entrance.code(), NEW)
    assert told(again) == (410, "sms_code_expired")


@pytest.mark.row("F-05", "S-23", "S-24")
def test_who_forgot_is_never_told_whether_the_company_has_a_login(product: Product) -> None:
    registered_company(product)
    product.clock.advance(minutes=2)
    entrance, sent = Entrance.of(product), len(product.sms.messages())

    assert said(entrance.ask_reset_code()) == said(entrance.ask_reset_code(UNKNOWN))
    assert len(product.sms.messages()) == sent + 1
    assert said(entrance.ask_reset_code()) == said(entrance.ask_reset_code(UNKNOWN))
    wrong = another(entrance.code())
    for _ in range(6):
        known = entrance.reset_company(wrong, NEW)
        assert said(known) == said(entrance.reset_company(wrong, NEW, UNKNOWN))
    assert told(entrance.reset_company(entrance.code(), NEW)) == (429, "locked")
    assert entrance.log_in_company().status_code == 200


@pytest.mark.row("F-05")
@pytest.mark.parametrize("password", ["short1", "12345678", f"a{LIUZHOU.code}", "abcdefgh"])
def test_a_weak_new_password_is_refused_and_costs_no_try(product: Product, password: str) -> None:
    registered_company(product)
    product.clock.advance(minutes=2)
    entrance = Entrance.of(product)
    entrance.ask_reset_code()
    for _ in range(6):
        answer = entrance.reset_company(entrance.code(), password)
        assert told(answer) == (422, "weak_password")

    assert entrance.reset_company(entrance.code(), NEW).status_code == 200


@pytest.mark.row("F-01", "F-04", "F-05", "P-43", "S-28")
def test_the_pages_lead_to_each_other_and_nowhere_else(product: Product) -> None:
    browser = product.browser()
    assert "/m/login/company" in browser.get("/m/login").get_data(as_text=True)

    page = browser.get("/m/login/company", query_string={"next": "//evil.test/m/"})

    shown = page.get_data(as_text=True)
    for part in (
        "/m/register/company",
        "/m/forgot/company",
        "请输入统一社会信用代码",
        "请输入密码",
    ):
        assert part in shown
    assert "/m/register/company?next=/m/" in shown
    form = browser.get("/m/register/company").get_data(as_text=True)
    words = (
        "法人类型",
        "公司或单位名称",
        "统一社会信用代码",
        "法人代表姓名",
        "法人代表证件号",
        "手机号",
    )
    assert sorted(words, key=form.index) == list(words)
    assert "/m/help/codes" in browser.get("/m/forgot/company").get_data(as_text=True)
    assert "60 秒" in browser.get("/m/help/codes").get_data(as_text=True)
    for path in ("/m/login/company", "/m/register/company"):
        assert product.phone().get(path).headers["Location"] == "/m/"
