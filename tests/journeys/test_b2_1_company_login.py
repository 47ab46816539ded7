"""Manual B, step 2.1: a company logs in: account, password, agreements; 忘记密码."""

import pytest

from tests.factories.entry import Entrance, registered_company, told
from tests.factories.product import Product

PAGE = {"Accept": "text/html"}


@pytest.fixture
def entrance(product: Product) -> Entrance:
    """A browser of a company that is registered, with nobody logged in."""
    entrance = registered_company(product)
    entrance.post("/m/logout")
    product.clock.advance(minutes=2)
    return entrance


@pytest.mark.row("F-04")
def test_account_password_and_tick_log_a_company_in(entrance: Entrance) -> None:
    assert told(entrance.log_in_company(code="12345678987654321A")) == (422, "bad_company_code")
    assert told(entrance.log_in_company(password="wrong-1234")) == (422, "wrong_company_password")
    assert told(entrance.log_in_company(agreed=False)) == (422, "agreements_not_ticked")
    assert entrance.get("/m/", headers=PAGE).headers["Location"].startswith("/m/login?")

    assert entrance.log_in_company().get_json() == {"next": "/m/"}

    assert entrance.get("/m/", headers=PAGE).headers["Location"].startswith("/m/gate?")


@pytest.mark.row("F-04")
def test_the_page_never_shows_the_password(entrance: Entrance) -> None:
    page = entrance.get("/m/login/company").get_data(as_text=True)

    assert 'type="password"' in page
    assert "data-reveal" not in page
    assert "data-reveal" in entrance.get("/m/forgot/company").get_data(as_text=True)


@pytest.mark.row("F-05")
def test_a_forgotten_password_is_set_anew_by_the_code_of_the_phone(entrance: Entrance) -> None:
    assert "/m/forgot/company" in entrance.get("/m/login/company").get_data(as_text=True)
    assert entrance.ask_reset_code().status_code == 200
    answer = entrance.reset_company(entrance.code(), "renewed-2026")
    assert answer.get_json() == {"next": "/m/login/company"}

    assert entrance.log_in_company(password="renewed-2026").status_code == 200
