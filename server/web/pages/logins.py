"""What a page shows of a person's logins: the device, the way in, since when and until when."""

from typing import Any

from server.accounts import sessions
from server.accounts.models import AccountSession, DeviceKind, Means
from server.core.db import UnitOfWork
from server.web.identity import Person, system_of
from server.web.times import local
from server.web.words import say

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
PLACES = {
    DeviceKind.PHONE: "手机网页",
    DeviceKind.COMPUTER: "电脑",
    DeviceKind.MINI_PROGRAM: "微信小程序",
}


def shown_logins(uow: UnitOfWork, person: Person) -> list[dict[str, Any]]:
    """Every login that this one may end, its own among them, the newest first."""
    return [_shown(row, person) for row in sessions.in_reach(uow, person.session)]


def _shown(session: AccountSession, person: Person) -> dict[str, Any]:
    return {
        "id": session.id,
        "system": " ".join(say(word) for word in system_of(session.user_agent).split()),
        "place": say(PLACES[DeviceKind(session.kind)]),
        "address": say(session.address),
        "means": say(MEANS_WORDS[Means(session.means)]),
        "is_phone": session.kind != DeviceKind.COMPUTER,
        "of_company": session.enterprise_login_id is not None,
        "since": local(session.created_at),
        "until": local(session.expires_at),
        "here": session.id == person.session.id,
    }
