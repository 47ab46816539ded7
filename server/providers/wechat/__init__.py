"""WeChat, for the mini-program: who opened it, codes and links into it, messages, faces."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import IntEnum, StrEnum
from typing import ClassVar, Final, Protocol

from server.core.errors import Conflict, Unavailable

TOO_OFTEN: Final = 45011
"""More calls in this minute than WeChat takes, for one user or for all."""


class WeChatUnavailable(Unavailable):
    """WeChat is busy, does not answer, or answers what nobody can read; the same may be tried
    again. `errcode` and `rid` are for the log: what WeChat said, if it said anything.
    """

    code = "wechat_unavailable"
    message = ("微信服务暂时不可用。", "WeChat is not available for the moment.")
    next_step = ("请稍后再试，或改用其他方式。", "Try again later, or use another way.")

    def __init__(self, errcode: int | None = None, rid: str = "") -> None:
        super().__init__()
        self.errcode, self.rid = errcode, rid
        # One user can use up his own minute; the others must not be shut out with him.
        self.concerns_all = errcode != TOO_OFTEN

    def __str__(self) -> str:
        return f"{self.code} errcode={self.errcode} rid={self.rid}"


class WeChatNotConfigured(WeChatUnavailable):
    """No appid is set: this installation has no mini-program."""

    code = "wechat_not_configured"
    message = ("本系统尚未接入微信小程序。", "No WeChat mini-program is connected.")
    next_step = ("请使用手机网页或 APP。", "Use the phone pages or the app.")


class WeChatRejected(Conflict):
    """WeChat read the request and said no; the same request will be refused again.

    `errcode` is WeChat's number and `rid` what its support asks for; both stay in the log.
    """

    code = "wechat_rejected"
    message = ("微信拒绝了此次请求。", "WeChat refused the request.")
    next_step = ("请重新操作；仍不成功时请联系客服。", "Try once more; else contact support.")

    def __init__(self, errcode: int, rid: str = "") -> None:
        super().__init__()
        self.errcode, self.rid = errcode, rid

    def __str__(self) -> str:
        return f"{self.code} errcode={self.errcode} rid={self.rid}"


class WeChatCodeRefused(WeChatRejected):
    """The code of `wx.login` or `getPhoneNumber` is unknown, used or older than five minutes."""

    code = "wechat_code_refused"
    message = ("微信登录凭证已失效。", "The code from WeChat is no longer valid.")
    next_step = ("请返回后重新点击。", "Go back and tap again.")


class WeChatAccountRefused(WeChatRejected):
    """WeChat holds the user for a risk and lets him not log in (40226)."""

    code = "wechat_account_refused"
    message = ("微信暂不允许该账号登录。", "WeChat does not let this account log in.")
    next_step = ("请改用手机号登录。", "Log in with your phone number.")


class WeChatNotSubscribed(WeChatRejected):
    """The user has no subscription left for the template (43101); never sent again by itself."""

    code = "wechat_not_subscribed"
    message = ("用户未订阅该消息。", "The user has not subscribed to this message.")
    next_step = ("请用户重新订阅。", "Ask the user to subscribe again.")


@dataclass(frozen=True)
class WeChatIdentity:
    """Who opened the mini-program: a WeChat identity, not an account of ours.

    `openid` holds for one appid; `unionid` comes only when the appid is bound to an open platform
    account. Both stay on the server (S-42).
    """

    openid: str = field(repr=False)
    unionid: str | None = field(default=None, repr=False)


class TextScene(IntEnum):
    """Where a text will stand."""

    PROFILE = 1
    COMMENT = 2
    FORUM = 3
    SOCIAL = 4


class TextVerdict(StrEnum):
    """What WeChat thinks of a text. Only `pass` may be shown: nobody here reviews by hand."""

    PASS = "pass"  # noqa: S105 - a verdict
    REVIEW = "review"
    RISKY = "risky"


@dataclass(frozen=True)
class FaceStarted:
    """`verify_id` is for `wx.requestFacialVerify` on the phone, within `life`."""

    verify_id: str = field(repr=False)
    life: timedelta


@dataclass(frozen=True)
class FaceOutcome:
    """The only proof of a face check; what the phone says counts for nothing.

    `verify_ret` is WeChat's number: 10000 passed, 90001 and up what the person or the phone did.
    """

    passed: bool
    verify_ret: int


class WeChatFace(Protocol):
    """Face verification 2.0; only inside the mini-program, for one appid and openid."""

    def start_face(self, *, out_seq_no: str, name: str, id_number: str, openid: str) -> FaceStarted:
        """Begin a check; `out_seq_no` is our own number for it, and name, ID number and openid
        must be given again for the result. Raises WeChatUnavailable, WeChatRejected.
        """
        ...

    def face_result(
        self, *, verify_id: str, out_seq_no: str, name: str, id_number: str, openid: str
    ) -> FaceOutcome:
        """How the check ended. Other data than at the start is WeChatRejected, never a result."""
        ...


class WeChat(WeChatFace, Protocol):
    """What the mini-program needs of WeChat's servers.

    Every method raises WeChatUnavailable or WeChatRejected; none repeats anything by itself but a
    refused access token, once. ValueError is a fault of the caller: WeChat was not asked.
    """

    development_only: ClassVar[bool]

    def code_to_session(self, js_code: str) -> WeChatIdentity:
        """Who sent this code of `wx.login`: one call, without an access token, so that logging in
        works while the token does not. Raises WeChatCodeRefused, WeChatAccountRefused.
        """
        ...

    def phone_number(self, code: str) -> str:
        """The phone number behind a code of `getPhoneNumber`: 11 digits, or `+` and the country's
        number for a foreign one. Raises WeChatCodeRefused.
        """
        ...

    def qr_code(
        self, scene: str, *, page: str, env_version: str = "release", width: int = 430
    ) -> bytes:
        """A mini-program code as a picture (JPEG or PNG). It never ends: `scene`, 1 to 32
        characters, has to carry its own life. `page` without a slash in front and without a query;
        `width` 280 to 1280 pixels.
        """
        ...

    def url_link(self, path: str, *, query: str = "", life: timedelta) -> str:
        """An https link that opens `path` from a text message; `life` up to 30 days."""
        ...

    def send_subscribe_message(
        self, *, openid: str, template: str, fields: Mapping[str, str], page: str
    ) -> None:
        """One subscribe message; uses up one of the user's consents. `fields` are cut to what
        their kind allows. Raises WeChatNotSubscribed; ValueError for a field that cannot be cut.
        """
        ...

    def check_text(self, *, openid: str, scene: TextScene, text: str) -> TextVerdict:
        """Whether a user's own words may be shown; he must have used the mini-program in the last
        two hours. At most 2,500 characters. An unknown verdict is `risky`.
        """
        ...
