"""Every request that changes something, sent twice at once and once more: one effect (R-12)."""

from typing import Any

import pytest
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from server.tables import METADATA
from tests.factories import changes, entry_changes, visits
from tests.factories.apply_changes import APPLYING
from tests.factories.certify_pages import CERTIFY
from tests.factories.intent_changes import INTENTS
from tests.factories.messages import TOLD
from tests.factories.mini_twice import MINI
from tests.factories.own_changes import OWN_PAGES
from tests.factories.own_signings import OWN_SIGNINGS
from tests.factories.partner_login_changes import PARTNER_LOGINS
from tests.factories.product import Product
from tests.factories.review_desk import REVIEWS
from tests.factories.seal_changes import OF_SEALS
from tests.factories.twice import CHECKS, CONSENTS, ENDED, FRESH, SESSIONS, WRONG_STATE, Route
from tests.factories.verifying import TWICE as OF_VERIFICATIONS
from tests.fakes.threads import together

UNSAFE = {"POST", "PUT", "PATCH", "DELETE"}
TWICE = {
    "partner_documents.add_document": Route(changes.upload),
    "partner_signing.create_signing_task": Route(changes.task),
    "partner_signing.cancel_signing_task": Route(changes.cancelled_by_partner),
    "sign.open_page": Route(changes.opened, (403, "open_token_refused")),
    "sign.ticket": Route(changes.of_page("ticket")),
    "sign.refresh": Route(changes.of_page("refresh")),
    "sign.another_phone": Route(changes.of_page("another-phone", scanned=True), WRONG_STATE),
    "sign.this_device": Route(changes.of_page("this-device")),
    "sign.cancel": Route(changes.of_page("cancel")),
    "sign.restart": Route(changes.of_page("restart")),
    "sign.public_computer": Route(
        changes.of_page("public-computer", {"on": True}), (401, "page_token_missing")
    ),
    "sign.leave": Route(changes.of_page("leave")),
    "sealing.load": Route(changes.loaded),
    "sealing.save_placements": Route(changes.drafted),
    "sealing.confirm": Route(changes.confirmed),
    "phone.send_code": Route(changes.code_asked, (429, "sms_too_soon")),
    "phone.log_in": Route(changes.logged_in, (410, "sms_code_expired"), anew=CONSENTS),
    "phone_register.register": Route(changes.registered, (410, "sms_code_expired"), anew=CONSENTS),
    "phone_password.log_in": Route(
        changes.logged_in_by_password, anew=CONSENTS | {"account_sessions"}
    ),
    "phone_password.send_code": Route(changes.reset_code_asked, (429, "sms_too_soon")),
    "phone_password.reset": Route(changes.password_reset, (410, "sms_code_expired")),
    "phone_document.send_code": Route(entry_changes.document_code_asked, (429, "sms_too_soon")),
    "phone_document.log_in": Route(
        entry_changes.document_logged_in, (410, "sms_code_expired"), anew=CONSENTS
    ),
    "phone_face_ways.log_in": Route(
        entry_changes.login_face_asked, anew=CHECKS, fresh=frozenset({"next"})
    ),
    "phone_face_ways.begin_reset": Route(
        entry_changes.reset_face_asked, anew=CHECKS, fresh=frozenset({"next"})
    ),
    "phone_face_ways.reset": Route(entry_changes.reset_by_face, (422, "face_not_passed")),
    "phone_company.log_in": Route(entry_changes.company_logged_in, anew=SESSIONS),
    "phone_company.send_code": Route(entry_changes.company_reset_asked, (429, "sms_too_soon")),
    "phone_company.reset": Route(entry_changes.company_reset, (410, "sms_code_expired")),
    "phone_company_register.send_code": Route(
        entry_changes.company_code_asked, (429, "sms_too_soon")
    ),
    "phone_company_register.register": Route(
        entry_changes.company_registered, (410, "sms_code_expired"), anew=CONSENTS
    ),
    "phone.log_out": Route(changes.of_phone("/m/logout"), (401, "login_needed"), alone=False),
    "desktop_agreements.accept": Route(visits.accepted_on_computer),
    "phone_agreements.accept": Route(visits.accepted),
    "phone_agreements.withdraw": Route(changes.of_phone("/m/agreements/id_number/withdraw")),
    "phone_gate.begin": Route(
        visits.gate_asked, anew=frozenset({"face_checks"}), fresh=frozenset({"next"})
    ),
    "phone_faces.settle": Route(visits.face_shown, anew=CONSENTS),
    "development.decide_face": Route(visits.face_decided),
    "phone_home.switch_role": Route(changes.of_phone("/m/role", {"kind": "account", "id": "x"})),
    "phone_qr.read_code": Route(changes.code_read),
    "phone_qr.scan": Route(changes.scanned),
    "phone_qr.touch": Route(changes.of_scan("touch")),
    "phone_qr.confirm": Route(changes.of_scan("confirm"), anew=frozenset({"page_grants"})),
    "phone_qr.decline": Route(changes.of_scan("decline"), ENDED, alone=False),
    "phone_login.scan": Route(changes.login_held),
    "phone_login.confirm": Route(changes.login_asked("confirm")),
    "phone_login.decline": Route(changes.login_asked("decline"), ENDED, alone=False),
    "qr_login.open_page": Route(changes.at_login("open")),
    "qr_login.ticket": Route(changes.at_login("ticket")),
    "qr_login.refresh": Route(changes.at_login("refresh")),
    "qr_login.another_phone": Route(changes.at_login("another-phone", scanned=True), WRONG_STATE),
    "qr_login.not_me": Route(changes.at_login("not-me", scanned=True)),
    "qr_login.log_in": Route(changes.at_login("confirm", let_in=True), (409, "already_consumed")),
    "account.log_out": Route(changes.computer_left, (401, "login_needed"), alone=False),
    "account.end_login": Route(changes.other_device_ended, (404, "login_not_found"), alone=False),
    "authority.ocsp": Route(changes.status_asked),
    **INTENTS,
    **CERTIFY,
    **APPLYING,
    **REVIEWS,
    **MINI,
    **OWN_PAGES,
    **OWN_SIGNINGS,
    **TOLD,
    **OF_SEALS,
    **PARTNER_LOGINS,
    **OF_VERIFICATIONS,
}


def rows(product: Product) -> dict[str, int]:
    """How many rows each table has; what was done is in the audit chain as often as it was."""
    with product.parts.db.read() as uow:
        return {
            name: uow.session.scalar(select(func.count()).select_from(table)) or 0
            for name, table in METADATA.tables.items()
            if name != "audit_rows"
        }


def said(answer: TestResponse, fresh: frozenset[str]) -> Any:
    told = answer.get_json(silent=True)
    if isinstance(told, dict):
        told = {key: value for key, value in told.items() if key not in FRESH | fresh}
    return answer.status_code, told


def refusal(answer: TestResponse) -> tuple[int, str]:
    return answer.status_code, answer.get_json()["code"]


@pytest.mark.row("R-12")
def test_every_route_that_changes_something_has_an_entry(product: Product) -> None:
    changing = {one.endpoint for one in product.app.url_map.iter_rules() if UNSAFE & one.methods}
    assert changing == set(TWICE)


@pytest.mark.row("R-12")
@pytest.mark.parametrize("endpoint", TWICE)
def test_sent_twice_at_once_and_once_more_it_has_one_effect(
    product: Product, endpoint: str
) -> None:
    route = TWICE[endpoint]
    request = route.ready(product)
    before = rows(product)

    both = together([request.send, request.send])
    third = request.send()

    assert {answer.headers["Cache-Control"] for answer in (*both, third)} == {"no-store"}
    good = [answer for answer in both if answer.status_code < 300]
    assert good, [answer.get_json() for answer in both]
    if route.later is None:
        early = [one for one in both if one not in good and refusal(one) == route.busy]
        first, *others = (said(one, route.fresh) for one in (third, *both) if one not in early)
        assert all(first == other for other in others)
    for answer in (*both, third):
        if answer not in good and route.later:
            assert refusal(answer) == route.later
    assert len(good) == 1 or route.later is None or not route.alone
    after = rows(product)
    new = {name: after[name] - before[name] for name in after if after[name] != before[name]}
    assert all(count <= 1 for name, count in new.items() if name not in route.anew), new
