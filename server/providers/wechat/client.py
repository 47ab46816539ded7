"""WeChat over HTTPS: each method is one request, checked before and after."""

import base64
import hashlib
import re
from collections.abc import Mapping
from datetime import timedelta
from typing import ClassVar, Final

import requests

from server.core.clock import Clock
from server.providers.wechat import (
    FaceOutcome,
    FaceStarted,
    TextScene,
    TextVerdict,
    WeChatIdentity,
    WeChatUnavailable,
)
from server.providers.wechat.fields import fitted
from server.providers.wechat.gateway import Gateway, WeChatApp, part, require
from server.providers.wechat.token import Tokens

SCENE: Final = re.compile(r"[0-9A-Za-z!#$&'()*+,/:;=?@\-._~]{1,32}")
QUERY: Final = re.compile(r"[0-9A-Za-z!#$&'()*+,/:;=?@\-._~%]{0,1024}")
PAGE: Final = re.compile(r"[0-9A-Za-z_\-]+(/[0-9A-Za-z_\-]+)*")
WIDTHS: Final = range(280, 1281)
LONGEST_LIFE: Final = timedelta(days=30)
LONGEST_TEXT: Final = 2500
PASSED: Final = 10000
MAINLAND: Final = "86"


class HttpWeChat:
    """See WeChat. Made once in each process, after the fork: it keeps connections open."""

    development_only: ClassVar[bool] = False

    def __init__(self, app: WeChatApp, tokens: Tokens, clock: Clock) -> None:
        self._app, self._clock = app, clock
        self._gateway = Gateway(app, tokens)

    def close(self) -> None:
        """End the connections, those of the tokens too."""
        self._gateway.close()

    def code_to_session(self, js_code: str) -> WeChatIdentity:
        """See WeChat.code_to_session. The session_key is not even read: whoever has it can sign
        as the user, and we need nothing that is sealed with it.
        """
        asked = {
            "appid": self._app.appid,
            "secret": self._app.secret,
            "js_code": js_code,
            "grant_type": "authorization_code",
        }
        answer = self._gateway.ask_without_token("sns/jscode2session", asked)
        return WeChatIdentity(part(answer, "openid", str), answer.get("unionid") or None)

    def phone_number(self, code: str) -> str:
        """See WeChat.phone_number."""
        answer = self._gateway.call("wxa/business/getuserphonenumber", {"code": code})
        phone = part(answer, "phone_info", dict)
        # A number that was asked for by another mini-program is not our user's consent (S-42).
        if part(part(phone, "watermark", dict), "appid", str) != self._app.appid:
            raise WeChatUnavailable
        number, country = part(phone, "purePhoneNumber", str), part(phone, "countryCode", str)
        return number if country == MAINLAND else f"+{country}{number}"

    def qr_code(
        self, scene: str, *, page: str, env_version: str = "release", width: int = 430
    ) -> bytes:
        """See WeChat.qr_code."""
        if not SCENE.fullmatch(scene) or not PAGE.fullmatch(page) or width not in WIDTHS:
            raise ValueError("scene, page or width is not what a code can hold")
        asked = {
            "scene": scene,
            "page": page,
            "width": width,
            "env_version": env_version,
            # A page that is not published yet can be opened in the trial version only.
            "check_path": env_version == "release",
        }
        answer = self._gateway.call("wxa/getwxacodeunlimit", asked)
        return bytes(require(answer, requests.Response).content)

    def url_link(self, path: str, *, query: str = "", life: timedelta) -> str:
        """See WeChat.url_link."""
        good = PAGE.fullmatch(path) and QUERY.fullmatch(query)
        if not good or not timedelta(0) < life <= LONGEST_LIFE:
            raise ValueError("path, query or life is not what a link can hold")
        ends = int((self._clock.now() + life).timestamp())
        asked = {"path": path, "query": query, "expire_type": 0, "expire_time": ends}
        return part(self._gateway.call("wxa/generate_urllink", asked), "url_link", str)

    def send_subscribe_message(
        self, *, openid: str, template: str, fields: Mapping[str, str], page: str
    ) -> None:
        """See WeChat.send_subscribe_message."""
        asked = {
            "touser": openid,
            "template_id": template,
            "page": page,
            "data": fitted(fields),
            "lang": "zh_CN",
        }
        part(self._gateway.call("cgi-bin/message/subscribe/send", asked), "errcode", int)

    def check_text(self, *, openid: str, scene: TextScene, text: str) -> TextVerdict:
        """See WeChat.check_text. The errcode is 0 for a text that is refused as well."""
        if not 1 <= len(text) <= LONGEST_TEXT:
            raise ValueError("a text has 1 to 2,500 characters")
        asked = {"openid": openid, "scene": int(scene), "version": 2, "content": text}
        answer = self._gateway.call("wxa/msg_sec_check", asked)
        said = part(part(answer, "result", dict), "suggest", str)
        return TextVerdict(said) if said in set(TextVerdict) else TextVerdict.RISKY

    def start_face(self, *, out_seq_no: str, name: str, id_number: str, openid: str) -> FaceStarted:
        """See WeChatFace.start_face."""
        asked = {
            "out_seq_no": out_seq_no,
            "cert_info": certificate(name, id_number),
            "openid": openid,
        }
        answer = self._gateway.call("cityservice/face/identify/getverifyid", asked)
        life = timedelta(seconds=part(answer, "expires_in", int))
        return FaceStarted(part(answer, "verify_id", str), life)

    def face_result(
        self, *, verify_id: str, out_seq_no: str, name: str, id_number: str, openid: str
    ) -> FaceOutcome:
        """See WeChatFace.face_result."""
        asked = {
            "verify_id": verify_id,
            "out_seq_no": out_seq_no,
            "cert_hash": certificate_hash(name, id_number),
            "openid": openid,
        }
        answer = self._gateway.call("cityservice/face/identify/queryverifyinfo", asked)
        # No errcode at all is not the errcode 0 that WeChat's rule asks for.
        part(answer, "errcode", int)
        ret = part(answer, "verify_ret", int)
        return FaceOutcome(ret == PASSED, ret)


def certificate(name: str, id_number: str) -> dict[str, str]:
    """A mainland ID card as face verification takes it."""
    return {"cert_type": "IDENTITY_CARD", "cert_name": name, "cert_no": id_number}


def certificate_hash(name: str, id_number: str) -> str:
    """SHA-256 in lower-case hex over the fields in Base64 (getVerifyId, notes)."""
    parts = (
        f"{field}={base64.b64encode(value.encode()).decode()}"
        for field, value in certificate(name, id_number).items()
    )
    return hashlib.sha256("&".join(parts).encode()).hexdigest()
