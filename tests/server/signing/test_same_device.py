"""在本机签署 (P-24): the page and the phone are one browser, and only with proof of that."""

import json

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from server.core.audit import AuditRow
from tests.factories.devices import PhoneInHand, SigningPage
from tests.factories.product import HUANG, WEI, Product, Signing
from tests.factories.truth import events_of, truth_of

HERE = "gy_here"


@pytest.fixture
def signing(product: Product) -> Signing:
    """A person who is logged in on the very browser that shows the page."""
    made = product.signing()
    made.phone.client = made.page.client
    log_in(product, made.phone)
    return made


def log_in(product: Product, phone: PhoneInHand) -> None:
    elsewhere = product.phone(phone.person).client.get_cookie("gy_phone")
    assert elsewhere
    phone.client.set_cookie("gy_phone", elsewhere.value)


def go_on(page: SigningPage) -> str:
    """Press 在本机签署; the confirm screen's address."""
    answer = page.post_to("this-device")
    assert answer.status_code == 200, answer.get_json()
    target: str = answer.get_json()["next"]
    return target


def answer_of(phone: PhoneInHand, target: str, enterprise: str, **other: str) -> TestResponse:
    body = {"acting": {"kind": "enterprise", "id": enterprise}, "pin": phone.person.pin, **other}
    return phone.post(f"{target}/confirm", body)


def enterprise_of(asked: TestResponse) -> str:
    found: str = asked.get_json()["acting"][0]["id"]
    return found


def say(answer: TestResponse) -> tuple[int, str]:
    return answer.status_code, answer.get_json()["code"]


@pytest.mark.row("P-24", "F-39", "F-40")
def test_one_browser_does_the_whole_without_a_reference_code(signing: Signing) -> None:
    target = go_on(signing.page)
    asked = signing.phone.post(f"{target}/scan")

    answer = answer_of(signing.phone, target, enterprise_of(asked))

    assert asked.get_json()["same_device"] is True
    assert asked.get_json()["reference_choices"] == []
    assert answer.get_json() == {"message": "签名成功"}
    assert signing.page.load().get_json()["seals"]
    assert signing.page.confirm(signing.page.everywhere()).status_code == 202
    signing.product.work()
    assert truth_of(signing.product, signing.id).status == "sealed"


@pytest.mark.row("P-24", "S-28")
def test_the_way_back_is_the_page_that_this_browser_shows_and_nothing_from_the_address(
    signing: Signing,
) -> None:
    target = go_on(signing.page)

    screen = signing.phone.get(f"{target}?back=https://evil.test&next=//evil.test").text

    assert f'data-return="{signing.page.path}"' in screen
    assert "evil.test" not in screen


@pytest.mark.row("P-24", "S-12")
def test_a_link_that_was_passed_on_shows_nothing_of_this_device(signing: Signing) -> None:
    """The page's person sends the link in his QR to somebody else, who opens it."""
    go_on(signing.page)
    victim = signing.product.phone(HUANG)
    target = victim.open_link(signing.page.frame()).headers["Location"]

    asked = victim.post(f"{target}/scan").get_json()

    assert asked["same_device"] is False
    assert len(asked["reference_choices"]) == 3
    assert "由本机" not in json.dumps(asked, ensure_ascii=False)
    assert "data-return" not in victim.get(target).text
    assert say(answer_of(victim, target, asked["acting"][0]["id"])) == (409, "reference_needed")
    assert truth_of(signing.product, signing.id).page_grants == 0


@pytest.mark.row("P-24", "S-12")
def test_the_very_browser_picks_the_code_too_when_it_came_by_the_link(signing: Signing) -> None:
    """Without 在本机签署 there is no proof: the link alone may have come from anywhere."""
    target = signing.phone.open_link(signing.page.frame()).headers["Location"]

    asked = signing.phone.post(f"{target}/scan").get_json()

    assert (asked["same_device"], len(asked["reference_choices"])) == (False, 3)


@pytest.mark.row("P-24", "S-05", "S-12")
def test_stolen_cookies_of_the_page_prove_nothing_in_another_browser(signing: Signing) -> None:
    """Somebody plants his own proof and ticket in the browser of the person he wants to sign."""
    target = go_on(signing.page)
    victim = signing.product.phone(HUANG)
    for cookie in list(signing.page.client._cookies.values()):
        if cookie.key in (HERE, "gy_scan"):
            victim.client.set_cookie(cookie.key, cookie.value, path=target)
    assert "data-return" not in victim.get(target).text
    assert say(victim.post(f"{target}/scan")) == (403, "ticket_refused")

    link = victim.open_link(signing.page.frame()).headers["Location"]
    asked = victim.post(f"{link}/scan")

    assert asked.get_json()["same_device"] is False
    refused = answer_of(victim, link, enterprise_of(asked))
    assert say(refused) == (403, "ticket_refused")
    assert truth_of(signing.product, signing.id).page_grants == 0
    with signing.product.parts.db.read() as uow:
        session_id = link.rsplit("/", 1)[1]
        noted = uow.session.scalars(select(AuditRow).where(AuditRow.subject == session_id)).all()
    assert [row.event for row in noted] == ["qr.refused", "qr.refused"]


@pytest.mark.row("P-24", "S-12")
def test_a_second_phone_of_the_same_person_is_not_this_device(signing: Signing) -> None:
    target = go_on(signing.page)
    signing.phone.post(f"{target}/scan")
    second = signing.product.phone(WEI)

    assert say(second.post(f"{target}/scan")) == (403, "ticket_refused")
    assert say(answer_of(second, target, "ent-x")) == (409, "reference_needed")


@pytest.mark.row("P-24", "S-10")
def test_the_proof_ends_when_another_browser_opens_the_task(signing: Signing) -> None:
    target = go_on(signing.page)
    asked = signing.phone.post(f"{target}/scan")
    signing.product.page(signing.new_link())

    answer = answer_of(signing.phone, target, enterprise_of(asked))

    assert answer.status_code in (403, 409)
    truth = truth_of(signing.product, signing.id)
    assert (truth.status, truth.page_grants, truth.releases) == ("awaiting_signer", 0, 0)


@pytest.mark.row("P-24", "S-18")
def test_only_the_page_itself_goes_on(signing: Signing) -> None:
    stranger = signing.product.browser()

    answer = stranger.post(f"{signing.page.path}/this-device")

    assert say(answer) == (401, "page_token_missing")
    assert signing.page.read()["qr"]["state"] == "pending"


@pytest.mark.row("P-24")
def test_whoever_is_not_logged_in_logs_in_on_the_way(product: Product) -> None:
    page = product.signing().page

    target = go_on(page)

    assert target.startswith("/m/login?next=%2Fm%2Fqr%2F")
    cookies = {one.key: one.path for one in page.client._cookies.values()}
    assert cookies[HERE] == cookies["gy_scan"] == "/m/qr/" + target.rsplit("%2F", 1)[1]


@pytest.mark.row("P-24", "F-43")
def test_a_public_computer_does_not_sign_on_its_own(signing: Signing) -> None:
    page = signing.page
    token = page.post_to("public-computer", {"on": True}).get_json()["page_token"]

    answer = page.post_to("this-device", headers={"Page-Token": token})

    assert say(answer) == (409, "page_lives_in_tab")


@pytest.mark.row("P-24", "S-13")
def test_the_wording_is_strong_across_devices_and_plain_on_one(signing: Signing) -> None:
    here = signing.phone.post(f"{go_on(signing.page)}/scan").get_json()

    assert "签章页面就开在本机" in here["warning"]["message"]
    assert "别人发来的链接" in here["warning"]["message"]
    far = signing.product.signing().scan()
    assert "电脑屏幕上的页面" in far["warning"]["message"]


@pytest.mark.row("P-24", "S-47")
@pytest.mark.parametrize("same", [True, False])
def test_the_audit_chain_keeps_how_phone_and_page_were_brought_together(
    signing: Signing, same: bool
) -> None:
    if same:
        target = go_on(signing.page)
        answer_of(signing.phone, target, enterprise_of(signing.phone.post(f"{target}/scan")))
    else:
        signing.phone.confirm(signing.scan(), signing.page)

    assert "signing.authorized" in events_of(signing.product, signing.id)
    with signing.product.parts.db.read() as uow:
        found = select(AuditRow).where(AuditRow.event == "signing.authorized")
        row = uow.session.scalars(found).one()
    assert row.details["same_device"] is same


@pytest.mark.row("P-24", "S-25")
def test_behind_https_no_other_host_can_plant_the_browsers_name(product: Product) -> None:
    """The proof is bound to that name, and the browser keeps a `__Host-` cookie to this host."""
    served = product.restarted(public_url="https://seal.example")
    link = product.signing().page.frame()

    answer = served.app.test_client().get("/q/" + link.rsplit("/", 1)[1])

    names = [one for one in answer.headers.getlist("Set-Cookie") if "gy_browser" in one]
    assert len(names) == 1
    assert names[0].startswith("__Host-gy_browser=")
    assert "Secure" in names[0]
    assert "Path=/;" in names[0] + ";"
    assert "Domain" not in names[0]
