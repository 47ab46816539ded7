"""Puts the demo approval system together."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path
from urllib.parse import urlsplit

from flask import Flask, render_template
from werkzeug.exceptions import HTTPException

from examples.approval_system.client import PartnerApi
from examples.approval_system.database import Database
from examples.approval_system.files import FileStore
from examples.approval_system.filings import FilingStore
from examples.approval_system.guard import protect
from examples.approval_system.pages import (
    Stores,
    account,
    filings,
    materials,
    online_signing,
    scan_login,
)
from examples.approval_system.scan_login import ScanLoginDesk
from examples.approval_system.signing import SigningDesk
from examples.approval_system.stages import STEPS, stage_of
from examples.approval_system.upload import MOST_BYTES, TOO_LARGE

TITLE = "南宁市工程建设项目审批系统（演示）"
SUPPORT_PHONE = "0771-4977565"
BEIJING = timezone(timedelta(hours=8))
# A form wraps the file in a few hundred bytes of its own.
FORM_OVERHEAD = 64 * 1024

SENTENCES = {
    400: ("请求无法识别。", "请返回首页重新操作。"),
    401: ("登录已失效。", "请重新登录后再试。"),
    403: ("这个请求不是从本系统页面发出的，已拒绝。", "请返回本系统页面重新操作。"),
    404: ("没有找到您要的内容。", "请返回后重新选择。"),
    405: ("不支持这样访问。", "请返回首页重新操作。"),
    413: (TOO_LARGE.detail, TOO_LARGE.next_step),
    422: ("提交的内容有误。", "请返回检查后重新提交。"),
    500: ("系统出错了。", "请稍后再试；仍然如此请拨打技术支持电话。"),
}


@dataclass(frozen=True)
class Config:
    """Where things are; `signing_origin` is the only origin that a browser is ever sent to."""

    data: Path
    public_url: str
    signing_origin: str


def create_app(config: Config, api: PartnerApi) -> Flask:
    """The application; the caller owns `api` and closes it."""
    database = Database(config.data)
    files = FileStore(database, config.data)
    desk = SigningDesk(
        files, api, public_url=config.public_url, signing_origin=config.signing_origin
    )
    logins = ScanLoginDesk(
        database,
        api,
        return_url=f"{config.public_url}/scan-login/back",
        signing_origin=config.signing_origin,
    )
    app = Flask(__name__)
    app.config.update(
        SECRET_KEY=_session_key(config.data),
        SESSION_COOKIE_NAME="approval_session",
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=config.public_url.startswith("https://"),
        MAX_CONTENT_LENGTH=MOST_BYTES + FORM_OVERHEAD,
    )
    app.extensions["stores"] = Stores(files, FilingStore(database), desk, logins)
    protect(app, public_url=config.public_url, signing_origin=config.signing_origin)
    for page in (account, scan_login, online_signing, materials, filings):
        app.register_blueprint(page.bp)
    app.add_url_rule("/livez", "livez", lambda: ("ok", {"Content-Type": "text/plain"}))
    app.register_error_handler(HTTPException, show_error)
    app.jinja_env.filters.update(beijing=beijing, size=size)
    signing_host = urlsplit(config.signing_origin).netloc
    app.jinja_env.globals.update(
        title=TITLE, phone=SUPPORT_PHONE, stage_of=stage_of, steps=STEPS, signing_host=signing_host
    )
    return app


def show_error(error: HTTPException) -> tuple[str, int]:
    """Every refusal is a page with a sentence and a next step."""
    status = error.code or 500
    detail, next_step = SENTENCES.get(status, SENTENCES[500])
    page = render_template("error.html", status=status, detail=detail, next_step=next_step)
    return page, status


def beijing(moment: str) -> str:
    """`2026-11-21T02:03:04Z` → `2026-11-21 10:03`; empty stays empty."""
    if not moment:
        return ""
    return datetime.fromisoformat(moment).astimezone(BEIJING).strftime("%Y-%m-%d %H:%M")


def size(count: int) -> str:
    """`1536` → `1.5 KB`."""
    if count < 1024 * 1024:
        return f"{count / 1024:.1f} KB"
    return f"{count / 1024 / 1024:.1f} MB"


def _session_key(data: Path) -> str:
    """Made at the first start, so that a restart logs nobody out."""
    path = data / "session.key"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(32))
    return path.read_text()
