"""The login page itself: its cookie, its limits, what it leaves behind and where it leads."""

import pytest
from sqlalchemy import select

from server.core.audit import AuditRow
from tests.factories.devices import LoginPage, PhoneInHand
from tests.factories.logins import cookie, held, told
from tests.factories.product import WEI, Product


@pytest.fixture
def page(product: Product) -> LoginPage:
    return product.login_page()


@pytest.fixture
def phone(product: Product) -> PhoneInHand:
    return product.phone(WEI)


@pytest.mark.row("S-02", "S-10")
def test_the_pages_token_is_a_cookie_of_the_login_page_alone(product: Product) -> None:
    answer = product.browser().post("/login/open")

    sent = cookie(answer, "gy_login")
    assert (sent["path"], sent["httponly"], sent["samesite"]) == ("/login", True, "Lax")
    assert int(sent["max-age"]) == 15 * 60
    assert sent.value[16:] not in answer.get_data(as_text=True)


@pytest.mark.row("S-02")
@pytest.mark.parametrize("value", ["", "x", "A" * 16, "A" * 59, "é" * 59, "'; --"])
def test_a_cookie_of_any_shape_is_refused_quietly(product: Product, value: str) -> None:
    browser = product.browser()
    browser.client.set_cookie("gy_login", value, path="/login")

    answer = browser.get("/login/state")

    assert told(answer) in {(403, "page_token_refused"), (404, "session_unknown")}
    assert LoginPage(browser.client).qr()["state"] == "pending"


@pytest.mark.row("S-03", "S-04")
def test_a_refreshed_code_is_new_and_only_so_often(page: LoginPage, phone: PhoneInHand) -> None:
    old = page.frame()

    assert page.post_to("refresh").get_json()["qr"]["refreshes_left"] == 3

    assert told(phone.open_link(old)) == (410, "frame_stale")
    for left in (2, 1, 0):
        assert page.post_to("refresh").get_json()["qr"]["refreshes_left"] == left
    assert told(page.post_to("refresh")) == (409, "no_refreshes_left")


@pytest.mark.row("S-50")
def test_codes_to_log_in_with_are_made_in_a_stated_number_a_minute(product: Product) -> None:
    few = product.restarted(login_pages_per_minute=3)
    browser = few.browser()
    for _ in range(3):
        assert browser.post("/login/open").status_code == 200

    answer = browser.post("/login/open")

    assert told(answer) == (429, "too_many_requests")
    assert int(answer.headers["Retry-After"]) <= 60
    assert browser.get("/login").status_code == 200


@pytest.mark.row("S-10", "S-51")
def test_visitors_write_nothing_into_the_database(product: Product) -> None:
    def rows() -> int:
        with product.parts.db.read() as uow:
            return len(uow.session.scalars(select(AuditRow.seq)).all())

    before = rows()
    page = product.login_page()
    page.post_to("not-me")
    page.post_to("not-me")

    assert rows() == before


@pytest.mark.row("S-28")
@pytest.mark.parametrize(
    ("asked", "goes_to"),
    [
        ("/account", "/account"),
        ("/account?lang=en", "/account?lang=en"),
        ("//evil.test", "/account"),
        ("/\\evil.test", "/account"),
        ("https://evil.test/", "/account"),
        ("/m//evil.test", "/account"),
        ("/\t/evil.test", "/account"),
        ("javascript:alert(1)", "/account"),
        ("account", "/account"),
        ("", "/account"),
    ],
)
def test_after_the_login_one_goes_to_our_own_pages_alone(
    product: Product, phone: PhoneInHand, asked: str, goes_to: str
) -> None:
    page = product.login_page()
    phone.let_in(page)

    answer = page.post_to("confirm", query_string={"next": asked})

    assert answer.get_json() == {"next": goes_to}
    again = page.get("/login", query_string={"next": asked})
    assert (again.status_code, again.headers["Location"]) == (303, goes_to)


@pytest.mark.row("S-44")
def test_no_token_of_a_login_stands_in_the_stores(product: Product, page: LoginPage) -> None:
    product.phone(WEI).let_in(page)
    secret = held(page)[16:]
    computer = cookie(page.post_to("confirm"), "gy_desktop").value
    product.parts.db.close()

    folder = product.parts.settings.data_dir
    stored = b"".join(path.read_bytes() for path in folder.glob("*.sqlite3*"))

    assert secret.encode() not in stored
    assert computer.encode() not in stored
