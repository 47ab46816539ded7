"""Binding another house to one's account, and taking it away again (F-08, P-38)."""

from collections.abc import Iterator

import pytest
from sqlalchemy import select

from server.accounts.models import AccountSession
from tests.factories.houses import back_from
from tests.factories.one_tap import (
    HOUSES,
    OneTapLand,
    bind,
    bound,
    code_of,
    come_back,
    connected,
    is_logged_in,
    log_in,
)
from tests.factories.product import HUANG, WEI, Product


@pytest.fixture
def land(product: Product, clock) -> Iterator[OneTapLand]:
    with connected(product, clock) as made:
        yield made


def test_an_identity_of_somebody_else_is_not_bound(land: OneTapLand) -> None:
    for house in HOUSES:
        bind(land.product.phone(WEI), house)
        answer = bind(land.product.phone(HUANG), house)
        assert (answer.status_code, code_of(answer)) == (409, "identity_taken")
        answer = bind(land.product.phone(WEI), house, "huang")
        assert code_of(answer) == "another_identity_bound"
    assert bound(land) == len(HOUSES)


@pytest.mark.row("S-10")
def test_a_binding_ends_in_the_login_that_began_it(land: OneTapLand) -> None:
    for house in HOUSES:
        phone = land.product.phone(WEI)
        brought = back_from(phone.post(f"/m/me/bindings/{house}").get_json()["next"])
        phone.post("/m/logout")
        assert code_of(come_back(phone, house, brought)) == "login_needed"
        other = land.product.phone(HUANG)
        held = other.client.get_cookie("gy_phone")
        assert held
        phone.client.set_cookie("gy_phone", held.value)
        assert code_of(come_back(phone, house, brought)) == "login_needed"
        assert bound(land) == 0


@pytest.mark.row("P-38")
def test_a_person_unbinds_what_he_has_bound(land: OneTapLand) -> None:
    phone = land.product.phone(WEI)
    bind(phone, "alipay")
    assert phone.post("/m/me/bindings/alipay/end").get_json() == {"next": "/m/me"}
    assert is_logged_in(phone)
    assert code_of(log_in(land.browser(), "alipay")) == "identity_not_bound"
    assert phone.post("/m/me/bindings/alipay/end").status_code == 404
    assert phone.post("/m/me/bindings/paypal/end").status_code == 404


@pytest.mark.row("P-38")
def test_who_came_in_by_what_he_unbinds_stays_and_the_others_go(land: OneTapLand) -> None:
    bind(land.product.phone(WEI), "alipay")
    here, there = land.browser(), land.browser()
    for browser in (here, there):
        log_in(browser, "alipay")
    here.post("/m/me/bindings/alipay/end")
    assert (is_logged_in(here), is_logged_in(there)) == (True, False)


def test_a_companys_login_binds_and_unbinds_nothing(land: OneTapLand) -> None:
    phone = land.product.phone(WEI)
    with land.product.parts.db.begin() as uow:
        for row in uow.session.scalars(select(AccountSession)):
            row.enterprise_login_id = "elg-x"
    for path in ("/m/me/bindings/alipay", "/m/me/bindings/alipay/end"):
        assert code_of(phone.post(path)) == "not_for_company_login"


def test_a_verified_phone_binds_only_where_the_policy_says_so(land: OneTapLand) -> None:
    assert code_of(log_in(land.browser(), "sso")) == "identity_not_bound"
    browser = land.allow(sso_binds_by_phone=True).browser()
    assert log_in(browser, "sso").status_code == 303
    assert is_logged_in(browser)
    assert bound(land) == 1


def test_a_phone_binds_nobody_elses_account(land: OneTapLand) -> None:
    browser = land.allow(sso_binds_by_phone=True).browser()
    for spoiled in (
        {"phone_number_verified": False},
        {"name": "韦志强"},
        {"name": None},
        {"phone_number": "13907719998"},
    ):
        land.platform.world.spoiled = {"userinfo": spoiled}
        assert code_of(log_in(browser, "sso")) == "identity_not_bound"
    assert bound(land) == 0


def test_what_a_person_has_unbound_is_not_bound_again_by_its_phone(land: OneTapLand) -> None:
    allowed = land.allow(sso_binds_by_phone=True)
    phone = allowed.product.phone(WEI)
    bind(phone, "sso")
    phone.post("/m/me/bindings/sso/end")
    assert code_of(log_in(allowed.browser(), "sso")) == "identity_not_bound"


def test_an_account_with_another_identity_is_not_bound_by_its_phone(land: OneTapLand) -> None:
    allowed = land.allow(sso_binds_by_phone=True)
    bind(allowed.product.phone(WEI), "sso", "huang")
    assert code_of(log_in(allowed.browser(), "sso")) == "identity_not_bound"
