"""Manual B, step 1.1: a company registers: 登录, 法人用户, 立即注册, the form, done."""

import re

import pytest

from tests.factories.entry import LIUZHOU, Entrance, company_sessions
from tests.factories.product import Product

PAGE = {"Accept": "text/html"}


def link(entrance: Entrance, page: str, words: str) -> str:
    """Where the page's link of these words leads."""
    shown = entrance.get(page).get_data(as_text=True)
    found = re.search(rf'href="([^"]+)"[^>]*>{words}<', shown)
    assert found, f"{page} has no link {words}"
    return found[1]


@pytest.mark.row("F-01", "F-10")
def test_a_company_registers_from_the_login_page_and_enters_by_its_representatives_face(
    product: Product,
) -> None:
    entrance = Entrance.of(product)
    companies = link(entrance, "/m/login", "法人用户")
    form = link(entrance, companies, "没有账号？立即注册")
    assert entrance.get(form).status_code == 200

    assert entrance.ask_company_code().get_json() == {"retry_after": 60}
    assert entrance.register_company().get_json() == {"next": "/m/"}

    [session] = company_sessions(product)
    assert session.acting_enterprise_id
    home = entrance.get("/m/", headers=PAGE)
    assert home.status_code == 303
    assert home.headers["Location"].startswith("/m/gate?")
    passed = entrance.show_face(entrance.post("/m/gate", {"consent": True}))
    assert passed.get_json()["next"] == "/m/"
    assert LIUZHOU.name in entrance.get("/m/", headers=PAGE).get_data(as_text=True)


@pytest.mark.row("F-01", "F-04")
def test_the_registered_company_comes_back_by_code_and_password(product: Product) -> None:
    first = Entrance.of(product)
    first.ask_company_code()
    first.register_company()
    assert first.post("/m/logout").status_code == 200
    assert first.get("/m/", headers=PAGE).headers["Location"].startswith("/m/login?")

    assert first.log_in_company().get_json() == {"next": "/m/"}

    assert first.get("/m/", headers=PAGE).headers["Location"].startswith("/m/gate?")
