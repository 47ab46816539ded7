"""A WeChat in this process: it takes each code once, whoever brings it."""

from threading import Lock
from typing import ClassVar

from server.providers.wechat import WeChatCodeRefused, WeChatIdentity

SPENT = 40163


class OneWeChat:
    """Every code of `wx.login` is one person's, every code of `getPhoneNumber` one phone's."""

    development_only: ClassVar[bool] = True

    def __init__(self, phone: str) -> None:
        self._phone, self._spent, self._lock = phone, set[str](), Lock()

    def code_to_session(self, js_code: str) -> WeChatIdentity:
        """See WeChat."""
        self._spend(js_code)
        return WeChatIdentity("openid-of-one")

    def phone_number(self, code: str) -> str:
        """See WeChat."""
        self._spend(code)
        return self._phone

    def _spend(self, code: str) -> None:
        with self._lock:
            if code in self._spent:
                raise WeChatCodeRefused(SPENT)
            self._spent.add(code)
