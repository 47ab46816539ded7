"""The person's own page on a computer: who is logged in, where else, and leaving."""

from typing import Any

from apiflask import APIBlueprint
from flask import jsonify, render_template
from werkzeug import Response

from server.accounts import sessions
from server.accounts.models import AccountSession, DeviceKind, Means
from server.grants.rights import companies_of
from server.runtime import runtime
from server.web.identity import DESKTOP_COOKIE, Person, current_person, system_of
from server.web.pages.roles import acting_right
from server.web.times import local
from server.web.words import say

bp = APIBlueprint("account", __name__, url_prefix="/account", enable_openapi=False)

MEANS_WORDS = {
    Means.SMS: "短信验证码登录",
    Means.PASSWORD: "密码登录",
    Means.FACE: "人脸核验登录",
    Means.WECHAT: "微信登录",
    Means.ALIPAY: "支付宝登录",
    Means.SSO: "一体化平台登录",
    Means.QR: "扫码登录",
    Means.REGISTRATION: "注册",
}


@bp.get("")
def show() -> str:
    """Name, acting role, and every device on which this person is logged in."""
    person = current_person()
    with runtime().db.read() as uow:
        right = acting_right(companies_of(uow, person.account.id), person)
        logins = [_login(one, person) for one in sessions.open_sessions(uow, person.account.id)]
    role = {"name": right.enterprise.name, "right": say(right.name)} if right else None
    return render_template("desktop/account.html", account=person.account, role=role, logins=logins)


@bp.post("/logins/<login_id>/end")
def end_login(login_id: str) -> Response:
    """Log this person out on one device. Raises LoginNotFound for anybody else's."""
    with runtime().db.begin() as uow:
        sessions.end_session(uow, login_id, account_id=current_person().account.id)
    return jsonify(next="/account")


@bp.post("/logout")
def log_out() -> Response:
    """End this computer's session."""
    with runtime().db.begin() as uow:
        sessions.log_out(uow, current_person().session.id)
    response = jsonify(next="/login")
    response.delete_cookie(DESKTOP_COOKIE)
    return response


def _login(session: AccountSession, person: Person) -> dict[str, Any]:
    return {
        "id": session.id,
        "system": " ".join(say(word) for word in system_of(session.user_agent).split()),
        "means": say(MEANS_WORDS[Means(session.means)]),
        "is_phone": session.kind != DeviceKind.COMPUTER,
        "since": local(session.created_at),
        "until": local(session.expires_at),
        "here": session.id == person.session.id,
    }
