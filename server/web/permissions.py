"""Who may call which route: one table; a route without a row is refused, and fails a test."""

from collections.abc import Callable
from enum import StrEnum

from flask import Flask, request

from server.core.errors import Forbidden, NotFound
from server.runtime import runtime
from server.web import admission, csrf, identity


class Need(StrEnum):
    """What a caller must bring.

    VISITOR is logged in, and finishes coming in: agreements, the face gate, the role, logging out.
    PERSON may go on (`admission`), SELF does what is his own and no company's. The same by the
    cookie of a computer is DESKTOP…, by a mini-program's bearer token MP_….
    """

    NOTHING = "nothing"
    PARTNER = "partner"
    BROWSER = "browser"
    VISITOR = "visitor"
    PERSON = "person"
    SELF = "self"
    DESKTOP_VISITOR = "desktop_visitor"
    DESKTOP = "desktop"
    PAGE = "page"
    LOGIN_PAGE = "login_page"
    DEVELOPMENT = "development"
    MP_VISITOR = "mp_visitor"
    MP_PERSON = "mp_person"
    MP_SELF = "mp_self"


NEEDS: dict[str, Need] = {
    "static": Need.NOTHING,
    "health.livez": Need.NOTHING,
    "health.readyz": Need.NOTHING,
    "health.metrics": Need.NOTHING,
    "openapi.spec": Need.NOTHING,
    "openapi.page": Need.NOTHING,
    "openapi.mini_program_spec": Need.NOTHING,
    "openapi.mini_program_page": Need.NOTHING,
    "swagger_ui.show": Need.NOTHING,
    "desktop.index": Need.NOTHING,
    "desktop.app_guide": Need.NOTHING,
    "desktop.download": Need.NOTHING,
    "authority.crl": Need.NOTHING,
    "authority.ocsp": Need.NOTHING,
    "authority.issuer": Need.NOTHING,
    "partner_documents.add_document": Need.PARTNER,
    "partner_documents.show_document": Need.PARTNER,
    "partner_signing.create_signing_task": Need.PARTNER,
    "partner_signing.show_signing_task": Need.PARTNER,
    "partner_signing.cancel_signing_task": Need.PARTNER,
    "partner_signing.show_result": Need.PARTNER,
    "partner_logins.create_login_session": Need.PARTNER,
    "partner_logins.show_login_session": Need.PARTNER,
    "partner_logins.cancel_login_session": Need.PARTNER,
    "partner_logins.exchange_login_code": Need.PARTNER,
    "sign.page": Need.NOTHING,
    "sign.open_page": Need.BROWSER,
    "sign.state": Need.PAGE,
    "sign.events": Need.PAGE,
    "sign.ticket": Need.PAGE,
    "sign.frames": Need.PAGE,
    "sign.refresh": Need.PAGE,
    "sign.another_phone": Need.PAGE,
    "sign.this_device": Need.PAGE,
    "sign.cancel": Need.PAGE,
    "sign.restart": Need.PAGE,
    "sign.public_computer": Need.PAGE,
    "sign.leave": Need.BROWSER,
    "sealing.load": Need.PAGE,
    "sealing.document": Need.PAGE,
    "sealing.seal_picture": Need.PAGE,
    "sealing.save_placements": Need.PAGE,
    "sealing.confirm": Need.PAGE,
    "sealing.download": Need.PAGE,
    "phone.scan_link": Need.BROWSER,
    "phone.login_page": Need.BROWSER,
    "phone.codes_help": Need.BROWSER,
    "phone.send_code": Need.BROWSER,
    "phone.log_in": Need.BROWSER,
    "phone.log_out": Need.VISITOR,
    "phone_password.log_in": Need.BROWSER,
    "phone_document.send_code": Need.BROWSER,
    "phone_document.log_in": Need.BROWSER,
    "phone_face_ways.log_in": Need.BROWSER,
    "phone_face_ways.begin_reset": Need.BROWSER,
    "phone_face_ways.new_password_page": Need.BROWSER,
    "phone_face_ways.reset": Need.BROWSER,
    "phone_password.forgot_page": Need.BROWSER,
    "phone_password.send_code": Need.BROWSER,
    "phone_password.reset": Need.BROWSER,
    "phone_identities.start_login": Need.BROWSER,
    "phone_identities.come_back": Need.BROWSER,
    "phone_identities.start_binding": Need.SELF,
    "phone_identities.end_binding": Need.SELF,
    "phone_register.register_page": Need.BROWSER,
    "phone_register.register": Need.BROWSER,
    "phone_company.login_page": Need.BROWSER,
    "phone_company.log_in": Need.BROWSER,
    "phone_company.forgot_page": Need.BROWSER,
    "phone_company.send_code": Need.BROWSER,
    "phone_company.reset": Need.BROWSER,
    "phone_company_register.page": Need.BROWSER,
    "phone_company_register.send_code": Need.BROWSER,
    "phone_company_register.register": Need.BROWSER,
    "intents.methods": Need.PERSON,
    "intents.begin": Need.PERSON,
    "intents.prove_it": Need.PERSON,
    "phone_home.home": Need.PERSON,
    "phone_home.switch_role": Need.VISITOR,
    "phone_home.uses": Need.PERSON,
    "phone_home.seal": Need.PERSON,
    "phone_home.seal_picture": Need.PERSON,
    "phone_messages.messages": Need.PERSON,
    "phone_messages.read": Need.PERSON,
    "phone_messages.read_all": Need.PERSON,
    "phone_me.me": Need.PERSON,
    "phone_method.page": Need.PERSON,
    "phone_method.save": Need.PERSON,
    "phone_method.forgotten_page": Need.PERSON,
    "phone_method.set_password": Need.PERSON,
    "phone_proofs.send_code": Need.SELF,
    "phone_real_name.page": Need.SELF,
    "phone_real_name.declare": Need.SELF,
    "phone_safety.password_page": Need.SELF,
    "phone_safety.set_password": Need.SELF,
    "phone_safety.phone_page": Need.SELF,
    "phone_safety.send_to_new_phone": Need.SELF,
    "phone_safety.change_phone": Need.SELF,
    "phone_real_name.begin_face": Need.SELF,
    "phone_data.data_page": Need.SELF,
    "phone_data.take_data": Need.SELF,
    "phone_data.close_page": Need.SELF,
    "phone_data.close": Need.SELF,
    "phone_data.closed": Need.BROWSER,
    "phone_log.log": Need.SELF,
    "phone_devices.devices": Need.PERSON,
    "phone_devices.end": Need.PERSON,
    "phone_devices.end_others": Need.PERSON,
    "phone_qr.scanner": Need.PERSON,
    "phone_qr.read_code": Need.PERSON,
    "phone_qr.confirm_page": Need.PERSON,
    "phone_qr.scan": Need.PERSON,
    "phone_qr.preview": Need.PERSON,
    "phone_qr.touch": Need.PERSON,
    "phone_qr.confirm": Need.PERSON,
    "phone_qr.decline": Need.PERSON,
    "phone_login.confirm_page": Need.SELF,
    "phone_login.scan": Need.SELF,
    "phone_login.confirm": Need.SELF,
    "phone_login.decline": Need.SELF,
    "phone_agreements.present": Need.NOTHING,
    "phone_agreements.past": Need.NOTHING,
    "phone_agreements.changed": Need.VISITOR,
    "phone_agreements.accept": Need.VISITOR,
    "phone_agreements.mine": Need.SELF,
    "phone_agreements.withdraw": Need.SELF,
    "phone_gate.page": Need.VISITOR,
    "phone_gate.begin": Need.VISITOR,
    "phone_faces.back": Need.BROWSER,
    "phone_faces.settle": Need.BROWSER,
    "qr_login.page": Need.BROWSER,
    "qr_login.open_page": Need.BROWSER,
    "qr_login.state": Need.LOGIN_PAGE,
    "qr_login.events": Need.LOGIN_PAGE,
    "qr_login.ticket": Need.LOGIN_PAGE,
    "qr_login.frames": Need.LOGIN_PAGE,
    "qr_login.refresh": Need.LOGIN_PAGE,
    "qr_login.another_phone": Need.LOGIN_PAGE,
    "qr_login.not_me": Need.LOGIN_PAGE,
    "qr_login.log_in": Need.LOGIN_PAGE,
    "partner_login.page": Need.BROWSER,
    "partner_login.open_page": Need.BROWSER,
    "partner_login.state": Need.LOGIN_PAGE,
    "partner_login.events": Need.LOGIN_PAGE,
    "partner_login.ticket": Need.LOGIN_PAGE,
    "partner_login.frames": Need.LOGIN_PAGE,
    "partner_login.refresh": Need.LOGIN_PAGE,
    "partner_login.another_phone": Need.LOGIN_PAGE,
    "partner_login.not_me": Need.LOGIN_PAGE,
    "partner_login.confirm": Need.LOGIN_PAGE,
    "partner_login.leave": Need.LOGIN_PAGE,
    "desktop_login.password_page": Need.BROWSER,
    "desktop_login.log_in": Need.BROWSER,
    "desktop_login.company_page": Need.BROWSER,
    "desktop_login.log_in_company": Need.BROWSER,
    "desktop_agreements.changed": Need.DESKTOP_VISITOR,
    "desktop_agreements.accept": Need.DESKTOP_VISITOR,
    "desktop_gate.page": Need.DESKTOP_VISITOR,
    "desktop_gate.begin": Need.DESKTOP_VISITOR,
    "desktop_gate.settle": Need.DESKTOP_VISITOR,
    "account.show": Need.DESKTOP,
    "account.end_login": Need.DESKTOP,
    "account.log_out": Need.DESKTOP_VISITOR,
    "wechat_push.echo": Need.NOTHING,
    "wechat_push.take": Need.NOTHING,
    "development.outbox": Need.DEVELOPMENT,
    "development.face": Need.DEVELOPMENT,
    "development.decide_face": Need.DEVELOPMENT,
    "mp_auth.send_code": Need.NOTHING,
    "mp_auth.log_in": Need.NOTHING,
    "mp_auth.reset_password": Need.NOTHING,
    "mp_register.register_person": Need.NOTHING,
    "mp_register.register_company": Need.NOTHING,
    "mp_qr.resolve_code": Need.MP_PERSON,
    "mp_qr.scan": Need.MP_PERSON,
    "mp_qr.preview": Need.MP_PERSON,
    "mp_qr.touch": Need.MP_PERSON,
    "mp_qr.confirm_sign": Need.MP_PERSON,
    "mp_qr.confirm_login": Need.MP_SELF,
    "mp_qr.decline": Need.MP_PERSON,
    "mp_wechat.wx_login": Need.NOTHING,
    "mp_wechat.enter_by_phone": Need.NOTHING,
    "mp_wechat.bind": Need.MP_SELF,
    "mp_wechat.unbind": Need.MP_SELF,
    "mp_seals.home": Need.MP_PERSON,
    "mp_seals.list_seals": Need.MP_PERSON,
    "mp_seals.show_seal": Need.MP_PERSON,
    "mp_seals.seal_picture": Need.MP_PERSON,
    "mp_seals.list_uses": Need.MP_PERSON,
    "mp_agreements.list_agreements": Need.NOTHING,
    "mp_agreements.accept": Need.MP_VISITOR,
    "mp_messages.list_messages": Need.MP_PERSON,
    "mp_messages.list_todos": Need.MP_PERSON,
    "mp_messages.read": Need.MP_PERSON,
    "mp_messages.read_all": Need.MP_PERSON,
    "mp_subscribe.list_templates": Need.MP_PERSON,
    "mp_subscribe.keep_results": Need.MP_SELF,
    "mp_faces.begin": Need.MP_VISITOR,
    "mp_faces.result": Need.MP_VISITOR,
    "mp_faces.begin_login": Need.NOTHING,
    "mp_faces.login_result": Need.NOTHING,
    "mp_faces.set_password": Need.NOTHING,
    "mp_intents.methods": Need.MP_PERSON,
    "mp_intents.begin": Need.MP_PERSON,
    "mp_intents.prove_it": Need.MP_PERSON,
    "mp_method.show": Need.MP_PERSON,
    "mp_method.save": Need.MP_PERSON,
    "mp_method.set_password": Need.MP_PERSON,
    "mp_me.me": Need.MP_VISITOR,
    "mp_me.switch_role": Need.MP_SELF,
    "mp_me.log_out": Need.NOTHING,
    "mp_me.list_sessions": Need.MP_PERSON,
    "mp_me.end_session": Need.MP_PERSON,
}
# The rest asks for a credential of its own in the use case: a page's token, a link's signature.
PREDICATES: dict[Need, tuple[Callable[[], None], ...]] = {
    Need.PARTNER: (identity.identify_partner,),
    Need.VISITOR: (identity.identify_person,),
    Need.PERSON: (identity.identify_person, admission.require_admitted),
    Need.SELF: (identity.identify_person, admission.require_own),
    Need.DESKTOP_VISITOR: (identity.identify_desktop,),
    Need.DESKTOP: (identity.identify_desktop, admission.require_admitted),
    Need.MP_VISITOR: (identity.identify_mini_program,),
    Need.MP_PERSON: (identity.identify_mini_program, admission.require_admitted),
    Need.MP_SELF: (identity.identify_mini_program, admission.require_own),
}
BY_PHONE = (Need.VISITOR, Need.PERSON, Need.SELF)
BY_COMPUTER = (Need.DESKTOP_VISITOR, Need.DESKTOP)
BY_TOKEN = (Need.MP_VISITOR, Need.MP_PERSON, Need.MP_SELF)
BY_COOKIE = (Need.BROWSER, Need.PAGE, Need.LOGIN_PAGE, *BY_PHONE, *BY_COMPUTER)


def register(app: Flask) -> None:
    """Ask the table before every request."""

    @app.before_request
    def check() -> None:
        if request.endpoint is None:
            return
        need = NEEDS.get(request.endpoint)
        if need is None:
            raise Forbidden()
        if need == Need.DEVELOPMENT and runtime().settings.is_production:
            raise NotFound()
        if need in BY_COOKIE:
            csrf.require_same_origin(runtime().settings)
        for predicate in PREDICATES.get(need, ()):
            predicate()
