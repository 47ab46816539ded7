"""The requests around a login at a partner, each ready to be sent, for what is sent twice."""

from urllib.parse import urlsplit

from server.partner_logins.exchange import challenge_of
from tests.factories.changes import KEY, Ready, Request, of_partner
from tests.factories.partner_logins import PartnerLogin
from tests.factories.product import Product
from tests.factories.twice import WRONG_STATE, Route

VERIFIER = "v" * 48


def asked(product: Product) -> Request:
    body = {"code_challenge": challenge_of(VERIFIER), "code_challenge_method": "S256"}
    return of_partner(product, "/login-sessions", body=body, headers=KEY)


def cancelled(product: Product) -> Request:
    login = PartnerLogin.asked(product.partner())
    return of_partner(product, f"/login-sessions/{login.id}/cancel")


def exchanged(product: Product) -> Request:
    login = PartnerLogin.asked(product.partner())
    body = {"code": login.code(product.phone()), "code_verifier": login.verifier}
    return of_partner(product, "/login-sessions/exchange", body=body, headers=KEY)


def opened(product: Product) -> Request:
    parts = urlsplit(PartnerLogin.asked(product.partner()).made["open_url"])
    path, body = f"{parts.path}/open", {"open_token": parts.fragment}
    return Request(product.app.test_client(), path, body=body)


def at_page(act: str, *, scanned: bool = False, let_in: bool = False) -> Ready:
    """An action of the page that the partner has sent the browser to."""

    def ready(product: Product) -> Request:
        page = PartnerLogin.asked(product.partner()).page()
        if let_in:
            product.phone().let_in(page)
        elif scanned:
            product.phone().scan_login(page)
        return Request(page.client, f"{page.base}/{act}")

    return ready


PARTNER_LOGINS = {
    "partner_logins.create_login_session": Route(asked),
    "partner_logins.cancel_login_session": Route(cancelled),
    "partner_logins.exchange_login_code": Route(exchanged),
    "partner_login.open_page": Route(opened, (403, "open_token_refused")),
    "partner_login.ticket": Route(at_page("ticket")),
    "partner_login.refresh": Route(at_page("refresh")),
    "partner_login.another_phone": Route(at_page("another-phone", scanned=True), WRONG_STATE),
    "partner_login.not_me": Route(at_page("not-me", scanned=True)),
    "partner_login.leave": Route(at_page("leave")),
    "partner_login.confirm": Route(at_page("confirm", let_in=True), fresh=frozenset({"next"})),
}
