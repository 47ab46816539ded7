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


@dataclass(frozen=True)
class Receipt:
    """The gateway has taken the message; `id` is its own number for it."""

    id: str
    sent_at: datetime


class Sms(Protocol):
    """Sends one of the texts of `templates.py` to one phone."""

    development_only: ClassVar[bool]

    def send(self, phone: str, template: str, params: Mapping[str, str]) -> Receipt:
        """Send `template` filled with `params` to `phone`; raises SmsUnavailable."""
        ...
