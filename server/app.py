"""The composition root of the web process."""

import mimetypes
from pathlib import Path
from typing import Any

from apiflask import APIFlask
from flask import url_for
from gevent.monkey import is_module_patched
from gevent.threadpool import ThreadPool
from werkzeug.middleware.proxy_fix import ProxyFix

from server.assembly import assemble
from server.core import logs
from server.core.offload import AT_ONCE, heavy
from server.runtime import Runtime, set_runtime
from server.settings import Settings
from server.web import (
    authority,
    bodies,
    headers,
    health,
    identity,
    language,
    limits,
    openapi,
    permissions,
    problems,
    realtime,
    wechat_push,
)
from server.web.admin import login as admin_login
from server.web.admin import reviews as admin_reviews
from server.web.agreement_texts import text_of
from server.web.miniprogram import blueprints as miniprogram
from server.web.pages import (
    account,
    apply,
    apply_company,
    apply_materials,
    apply_personal,
    apply_progress,
    apply_steps,
    certifications,
    certify,
    desktop,
    desktop_agreements,
    desktop_gate,
    desktop_login,
    development,
    intents,
    notices,
    partner_login,
    phone,
    phone_agreements,
    phone_certificate,
    phone_company,
    phone_company_register,
    phone_data,
    phone_devices,
    phone_document,
    phone_face_ways,
    phone_faces,
    phone_gate,
    phone_home,
    phone_identities,
    phone_log,
    phone_login,
    phone_me,
    phone_messages,
    phone_method,
    phone_password,
    phone_qr,
    phone_real_name,
    phone_register,
    phone_safety,
    phone_sign_pages,
    phone_signings,
    proofs,
    qr_login,
    seal_lifecycle,
    sealing,
    signing,
    verification,
)
from server.web.partner import documents as partner_documents
from server.web.partner import logins as partner_logins
from server.web.partner import signing as partner_signing
from server.web.partner import verifications as partner_verifications

ROOT = Path(__file__).parent.parent
BLUEPRINTS = (
    health.bp,
    authority.bp,
    desktop.bp,
    development.bp,
    phone.bp,
    phone_company.bp,
    phone_company_register.bp,
    phone_document.bp,
    phone_agreements.bp,
    phone_face_ways.bp,
    phone_gate.bp,
    phone_faces.bp,
    certify.bp,
    certifications.bp,
    intents.bp,
    phone_home.bp,
    seal_lifecycle.bp,
    apply.bp,
    apply_company.bp,
    apply_materials.bp,
    apply_personal.bp,
    apply_steps.bp,
    apply_progress.bp,
    phone_me.bp,
    phone_messages.bp,
    phone_certificate.bp,
    phone_method.bp,
    phone_devices.bp,
    phone_log.bp,
    phone_data.bp,
    phone_real_name.bp,
    phone_safety.bp,
    phone_signings.bp,
    phone_sign_pages.bp,
    proofs.bp,
    phone_qr.bp,
    phone_register.bp,
    phone_login.bp,
    phone_password.bp,
    phone_identities.bp,
    qr_login.bp,
    partner_login.bp,
    desktop_login.bp,
    desktop_agreements.bp,
    desktop_gate.bp,
    account.bp,
    signing.bp,
    sealing.bp,
    verification.bp,
    admin_login.bp,
    admin_reviews.bp,
    partner_documents.bp,
    partner_signing.bp,
    partner_logins.bp,
    partner_verifications.bp,
    wechat_push.bp,
    *miniprogram.BLUEPRINTS,
)
# A form field may hold a file; anything beyond a full PDF and its wrapping is refused unread.
SLACK = 64 * 1024


def create_app(settings: Settings, *, parts: Runtime | None = None) -> APIFlask:
    """The web application; `parts` are given by tests, else assembled from the settings."""
    parts = parts or assemble(settings)
    logs.configure(settings.log_format)
    keep_the_loop_free()
    # Module scripts are refused under any other type, and nosniff makes that final.
    mimetypes.add_type("text/javascript", ".mjs")
    mimetypes.add_type("application/wasm", ".wasm")
    app = APIFlask(
        __name__,
        title="桂印 Guiyin",
        version="1",
        docs_path=None,
        spec_path=None,
        template_folder=str(ROOT / "templates"),
        static_folder=str(ROOT / "server" / "static"),
    )
    app.config["MAX_CONTENT_LENGTH"] = settings.largest_pdf + SLACK
    app.config["TRANSLATIONS"] = ROOT / "translations"
    app.url_map.strict_slashes = False
    _hand_in_runtime(app, parts)
    _register(app, settings)
    app.extensions["guiyin.socketio"] = realtime.make_socketio(app, parts)
    if settings.trusted_hops:
        hops = settings.trusted_hops
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops
        )
    return app


def keep_the_loop_free() -> None:
    """On gevent one thread serves everybody: what is heavy goes to threads beside it."""
    if is_module_patched("threading"):
        heavy.have_it_done(ThreadPool(AT_ONCE).apply)


def _hand_in_runtime(app: APIFlask, parts: Runtime) -> None:
    app.extensions["guiyin.runtime"] = parts

    @app.before_request
    def hand_in() -> None:
        set_runtime(parts)


def _register(app: APIFlask, settings: Settings) -> None:
    """The order is the order in which a request is judged."""
    headers.register(app, settings.public_url)
    health.register(app)
    language.register(app)
    problems.register(app)
    limits.register(app, settings)
    bodies.register(app)
    permissions.register(app)
    app.after_request(identity.keep_browser_id)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    openapi.register(app, settings.public_url)
    app.context_processor(lambda: _template_words(settings))


def _template_words(settings: Settings) -> dict[str, Any]:
    return {
        "waiting": notices.waiting,
        "vendor_url": lambda name: url_for("static", filename=f"vendor/{name}"),
        "lang": "en" if language.is_english() else "zh-CN",
        "agreement_text": text_of,
        "profile": settings.profile,
        "demo": not settings.is_production,
    }
