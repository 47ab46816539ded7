"""A computer's own session: what it shows, what it ends, and that it is no phone."""

import pytest
from sqlalchemy import select

from server.accounts.models import AccountSession, DeviceKind
from server.web.permissions import BY_PHONE, NEEDS
from tests.factories.devices import OWN_ORIGIN, Browser
from tests.factories.product import HUANG, WEI, Product
from tests.factories.truth import events_of
from tests.factories.visits import visit


def token_of(browser: Browser, name: str) -> str:
    found = browser.client.get_cookie(name)
    assert found
    return str(found.value)


def logins(product: Product) -> list[AccountSession]:
    with product.parts.db.read() as uow:
        return list(uow.session.scalars(select(AccountSession).order_by(AccountSession.id)))


@pytest.mark.row("F-13", "S-10")
@pytest.mark.parametrize("cookies", [("gy_desktop",), ("gy_phone",), ("gy_phone", "gy_desktop")])
def test_a_computers_session_is_no_phone(product: Product, cookies: tuple[str, ...]) -> None:
    token = token_of(product.computer(), "gy_desktop")
    browser = product.browser()
    for name in cookies:
        browser.client.set_cookie(name, token)
    asked = 0
    for rule in product.app.url_map.iter_rules():
        if NEEDS[rule.endpoint] not in BY_PHONE:
            continue
        known = dict.fromkeys(rule.arguments, 1) | {"kind": "sso", "house": "sso"}
        built = rule.build({name: known[name] for name in rule.arguments}, append_unknown=False)
        assert built
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
            headers = {"Accept": "application/json", **OWN_ORIGIN}
            answer = browser.client.open(built[1], method=method, json={}, headers=headers)
            assert (answer.status_code, answer.get_json()["code"]) == (401, "login_needed"), rule
            asked += 1
    assert asked > 10


@pytest.mark.row("F-13", "S-05")
def test_a_login_by_qr_code_lets_no_further_computer_in_and_signs_nothing(product: Product) -> None:
    first = product.computer()
    first.client.set_cookie("gy_phone", token_of(first, "gy_desktop"))
    second, signing = product.login_page(), product.signing()

    for link in (second.frame(), signing.page.frame()):
        target = first.get("/q/" + link.rsplit("/", 1)[1])
        assert target.headers["Location"].startswith("/m/login?next=")
        path = target.headers["Location"].split("next=")[1].replace("%2F", "/")
        assert first.post(f"{path}/scan").status_code == 401

    assert second.qr()["state"] == "pending"
    assert signing.page.read()["qr"]["state"] == "pending"


@pytest.mark.row("S-18")
def test_a_phones_session_is_no_computer(product: Product) -> None:
    browser = product.browser()
    browser.client.set_cookie("gy_desktop", token_of(product.phone(), "gy_phone"))

    assert browser.get("/account").status_code == 401
    assert browser.get("/login").status_code == 200


@pytest.mark.row("F-12", "F-13", "S-49")
def test_the_account_page_shows_the_role_and_every_device(product: Product) -> None:
    computer = product.computer()
    product.phone(HUANG)

    shown = computer.get("/account").get_data(as_text=True)

    assert WEI.role.split()[0] in shown
    assert shown.count("扫码登录 ·") == 1
    assert shown.count("短信验证码登录 ·") == 1
    assert shown.count('class="here"') == 1
    english = computer.get("/account", query_string={"lang": "en"}).get_data(as_text=True)
    assert "Logged in by QR code" in english


@pytest.mark.row("S-49")
def test_a_device_is_logged_out_from_the_computer(product: Product) -> None:
    computer = product.computer()
    phone = product.phone()
    mine = logins(product)[-1]

    assert computer.post(f"/account/logins/{mine.id}/end").get_json() == {"next": "/account"}

    assert phone.get("/m/me").status_code == 401
    assert computer.get("/account").status_code == 200
    assert "account.session_ended" in events_of(product, mine.account_id)
    again = computer.post(f"/account/logins/{mine}/end")
    assert (again.status_code, again.get_json()["code"]) == (404, "login_not_found")


@pytest.mark.row("S-18")
def test_nobody_ends_somebody_elses_login(product: Product) -> None:
    computer = product.computer()
    other = product.phone(HUANG)

    answer = computer.post(f"/account/logins/{logins(product)[-1].id}/end")

    assert (answer.status_code, answer.get_json()["code"]) == (404, "login_not_found")
    assert other.get("/m/me").status_code == 200


@pytest.mark.row("S-49")
def test_logging_out_of_a_computer_ends_its_session(product: Product) -> None:
    computer = product.computer(WEI)
    token = token_of(computer, "gy_desktop")

    assert computer.post("/account/logout").get_json() == {"next": "/login"}

    computer.client.set_cookie("gy_desktop", token)
    assert computer.get("/account").status_code == 401


@pytest.mark.row("S-50")
def test_a_computers_session_ends_after_eight_hours(product: Product) -> None:
    computer = product.computer()
    product.clock.advance(hours=8, seconds=-1)
    assert computer.get("/account").status_code == 200

    product.clock.advance(seconds=1)

    assert computer.get("/account").status_code == 401


@pytest.mark.row("F-13")
def test_whoever_is_not_logged_in_is_shown_the_way(product: Product) -> None:
    answer = product.browser().get("/account", headers={"Accept": "text/html"})

    assert answer.status_code == 401
    assert 'href="/login?next=/account"' in answer.get_data(as_text=True)


@pytest.mark.row("P-38")
def test_the_account_page_tells_what_happened_lately(product: Product) -> None:
    shown = product.computer(WEI).get("/account").get_data(as_text=True)

    log = shown.split('id="log-title"')[1]
    assert log.index("扫码登录") < log.index("短信验证码登录")


@pytest.mark.row("P-38", "F-04")
def test_a_companys_login_is_told_nothing_of_its_persons_log(product: Product) -> None:
    visited = visit(product, by_company=True)
    visited.pass_gate()
    with product.parts.db.begin() as uow:
        row = uow.session.get_one(AccountSession, visited.session.id)
        row.kind = DeviceKind.COMPUTER
    token = visited.client.get_cookie("gy_phone")
    assert token
    visited.client.set_cookie("gy_desktop", token.value)

    answer = Browser(visited.client).get("/account")

    assert (answer.status_code, "log-title" in answer.get_data(as_text=True)) == (200, False)
