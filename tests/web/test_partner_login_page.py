"""Our page that shows a partner's login code: whose browser it is, and where it leads."""

import pytest
from sqlalchemy import select

from server.accounts.models import Account
from server.partner_logins.models import PartnerLogin as PartnerLoginRow
from server.partners.models import Partner
from server.worker import sweep_hourly
from tests.factories.devices import PhoneInHand
from tests.factories.logins import cookie, id_of, told
from tests.factories.mini_program import logged_in
from tests.factories.partner_logins import STATE, PartnerLogin, PartnerLoginPage
from tests.factories.product import HUANG, WEI, Product
from tests.factories.truth import events_of
from tests.fakes.threads import together

MOVES = ("confirm", "leave", "not-me", "refresh", "another-phone", "ticket")
LOOKS = ("state", "events", "frames")


@pytest.fixture
def login(product: Product) -> PartnerLogin:
    return PartnerLogin.asked(product.partner())


@pytest.fixture
def phone(product: Product) -> PhoneInHand:
    return product.phone(WEI)


@pytest.mark.row("S-11", "S-45")
def test_the_page_holds_the_partners_registered_words_and_nothing_of_the_login(
    product: Product, login: PartnerLogin
) -> None:
    with product.parts.db.begin() as uow:
        uow.session.scalars(select(Partner)).one().name = "<b>审批</b>"

    text = product.browser().get(f"/qr-login/{login.id}").get_data(as_text=True)

    assert "&lt;b&gt;审批&lt;/b&gt;" in text
    assert "<b>审批" not in text
    for secret in (STATE, "scan-login/back", login.made["open_url"].split("#")[1]):
        assert secret not in text


@pytest.mark.row("S-02", "S-10")
def test_the_page_is_the_browser_that_opened_it_and_no_other(
    product: Product, login: PartnerLogin, phone: PhoneInHand
) -> None:
    page = login.page()
    phone.let_in(page)
    thief, other = product.browser(), PartnerLogin.asked(login.partner).page()
    thief.client.set_cookie("gy_page", page.cookie, path=page.base)
    other.client.set_cookie("gy_page", other.cookie, path=page.base)

    for browser in (product.browser(), thief, phone):
        for action in MOVES:
            answer = browser.post(f"{page.base}/{action}")
            assert told(answer) == (403, "page_token_refused"), action
        for what in LOOKS:
            assert told(browser.get(f"{page.base}/{what}")) == (403, "page_token_refused"), what
        assert told(browser.post(f"{page.base}/open")) == (403, "page_token_refused")
    assert told(other.post(f"{page.base}/confirm")) == (409, "wrong_purpose")
    assert page.qr()["state"] == "confirmed"


@pytest.mark.row("S-10")
def test_a_page_that_somebody_planted_in_a_browser_opens_nothing_there(
    product: Product, login: PartnerLogin
) -> None:
    """The victim would scan and agree, and the attacker, who knows the cookie, take the code."""
    attacker = login.page()
    victim = product.browser()
    victim.get("/login")
    victim.client.set_cookie("gy_page", attacker.cookie, path=attacker.base)

    assert told(victim.post(f"{attacker.base}/open")) == (403, "page_token_refused")
    assert told(victim.get(f"{attacker.base}/frames")) == (403, "page_token_refused")


@pytest.mark.row("S-10")
def test_a_link_opens_one_browser_once(product: Product, login: PartnerLogin) -> None:
    page = login.page()
    sent = page.cookie

    assert login.page().state["code"] == "open_token_refused"
    assert page.qr()["state"] == "pending"
    assert page.open().status_code == 200
    assert page.open("").status_code == 200
    assert page.cookie == sent


@pytest.mark.row("S-10", "R-13")
def test_of_eight_browsers_with_one_link_one_becomes_the_page(
    product: Product, login: PartnerLogin
) -> None:
    pages = together([login.page] * 8)

    shown = [one for one in pages if "qr" in one.state]
    assert len(shown) == 1
    assert {one.state["code"] for one in pages if "qr" not in one.state} == {"open_token_refused"}
    assert shown[0].qr()["state"] == "pending"


@pytest.mark.row("S-04")
def test_a_link_is_good_for_two_minutes(product: Product, login: PartnerLogin) -> None:
    product.clock.advance(seconds=120)

    assert login.page().state["code"] == "open_token_expired"


@pytest.mark.row("S-10")
def test_a_fresh_link_takes_the_page_over_and_the_earlier_code_dies(product: Product) -> None:
    login = PartnerLogin(product.partner())
    login.made = login.create(key="k").get_json()
    first = login.page()
    login.made = login.create(key="k").get_json()

    second = login.page()

    assert first.qr()["hint"]["code"] == "cancelled_by_page"
    assert second.qr()["state"] == "pending"
    assert login.standing()[0] == "pending"


@pytest.mark.row("S-09")
def test_a_login_that_has_ended_is_opened_by_no_fresh_link(
    product: Product, phone: PhoneInHand
) -> None:
    login = PartnerLogin(product.partner())
    login.made = login.create(key="k").get_json()
    asked = phone.scan_login(login.page())
    phone.post(f"/m/qr/{asked['session_id']}/login/decline", {"not_started_by_me": True})
    assert login.standing() == ("failed", "declined", "not_started_by_me")
    login.made = login.create(key="k").get_json()

    assert login.page().state["code"] == "login_session_ended"
    assert login.standing()[0] == "failed"


@pytest.mark.row("S-04")
def test_a_login_that_nobody_opens_is_over_after_a_quarter_of_an_hour(product: Product) -> None:
    login = PartnerLogin(product.partner())
    login.made = login.create(key="k").get_json()
    product.clock.advance(minutes=15, seconds=-1)
    assert login.standing()[0] == "pending"
    product.clock.advance(seconds=1)

    login.made = login.create(key="k").get_json()

    assert login.standing() == ("failed", "expired", "expired_unscanned")
    assert login.page().state["code"] == "login_session_ended"


@pytest.mark.row("S-05", "S-09")
def test_a_stranger_who_scanned_first_is_refused_at_the_page(
    product: Product, login: PartnerLogin
) -> None:
    page = login.page()
    product.phone(HUANG).let_in(page)
    assert page.qr()["phone_name"] == "黄*"

    assert page.post_to("not-me").get_json()["qr"]["hint"]["code"] == "cancelled_by_page"

    assert told(page.post_to("confirm")) == (409, "access_denied")
    assert page.address_back("leave") == {"error": "access_denied", "state": STATE}
    assert events_of(product, id_of(product, HUANG))[-1] == "login.refused_at_page"
    assert login.standing()[0] == "failed"


@pytest.mark.row("P-07", "S-28")
def test_whoever_gives_up_goes_back_with_the_reason(product: Product, login: PartnerLogin) -> None:
    page, late = login.page(), PartnerLogin.asked(login.partner).page()

    assert page.address_back("leave") == {"error": "access_denied", "state": STATE}

    assert page.qr()["state"] == "cancelled"
    product.clock.advance(seconds=120)
    assert late.address_back("leave") == {"error": "expired_token", "state": STATE}


@pytest.mark.row("S-28")
def test_an_address_with_a_query_of_its_own_keeps_it(product: Product, phone: PhoneInHand) -> None:
    back = "https://sp.test/back?from=seal"
    partner = product.another_partner(login_return_urls=[back])
    login = PartnerLogin(partner)
    challenge = login.create().get_json()
    login.made = challenge
    page = login.page()
    phone.let_in(page)

    address = page.post_to("confirm").get_json()["next"]

    assert address.startswith(f"{back}&code=")


@pytest.mark.row("S-02", "S-10")
def test_the_pages_token_is_a_cookie_of_this_login_alone(login: PartnerLogin) -> None:
    page = PartnerLoginPage(login.partner.product.app.test_client(), login.made["open_url"])
    answer = page.open("")

    sent = cookie(answer, "gy_page")
    assert (sent["path"], sent["httponly"], sent["samesite"]) == (page.base, True, "Lax")
    assert int(sent["max-age"]) == 15 * 60
    assert sent.value[16:] not in answer.get_data(as_text=True)


@pytest.mark.row("S-50")
def test_opening_counts_with_the_pages_of_our_own(product: Product) -> None:
    few = product.restarted(login_pages_per_minute=1)
    login = PartnerLogin.asked(few.partner())
    assert "qr" in login.page().state

    assert login.page().state["code"] == "too_many_requests"


@pytest.mark.row("S-10")
def test_a_partners_code_opens_no_computer_of_ours(
    product: Product, login: PartnerLogin, phone: PhoneInHand
) -> None:
    page = login.page()
    phone.let_in(page)
    page.client.set_cookie("gy_login", page.cookie, path="/login")

    for action in ("confirm", "not-me", "refresh", "another-phone", "ticket"):
        assert told(page.post(f"/login/{action}")) == (409, "wrong_purpose"), action


@pytest.mark.row("S-11", "F-13")
def test_the_mini_program_is_told_whom_the_login_is_for(
    product: Product, login: PartnerLogin
) -> None:
    page, phone = login.page(), logged_in(product)

    asked = phone.scan(page.frame())

    assert asked["login"]["partner"]["name"] == "南宁市工程建设项目审批系统（演示）"
    body = {"reference_code": page.qr()["reference_code"]}
    phone.post(f"/qr/{asked['session_id']}/login/confirm", body)
    person = login.exchange(page.address_back()["code"]).get_json()
    assert person["name"] == "韦*远"


@pytest.mark.row("S-10")
def test_an_account_that_was_closed_meanwhile_logs_nobody_in(
    product: Product, login: PartnerLogin, phone: PhoneInHand
) -> None:
    code = login.code(phone)
    with product.parts.db.begin() as uow:
        uow.session.get_one(Account, id_of(product, WEI)).closed_at = uow.now

    assert told(login.exchange(code)) == (410, "login_session_ended")

    with product.parts.db.read() as uow:
        assert uow.session.get_one(PartnerLoginRow, login.id).account_id is None


def test_what_came_to_nothing_is_forgotten_after_a_day_and_the_rest_after_half_a_year(
    product: Product, phone: PhoneInHand
) -> None:
    taken, nothing = (PartnerLogin.asked(product.partner()) for _ in range(2))
    taken.exchange(taken.code(phone))

    def kept() -> set[str]:
        sweep_hourly(product.parts)
        with product.parts.db.read() as uow:
            return set(uow.session.scalars(select(PartnerLoginRow.id)))

    product.clock.advance(days=1, seconds=-1)
    assert kept() == {taken.id, nothing.id}
    product.clock.advance(seconds=1)
    assert kept() == {taken.id}
    assert told(nothing.partner.get(f"/login-sessions/{nothing.id}")) == (
        404,
        "login_session_not_found",
    )
    product.clock.advance(days=182, seconds=-1)
    assert kept() == {taken.id}
    product.clock.advance(seconds=1)
    assert kept() == set()
