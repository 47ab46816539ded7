"""Every route asked by those who may, behind https: a good answer is as strict as a refusal."""

from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.routing import Rule

from server.accounts.consents import VERSIONS, Agreement
from server.accounts.models import AccountSession
from server.applications.models import Way
from server.signing.models import SigningTask
from server.web.permissions import NEEDS, Need
from tests.factories import own_signings
from tests.factories.applying import draft_with_a_picture
from tests.factories.certifications import Certifying
from tests.factories.domain import seal_of
from tests.factories.mini_program import logged_in
from tests.factories.partner_logins import PartnerLogin
from tests.factories.pdf import make_pdf
from tests.factories.product import Product, Signing
from tests.factories.review_desk import at_desk
from tests.factories.verifying import verification_kept
from tests.factories.visits import face_begun

YEAR = 31_536_000
STRICT = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Strict-Transport-Security": f"max-age={YEAR}; includeSubDomains",
}
POLICY = {
    "default-src": ["'none'"],
    "script-src": ["'self'"],
    "style-src": ["'self'"],
    "base-uri": ["'none'"],
    "form-action": ["'self'"],
    "frame-ancestors": ["'none'"],
}
# Files that are the same for everybody, and may be kept.
SAME = {"static", "swagger_ui.show"}
OF_A_REPORT = ("report", "report_json", "report_pdf", "seal_picture")
# What is not there yet, or no longer, in the moment in which everything is asked.
NOT_NOW = {
    "sealing.download": 409,
    # A company's seal is not changed yet (B4.2.1), and nothing was handed in for its cancellation.
    "phone_seals.change_page": 409,
    "phone_seals.show_material": 404,
    # Nobody has opened the link yet.
    "certify.form_page": 409,
    "partner_signing.show_result": 409,
    "phone_identities.come_back": 410,
    "wechat_push.echo": 404,
    "mp_subscribe.list_templates": 422,
    # Nobody has certified the draft.
    "apply_progress.form": 409,
    "mp_applications.form": 409,
    # A draft is nothing to review yet.
    "admin_reviews.application": 404,
    "admin_reviews.material": 404,
    # The page at a partner's belongs to one browser; what everybody has is another's name.
    "partner_login.state": 403,
    "partner_login.events": 403,
    "partner_login.frames": 403,
    # The document is a partner's, and in no signing of one's own; nor is the report a partner's.
    "phone_signings.preview": 404,
    "phone_signings.sealed": 404,
    "mp_signings.preview": 404,
    "mp_signings.sealed": 404,
    "partner_verifications.show_verification": 404,
    "partner_verifications.show_report": 404,
}


@pytest.fixture
def signing(product: Product) -> Signing:
    """The page has loaded the seals."""
    signing = product.signing()
    signing.authorize()
    return signing


@pytest.fixture
def signing_in(signing: Signing) -> PartnerLogin:
    """A login that the partner has asked for."""
    return PartnerLogin.asked(signing.partner)


@pytest.fixture
def objects(signing: Signing, signing_in: PartnerLogin) -> dict[str, Any]:
    """What stands in the addresses of all that belongs to the signing and to its people."""
    frame, other = signing.product.login_page().frame(), signing.product.signing()
    other.seal()
    made = signing.partner.task(make_pdf())
    scanned = signing.phone.scan(signing.product.page(made["open_url"]).frame())
    ids = draft_with_a_picture(signing.product)
    link = other.page.get(f"{other.page.path}/download").get_json()["url"]
    report = verification_kept(signing.product)
    own = own_signings.begun(signing.product)
    certify = Certifying.begun(signing.product, Way.PERSONAL).visit().token
    with signing.product.parts.db.read() as uow:
        task = uow.session.get_one(SigningTask, signing.id)
        login = uow.session.scalars(select(AccountSession.id)).first()
        return {
            "task_id": task.id,
            "document_id": task.document_id,
            "seal_id": seal_of(uow).id,
            "session_id": scanned.get_json()["session_id"],
            "login_id": login,
            "page": 1,
            "number": 1,
            **ids,
            "phone.scan_link": frame.rsplit("/", 1)[1],
            "desktop.download": link.rsplit("/", 1)[1],
            "certify.page": certify,
            "certify.form_page": certify,
            "development.face": face_begun(signing.product),
            "filename": "js/shared/http.js",
            "path": "swagger-ui.css",
            "text": "terms",
            "version": VERSIONS[Agreement.TERMS],
            "house": "alipay",
            "partner_login_id": signing_in.id,
            "signing_id": own.id,
            "verification_id": report,
            **{f"verification.{name}": report for name in OF_A_REPORT},
        }


@pytest.fixture
def everybody(signing: Signing) -> FlaskClient:
    """A browser behind https that is the page, the phone, and a computer that is logged in."""
    product = signing.product
    desktop = product.login_page()
    signing.phone.let_in(desktop)
    assert desktop.post_to("confirm").status_code == 200
    desktop.open()
    secure = product.restarted(public_url="https://seal.test").app.test_client()
    for browser in (signing.page, signing.phone, desktop, at_desk(product)):
        secure._cookies.update(browser.client._cookies)
    return secure


def readable(product: Product) -> list[Rule]:
    return [rule for rule in product.app.url_map.iter_rules() if "GET" in (rule.methods or ())]


@pytest.mark.row("S-47")
def test_what_everybody_may_read_comes_with_every_header(
    signing: Signing, objects: dict[str, Any], everybody: FlaskClient
) -> None:
    key, phone = signing.partner.headers, logged_in(signing.product)
    mini = {need: phone.headers() for need in (Need.MP_VISITOR, Need.MP_PERSON, Need.MP_SELF)}
    by_need = {Need.PARTNER: key, **mini}
    for rule in readable(signing.product):
        # A token is another thing in each address that has one.
        open_ = rule.arguments - set(rule.defaults or {})
        ids = {one: objects[rule.endpoint if one == "token" else one] for one in open_}
        ids |= rule.defaults or {}
        built = rule.build(ids, append_unknown=False)
        assert built, rule
        headers = by_need.get(NEEDS[rule.endpoint], {})
        answer = everybody.get(f"{built[1]}", headers=headers, buffered=True)
        expected = (NOT_NOW[rule.endpoint],) if rule.endpoint in NOT_NOW else (200, 303)
        assert answer.status_code in expected, rule
        assert {name: answer.headers[name] for name in STRICT} == STRICT, rule
        assert rule.endpoint in SAME or answer.headers["Cache-Control"] == "no-store", rule
        require_strict(answer.headers["Content-Security-Policy"])
        for cookie in answer.headers.getlist("Set-Cookie"):
            assert {"Secure", "HttpOnly", "SameSite=Lax"} <= set(cookie.split("; ")), rule


def require_strict(policy: str) -> None:
    found = {words[0]: words[1:] for part in policy.split(";") if (words := part.split())}
    assert {name: found[name] for name in POLICY} == POLICY
    assert "unsafe" not in policy
    assert "http:" not in policy
    assert "*" not in policy
