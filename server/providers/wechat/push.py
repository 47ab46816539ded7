"""What WeChat pushes to us: prove that it is WeChat, open it, and say what happened."""

import base64
import hashlib
import hmac
import json
import re
import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from xml.parsers.expat import ExpatError

import xmltodict
from wechatpy.crypto import PrpCrypto
from wechatpy.exceptions import WeChatException

from server.core.clock import Clock
from server.core.errors import Forbidden, Invalid, TooLarge
from server.providers.wechat.seen import Seen

LARGEST: Final = 64 * 1024
WINDOW: Final = timedelta(minutes=5)
ECHO: Final = re.compile(r"[\w\-]{1,128}", re.ASCII)
PARAMETERS: Final = ("timestamp", "nonce")
BROKEN: Final = (
    ExpatError,
    WeChatException,
    struct.error,
    ValueError,
    TypeError,
    LookupError,
    RecursionError,
)


class PushRefused(Forbidden):
    """Not from WeChat, not for us, not from now, or a signature used for something else.

    `why` is for the log: signature, stale, replayed, not_encrypted, another_appid.
    """

    code = "push_refused"
    message = ("消息推送校验未通过。", "The push was not proved to come from WeChat.")
    next_step = ("请检查推送令牌和加密密钥。", "Check the push token and the AES key.")

    def __init__(self, why: str) -> None:
        super().__init__()
        self.why = why

    def __str__(self) -> str:
        return f"{self.code} {self.why}"


class PushUnreadable(Invalid):
    """Neither JSON nor XML, or without what every push has."""

    code = "push_unreadable"
    message = ("消息推送无法读取。", "The push cannot be read.")
    next_step = ("请检查推送的数据格式。", "Check the format that is set for pushes.")


class PushTooLarge(TooLarge):
    """More than 64 KB."""

    code = "push_too_large"


@dataclass(frozen=True)
class PushKeys:
    """As set in WeChat's console. With an AES key only encrypted pushes are taken."""

    appid: str
    token: str = field(repr=False)
    aes_key: str = field(default="", repr=False)


@dataclass(frozen=True)
class PushEvent:
    """One push. `key` is the same each time WeChat sends it again: handle each key once.

    `kind` is MsgType; `event` is Event, or empty; `body` is all of it, as JSON or XML had it, so
    numbers may be text.
    """

    kind: str
    event: str
    openid: str = field(repr=False)
    sent_at: datetime
    key: str = field(repr=False)
    body: Mapping[str, Any] = field(repr=False)


class PushReader:
    """Reads WeChat's calls of our address; `seen` remembers what was signed."""

    def __init__(self, keys: PushKeys, seen: Seen, clock: Clock) -> None:
        self._keys, self._seen, self._clock = keys, seen, clock
        self._cipher = PrpCrypto(base64.b64decode(keys.aes_key + "=")) if keys.aes_key else None

    def echo(self, query: Mapping[str, str]) -> str:
        """The text to answer when WeChat tries our address (GET). Raises PushRefused."""
        self._prove(query, "signature")
        text = query.get("echostr", "")
        if not ECHO.fullmatch(text):
            raise PushRefused("signature")
        return text

    def read(self, query: Mapping[str, str], content_type: str, body: bytes) -> PushEvent:
        """What a POST tells. Answer `success` within five seconds, and work later.

        WeChat sends a push up to three times until it hears `success`, so the same push may be
        read again, with the same `key`; a signature that comes with another body is refused.
        Raises PushTooLarge, PushRefused, PushUnreadable.
        """
        if len(body) > LARGEST:
            raise PushTooLarge
        if self._cipher is None:
            self._prove(query, "signature")
            self._claim(query, body)
            return _event(_parsed(content_type, body))
        if query.get("encrypt_type") != "aes":
            raise PushRefused("not_encrypted")
        sealed = _text(_parsed(content_type, body), "Encrypt")
        self._prove(query, "msg_signature", sealed)
        self._claim(query, body)
        opened = _opened(self._cipher, sealed, self._keys.appid)
        return _event(_parsed(content_type, opened))

    def close(self) -> None:
        """End the connections of what was seen."""
        self._seen.close()

    def _prove(self, query: Mapping[str, str], name: str, *more: str) -> None:
        asked = [query.get(one, "") for one in PARAMETERS]
        made = hashlib.sha1("".join(sorted([self._keys.token, *asked, *more])).encode())  # noqa: S324
        given = query.get(name, "")
        if not hmac.compare_digest(made.hexdigest().encode(), given.encode()):
            raise PushRefused("signature")
        if abs(self._clock.now().timestamp() - _seconds(asked[0])) > WINDOW.total_seconds():
            raise PushRefused("stale")

    def _claim(self, query: Mapping[str, str], body: bytes) -> None:
        # Without encryption the signature does not cover the body: one that was overheard could
        # carry any other. The window reaches to both sides, so it is kept for both.
        name = f"{query['timestamp']}:{query['nonce']}"
        if not self._seen.claim(name, hashlib.sha256(body).hexdigest(), 2 * WINDOW):
            raise PushRefused("replayed")


def _opened(cipher: Any, sealed: str, appid: str) -> bytes:
    try:
        return str(cipher.decrypt(sealed, appid)).encode()
    except BROKEN as error:
        name = type(error).__name__
    raise PushRefused("another_appid" if name == "InvalidAppIdException" else "signature")


def _seconds(text: str) -> int:
    if not re.fullmatch(r"\d{1,12}", text, re.ASCII):
        raise PushRefused("stale")
    return int(text)


def _parsed(content_type: str, body: bytes) -> Mapping[str, Any]:
    try:
        # By its type first: an XML reader must never meet what somebody called JSON.
        if "json" in content_type:
            parsed = json.loads(body)
        elif "xml" in content_type:
            parsed = xmltodict.parse(body)["xml"]
        else:
            parsed = None
    except BROKEN:
        parsed = None
    if not isinstance(parsed, dict):
        raise PushUnreadable
    return parsed


def _text(body: Mapping[str, Any], name: str) -> str:
    value = body.get(name)
    if isinstance(value, bool) or not isinstance(value, str | int) or value == "":
        raise PushUnreadable
    return str(value)


def _event(body: Mapping[str, Any]) -> PushEvent:
    kind, openid, sent = (_text(body, one) for one in ("MsgType", "FromUserName", "CreateTime"))
    event = _text(body, "Event") if kind == "event" else ""
    if not re.fullmatch(r"\d{1,11}", sent, re.ASCII):
        raise PushUnreadable
    key = f"msg:{_text(body, 'MsgId')}" if body.get("MsgId") else f"{openid}:{sent}:{event}"
    return PushEvent(kind, event, openid, datetime.fromtimestamp(int(sent), UTC), key, body)
