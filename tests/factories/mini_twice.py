"""What a mini-program's request that is sent twice at once and once more may be told."""

from tests.factories import mini_changes
from tests.factories.certificate_changes import OF_CERTIFICATES_MINI
from tests.factories.twice import CHECKS, CONSENTS, ENDED, Route

# The number of the request stands in every answer.
RID = frozenset({"rid"})
TOKEN = RID | {"session_token"}
FACE = RID | {"face_id", "verify_id", "url"}
# The key is kept for what WeChat said, and for the login that follows from it.
TWO_KEYS = frozenset({"idempotency_keys"})
GRANTS = frozenset({"page_grants"})

MINI = {
    **OF_CERTIFICATES_MINI,
    "mp_auth.send_code": Route(mini_changes.code_asked, fresh=RID, busy=(429, "sms_too_soon")),
    "mp_auth.log_in": Route(mini_changes.logged_in_by_code, anew=CONSENTS, fresh=TOKEN),
    "mp_auth.reset_password": Route(mini_changes.password_reset, fresh=RID),
    "mp_register.register_person": Route(
        mini_changes.person_registered, anew=CONSENTS, fresh=TOKEN
    ),
    "mp_register.register_company": Route(
        mini_changes.company_registered, anew=CONSENTS, fresh=TOKEN
    ),
    "mp_wechat.wx_login": Route(mini_changes.wechat_opened, anew=TWO_KEYS, fresh=TOKEN),
    "mp_wechat.bind": Route(mini_changes.wechat_bound, fresh=RID),
    "mp_wechat.unbind": Route(mini_changes.wechat_unbound, (404, "not_found")),
    "mp_wechat.enter_by_phone": Route(mini_changes.entered_by_phone, anew=CONSENTS, fresh=TOKEN),
    "mp_me.log_out": Route(mini_changes.of_mini("/auth/logout"), fresh=RID),
    "mp_me.switch_role": Route(
        mini_changes.of_mini("/auth/role", {"enterprise_id": None}), fresh=RID
    ),
    "mp_me.end_session": Route(
        mini_changes.other_login_ended, (404, "login_not_found"), alone=False
    ),
    "mp_agreements.accept": Route(mini_changes.accepted, fresh=RID),
    "mp_faces.begin": Route(mini_changes.face_asked, anew=CHECKS, fresh=FACE),
    "mp_faces.result": Route(mini_changes.face_shown, fresh=RID),
    "mp_faces.begin_login": Route(
        mini_changes.login_face_asked, anew=CHECKS, fresh=FACE | {"face_token"}
    ),
    "mp_faces.login_result": Route(mini_changes.login_face_shown, anew=CONSENTS, fresh=TOKEN),
    "mp_faces.set_password": Route(mini_changes.password_set_by_face, fresh=RID),
    "mp_qr.resolve_code": Route(mini_changes.code_resolved, fresh=RID),
    "mp_qr.scan": Route(mini_changes.code_scanned, fresh=RID),
    "mp_qr.touch": Route(mini_changes.of_scan("touch"), fresh=RID),
    "mp_qr.confirm_sign": Route(mini_changes.signature_confirmed, anew=GRANTS, fresh=RID),
    "mp_qr.confirm_login": Route(mini_changes.login_confirmed, fresh=RID),
    "mp_qr.decline": Route(mini_changes.of_scan("decline"), fresh=RID, busy=ENDED),
    "mp_subscribe.keep_results": Route(mini_changes.messages_taken, fresh=RID),
}
