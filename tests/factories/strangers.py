"""What a stranger sends to each route that names an object, and what he is told."""

from typing import Any

from tests.factories import applying
from tests.factories.devices import multipart
from tests.factories.product import WEI

# What names no object that somebody owns.
NO_OBJECT = {
    "screen",
    "filename",
    "token",
    "page",
    "path",
    "way",
    "house",
    "kind",
    "slot",
    "text",
    "version",
    "algorithm",
}
LOOKS = (
    "phone_seals.show_look",
    "phone_seals.change",
    "mp_seal_lifecycle.show_look",
    "mp_seal_lifecycle.change",
)
UPLOADS = (
    *applying.UPLOADS,
    "phone_seals.take_material",
    "mp_seal_lifecycle.take_material",
)
OWN_SIGNINGS = ("phone_signings", "mp_signings")
PDF_UPLOADS = tuple(f"{one}.add_document" for one in OWN_SIGNINGS)
BODIES: dict[str, dict[str, Any]] = {
    "sign.public_computer": {"on": True},
    "sealing.save_placements": {"placements": []},
    "sealing.confirm": {"placements": [], "document_sha256": "0" * 64},
    "phone_qr.confirm": {
        "reference_code": "47",
        "acting": {"kind": "enterprise", "id": "ent-x"},
        "pin": WEI.pin,
    },
    "phone_login.confirm": {"reference_code": "47"},
    "mp_qr.scan": {"ticket": "stolen"},
    "mp_faces.login_result": {"face_token": "guessed"},
    "mp_faces.set_password": {"face_token": "guessed", "password": "a-new-one-26"},
    "mp_qr.confirm_sign": {"reference_code": "47", "enterprise_id": "ent-x", "pin": WEI.pin},
    "mp_qr.confirm_login": {"reference_code": "47"},
    **{name: {"look": {"font": "hei"}} for name in LOOKS},
    **{
        f"{one}.submit": {"documents": "0" * 64, "placements": "0" * 64, "pin": WEI.pin}
        for one in OWN_SIGNINGS
    },
    **{f"{one}.save_placements": {"placements": []} for one in OWN_SIGNINGS},
    **applying.BODIES,
}
FORM = multipart("picture", "p.jpg", b"x")
PDF = multipart("file", "a.pdf", b"%PDF-1.7")
NO_LOGIN = (404, "login_session_not_found")
NO_CODE_PAGE = (403, "page_token_refused")
NO_PAGE = (401, "page_token_missing")
NOT_SCANNED = (403, "already_scanned")
NO_DOCUMENT, NO_TASK = (404, "document_not_found"), (404, "task_not_found")
NO_REPORT = (404, "verification_not_found")
NO_SEAL = (404, "seal_not_found")
NO_CHECK = (404, "face_check_unknown")
NO_SIGNING = (404, "signing_not_found")
NO_NOTICE = (404, "notice_not_found")
NOT_MINE = (403, "intent_refused")
NO_REVIEWER = (401, "reviewer_login_needed")
# Each route with an object in its address, and what a stranger to that object is told. None: an
# empty page that anybody may fetch.
STRANGERS: dict[str, tuple[int, str] | None] = {
    "partner_documents.show_document": NO_DOCUMENT,
    "partner_signing.show_signing_task": NO_TASK,
    "partner_signing.cancel_signing_task": NO_TASK,
    "partner_signing.show_result": NO_TASK,
    "sign.page": None,
    "sign.open_page": NO_PAGE,
    "sign.state": NO_PAGE,
    "sign.events": NO_PAGE,
    "sign.ticket": NO_PAGE,
    "sign.frames": NO_PAGE,
    "sign.refresh": NO_PAGE,
    "sign.another_phone": NO_PAGE,
    "sign.this_device": NO_PAGE,
    "sign.cancel": NO_PAGE,
    "sign.restart": NO_PAGE,
    "sign.public_computer": NO_PAGE,
    "sign.leave": NO_PAGE,
    "sealing.load": NO_PAGE,
    "sealing.document": NO_PAGE,
    "sealing.seal_picture": NO_PAGE,
    "sealing.save_placements": NO_PAGE,
    "sealing.confirm": NO_PAGE,
    "sealing.download": NO_PAGE,
    "phone_seals.seal": NO_SEAL,
    "phone_seals.picture": NO_SEAL,
    "phone_seals.former_picture": NO_SEAL,
    "phone_seals.suspend": NO_SEAL,
    "phone_seals.enable": NO_SEAL,
    "phone_seals.renew": NO_SEAL,
    "phone_seals.change_page": NO_SEAL,
    "phone_seals.show_look": NO_SEAL,
    "phone_seals.change": NO_SEAL,
    "phone_seals.cancel_page": NO_SEAL,
    "phone_seals.cancel": NO_SEAL,
    "phone_seals.hand_in": NO_SEAL,
    "phone_seals.take_material": NO_SEAL,
    "phone_seals.show_material": NO_SEAL,
    "phone_sign_pages.signing": NO_SIGNING,
    "phone_sign_pages.done": NO_SIGNING,
    "phone_signings.add_document": NO_SIGNING,
    "phone_signings.remove_document": NO_SIGNING,
    "phone_signings.state": NO_SIGNING,
    "phone_signings.preview": NO_SIGNING,
    "phone_signings.save_placements": NO_SIGNING,
    "phone_signings.sealed": NO_SIGNING,
    "phone_signings.cancel": NO_SIGNING,
    "phone_signings.submit": NO_SIGNING,
    "phone_qr.confirm_page": None,
    "phone_qr.scan": (403, "ticket_refused"),
    "phone_qr.preview": NOT_SCANNED,
    "phone_qr.touch": NOT_SCANNED,
    "phone_qr.confirm": NOT_SCANNED,
    "phone_qr.decline": NOT_SCANNED,
    "phone_login.confirm_page": None,
    "phone_login.scan": (409, "wrong_purpose"),
    "phone_login.confirm": NOT_SCANNED,
    "phone_login.decline": NOT_SCANNED,
    "partner_logins.show_login_session": NO_LOGIN,
    "partner_logins.cancel_login_session": NO_LOGIN,
    "partner_login.page": None,
    "partner_login.open_page": NO_CODE_PAGE,
    "partner_login.state": NO_CODE_PAGE,
    "partner_login.events": NO_CODE_PAGE,
    "partner_login.ticket": NO_CODE_PAGE,
    "partner_login.frames": NO_CODE_PAGE,
    "partner_login.refresh": NO_CODE_PAGE,
    "partner_login.another_phone": NO_CODE_PAGE,
    "partner_login.not_me": NO_CODE_PAGE,
    "partner_login.confirm": NO_CODE_PAGE,
    "partner_login.leave": NO_CODE_PAGE,
    "account.end_login": (404, "login_not_found"),
    "phone_devices.end": (404, "login_not_found"),
    "phone_messages.read": NO_NOTICE,
    "certifications.enter": (404, "certification_not_found"),
    "mp_certifications.enter": (404, "certification_not_found"),
    "mp_messages.read": NO_NOTICE,
    "mp_qr.scan": (403, "ticket_refused"),
    "mp_qr.preview": NOT_SCANNED,
    "mp_qr.touch": NOT_SCANNED,
    "mp_qr.confirm_sign": NOT_SCANNED,
    "mp_qr.confirm_login": NOT_SCANNED,
    "mp_qr.decline": NOT_SCANNED,
    "intents.prove_it": NOT_MINE,
    "admin_reviews.application": NO_REVIEWER,
    "admin_reviews.material": NO_REVIEWER,
    "admin_reviews.approve": NO_REVIEWER,
    "admin_reviews.ask_correction": NO_REVIEWER,
    "admin_reviews.reject": NO_REVIEWER,
    "mp_intents.prove_it": NOT_MINE,
    "mp_faces.result": NO_CHECK,
    "mp_faces.login_result": NO_CHECK,
    "mp_faces.set_password": (422, "face_not_passed"),
    "mp_seals.show_seal": NO_SEAL,
    "mp_seals.seal_picture": NO_SEAL,
    "mp_seal_lifecycle.suspend": NO_SEAL,
    "mp_seal_lifecycle.enable": NO_SEAL,
    "mp_seal_lifecycle.renew": NO_SEAL,
    "mp_seal_lifecycle.show_look": NO_SEAL,
    "mp_seal_lifecycle.change": NO_SEAL,
    "mp_seal_lifecycle.cancel": NO_SEAL,
    "mp_seal_lifecycle.hand_in": NO_SEAL,
    "mp_seal_lifecycle.take_material": NO_SEAL,
    "mp_seal_lifecycle.list_impressions": NO_SEAL,
    "mp_seal_lifecycle.former_picture": NO_SEAL,
    "mp_signings.add_document": NO_SIGNING,
    "mp_signings.remove_document": NO_SIGNING,
    "mp_signings.show": NO_SIGNING,
    "mp_signings.preview": NO_SIGNING,
    "mp_signings.save_placements": NO_SIGNING,
    "mp_signings.sealed": NO_SIGNING,
    "mp_signings.cancel": NO_SIGNING,
    "mp_signings.submit": NO_SIGNING,
    "partner_verifications.show_verification": NO_REPORT,
    "partner_verifications.show_report": NO_REPORT,
    "verification.seal_picture": NO_REPORT,
    "mp_verifications.show": NO_REPORT,
    "mp_verifications.report_pdf": NO_REPORT,
    "mp_verifications.seal_picture": NO_REPORT,
    "mp_me.end_session": (404, "login_not_found"),
    **applying.TO_STRANGERS,
}
