"""One tap at another house logs in who has bound it, in the browser that began it (F-08)."""

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from sqlalchemy import func, select

from server.accounts import sessions
from server.accounts.models import AccountSession, Means
from tests.factories.houses import back_from, query_of
from tests.factories.logins import id_of
from tests.factories.one_tap import (
    HOUSES,
    OneTapLand,
    bind,
    code_of,
    come_back,
    connected,
    is_logged_in,
    log_in,
    start,
)
from tests.factories.product import WEI, Product


@pytest.fixture
def land(product: Product, clock) -> Iterator[OneTapLand]:
    with connected(product, clock) as made:
        yield made


@pytest.mark.row("F-08")
@pytest.mark.parametrize("house", HOUSES)
def test_who_has_bound_a_house_comes_in_by_one_tap(land: OneTapLand, house: str) -> None:
    assert bind(land.product.phone(WEI), house).location == "/m/me"
    browser = land.browser()
    answer = log_in(browser, house, query="?next=/m/scan")
    assert (answer.status_code, answer.location) == (303, "/m/scan")
    assert is_logged_in(browser)
    with land.product.parts.db.read() as uow:
        (newest, *_) = sessions.open_sessions(uow, id_of(land.product, WEI))
        assert newest.means == Means(house)


@pytest.mark.row("F-08")
def test_who_has_bound_nothing_is_told_so_and_let_in_nowhere(land: OneTapLand) -> None:
    for house in HOUSES:
        browser = land.browser()
        answer = log_in(browser, house)
        assert (answer.status_code, code_of(answer)) == (403, "identity_not_bound")
        assert not is_logged_in(browser)
        with land.product.parts.db.read() as uow:
            assert not uow.session.scalar(select(func.count()).select_from(AccountSession))


@pytest.mark.row("F-04")
def test_the_tick_comes_before_the_way_there(land: OneTapLand) -> None:
    for house in HOUSES:
        answer = land.browser().post(f"/m/login/{house}", {"agreed": False})
        assert code_of(answer) == "agreements_not_ticked"


@pytest.mark.row("S-10")
def test_a_link_from_somebody_elses_browser_logs_nobody_in(land: OneTapLand) -> None:
    for house in HOUSES:
        bind(land.product.phone(WEI), house)
        attacker, victim = land.browser(), land.browser()
        brought = back_from(start(attacker, house))
        for begins_too in (False, True):
            if begins_too:
                start(victim, house)
            answer = come_back(victim, house, brought)
            assert (answer.status_code, code_of(answer)) == (410, "trip_refused")
            assert not is_logged_in(victim)


@pytest.mark.row("S-10")
def test_a_trip_planted_in_another_browser_is_none_of_its_own(land: OneTapLand) -> None:
    for house in HOUSES:
        bind(land.product.phone(WEI), house)
        attacker, victim = land.browser(), land.browser()
        brought = back_from(start(attacker, house))
        path, name = f"/m/login/{house}", f"gy_trip_{house}"
        planted = attacker.client.get_cookie(name, path=path)
        assert planted
        victim.client.set_cookie(name, planted.value, path=path)
        assert code_of(come_back(victim, house, brought)) == "trip_refused"
        assert not is_logged_in(victim)


def test_a_forged_state_and_a_changed_cookie_are_refused(land: OneTapLand) -> None:
    for house in HOUSES:
        browser = land.browser()
        brought = back_from(start(browser, house))
        for state in ("", "forged", "状态", brought["state"][:-1]):
            assert code_of(come_back(browser, house, {**brought, "state": state})) == "trip_refused"
        path, name = f"/m/login/{house}", f"gy_trip_{house}"
        kept = browser.client.get_cookie(name, path=path)
        assert kept
        browser.client.set_cookie(name, kept.value[:-2] + "xx", path=path)
        assert code_of(come_back(browser, house, brought)) == "trip_refused"


@pytest.mark.row("S-42")
def test_the_way_back_is_walked_once(land: OneTapLand) -> None:
    for house in HOUSES:
        bind(land.product.phone(WEI), house)
        browser = land.browser()
        brought = back_from(start(browser, house))
        path, name = f"/m/login/{house}", f"gy_trip_{house}"
        kept = browser.client.get_cookie(name, path=path)
        assert kept
        assert come_back(browser, house, brought).status_code == 303
        assert code_of(come_back(browser, house, brought)) == "trip_refused"
        browser.client.set_cookie(name, kept.value, path=path)
        assert code_of(come_back(browser, house, brought)) == f"{house}_refused"


def test_a_trip_ends_after_ten_minutes(land: OneTapLand) -> None:
    browser, house = land.browser(), "sso"
    address = start(browser, house)
    land.product.clock.advance(minutes=10, seconds=1)
    assert code_of(come_back(browser, house, back_from(address))) == "trip_refused"


def test_a_trip_to_one_house_does_not_end_at_another(land: OneTapLand) -> None:
    for house in HOUSES:
        browser = land.browser()
        other = next(one for one in HOUSES if one != house)
        brought = back_from(start(browser, house))
        kept = browser.client.get_cookie(f"gy_trip_{house}", path=f"/m/login/{house}")
        assert kept
        browser.client.set_cookie(f"gy_trip_{other}", kept.value, path=f"/m/login/{other}")
        assert code_of(come_back(browser, other, brought)) == "trip_refused"


def test_who_declines_is_told_how_to_go_on(land: OneTapLand) -> None:
    for house in HOUSES:
        browser = land.browser()
        brought = back_from(start(browser, house), "nobody")
        assert code_of(come_back(browser, house, brought)) == "trip_declined"
        page = browser.get(
            f"/m/login/{house}/callback", query_string=brought, headers={"Accept": "text/html"}
        )
        assert "/m/login" in page.text


@pytest.mark.row("S-28")
def test_the_way_on_is_one_of_our_own_pages(land: OneTapLand) -> None:
    bind(land.product.phone(WEI), "sso")
    for target in ("//evil.test", "https://evil.test/m/", "/\\evil.test", "/d/x"):
        assert log_in(land.browser(), "sso", query=f"?next={target}").location == "/m/"


def test_without_a_house_there_is_no_way_there(product: Product) -> None:
    for house in HOUSES:
        answer = product.browser().post(f"/m/login/{house}", {"agreed": True})
        assert (answer.status_code, code_of(answer)) == (503, f"{house}_not_configured")


def test_a_house_that_is_away_is_said(land: OneTapLand) -> None:
    browser = land.browser()
    brought = back_from(start(browser, "alipay"))
    land.alipay.world.spoiled = {"status": 502}
    answer = come_back(browser, "alipay", brought)
    assert (answer.status_code, code_of(answer)) == (503, "alipay_unavailable")


@pytest.mark.row("S-44")
def test_no_secret_of_a_trip_is_on_the_way_there_but_the_state(land: OneTapLand) -> None:
    browser = land.browser()
    asked = query_of(start(browser, "sso"))
    cookie = browser.client.get_cookie("gy_trip_sso", path="/m/login/sso")
    assert cookie
    assert cookie.http_only
    assert cookie.same_site == "Lax"
    assert urlsplit(asked["redirect_uri"]).path == "/m/login/sso/callback"
    assert set(asked) == {
        "response_type",
        "client_id",
        "redirect_uri",
        "scope",
        "state",
        "nonce",
        "code_challenge",
        "code_challenge_method",
    }
