"""Short messages: codes and links to one phone."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Protocol

from server.core.errors import Unavailable


class SmsUnavailable(Unavailable):
    """The gateway is down, slow or refuses us; nothing was sent."""

    code = "sms_unavailable"
    message = ("短信暂时无法发送。", "The text message cannot be sent for the moment.")
    next_step = ("请稍后重新获取验证码。", "Please ask for a new code in a moment.")


class SmsRefused(SmsUnavailable):
    """The gateway is well, and takes no message for this number: it is barred, or had too many."""

    code = "sms_refused"
    message = (
        "短信平台暂不接收发往该手机号的短信。",
        "No text message can be sent to this number.",
    )
    next_step = (
        "请稍后再试，或更换手机号；也可改用密码登录。",
        "Try again later, use another number, or log in by password.",
    )
    concerns_all = False


@dataclass(frozen=True)
class Receipt:
    """The gateway has taken the message; `id` is its own number for it."""

    id: str
    sent_at: datetime


class Sms(Protocol):
    """Sends one of the texts of `templates.py` to one phone."""

    development_only: ClassVar[bool]

    def send(self, phone: str, template: str, params: Mapping[str, str]) -> Receipt:
        """Send `template` filled with `params` to `phone`; raises SmsUnavailable, SmsRefused."""
        ...


def masked(phone: str) -> str:
    """`13800001234` -> `138****1234`; short numbers are hidden wholly."""
    return f"{phone[:3]}****{phone[-4:]}" if len(phone) >= 11 else "****"
