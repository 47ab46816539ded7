"""The secret of the browser that shows the code: drawn for it, and known to no other."""

import pytest

from tests.factories.devices import SigningPage
from tests.factories.logins import told
from tests.factories.pdf import make_pdf
from tests.factories.product import Product, Signing
from tests.factories.truth import truth_of

PLANTED = "planted-by-somebody-else-43-characters-long"


@pytest.fixture
def signing(product: Product) -> Signing:
    return product.signing()


def token_of(page: SigningPage) -> str:
    cookie = page.client.get_cookie("gy_page", path=page.path)
    assert cookie
    return str(cookie.value)


@pytest.mark.row("S-10", "P-01")
@pytest.mark.parametrize("foreign", [False, True])
def test_opening_the_page_draws_a_token_whatever_lay_in_the_browser(
    product: Product, signing: Signing, foreign: bool
) -> None:
    """Session fixation: the cookie was there before the person came."""
    planted = token_of(signing.page) if foreign else PLANTED
    made = product.partner().task(make_pdf())
    page = SigningPage(product.app.test_client(), made["open_url"])
    page.client.set_cookie("gy_page", planted, path=page.path)

    assert page.open().status_code == 200

    assert token_of(page) not in (planted, PLANTED)
    thief = product.browser()
    thief.client.set_cookie("gy_page", planted, path=page.path)
    assert told(thief.get(f"{page.path}/state")) == (401, "page_token_missing")


@pytest.mark.row("S-10", "P-01")
def test_what_the_phone_releases_comes_to_the_browser_that_opened_last(
    product: Product, signing: Signing
) -> None:
    """Begun in one browser, taken over by another: the first has nothing of what follows."""
    first, old = signing.page, token_of(signing.page)
    signing.page = product.page(signing.new_link())
    assert token_of(signing.page) != old

    signing.authorize()

    for headers in ({}, {"Page-Token": old}):
        for action in ("load", "ticket", "confirm"):
            body = {"placements": [], "document_sha256": "0" * 64}
            answer = first.post_to(action, body if action == "confirm" else None, headers=headers)
            assert told(answer) == (401, "page_token_missing"), action
    assert truth_of(product, signing.id).releases == 1


@pytest.mark.row("S-10", "S-02")
def test_a_link_opens_one_browser_once(product: Product, signing: Signing) -> None:
    second = SigningPage(product.app.test_client(), signing.page.open_url)

    assert told(second.open()) == (403, "open_token_refused")

    late = SigningPage(product.app.test_client(), signing.new_link())
    product.clock.advance(seconds=120)
    assert told(late.open()) == (410, "open_token_expired")
    assert signing.page.read()["task"]["status"] == "awaiting_signer"


@pytest.mark.row("P-04", "F-39")
def test_page_and_partner_are_told_three_values_an_exact_state_and_a_hint(
    product: Product, signing: Signing
) -> None:
    heard = []

    def look() -> None:
        qr = signing.page.read()["qr"]
        heard.append((qr["status"], qr["state"], qr["hint"]["code"]))
        assert qr["hint"]["message"]

    look()
    asked = signing.scan()
    look()
    shown = signing.page.read()["qr"]["reference_code"]
    signing.phone.confirm(asked, signing.page, reference_code=shown, pin="000000")
    look()
    signing.phone.confirm(asked, signing.page, reference_code=shown)
    look()
    signing.page.load()
    look()
    signing.page.post_to("restart")
    look()
    signing.phone.post(f"/m/qr/{signing.scan()['session_id']}/decline", {})
    look()

    assert heard == [
        ("pending", "pending", "outstanding"),
        ("pending", "scanned", "scanned"),
        ("pending", "scanned", "pin_wrong"),
        ("pending", "confirmed", "confirmed"),
        ("complete", "consumed", "consumed"),
        ("pending", "pending", "outstanding"),
        ("failed", "declined", "user_declined"),
    ]
