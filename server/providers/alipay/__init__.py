"""Alipay, for logging in by one tap: whose account it is, and nothing else of it (F-08)."""

from dataclasses import dataclass, field
from typing import ClassVar, Protocol

from server.core.errors import Conflict, Unavailable


class AlipayUnavailable(Unavailable):
    """Alipay does not answer, or answers what nobody can read; the same may be tried again."""

    code = "alipay_unavailable"
    message = ("支付宝服务暂时不可用。", "Alipay is not available for the moment.")
    next_step = ("请稍后再试，或改用其他登录方式。", "Try again later, or log in another way.")


class AlipayNotConfigured(AlipayUnavailable):
    """No app is set: this installation does not know Alipay."""

    code = "alipay_not_configured"
    message = ("本系统尚未接入支付宝登录。", "No Alipay login is connected.")
    next_step = ("请用其他方式登录。", "Log in another way.")


class AlipayRefused(Conflict):
    """Alipay refused the code: used, ended or made up; or refused us.

    `why` is Alipay's own word for the log (`isv.code-invalid`).
    """

    code = "alipay_refused"
    message = ("支付宝授权未通过。", "Alipay did not accept the authorisation.")
    next_step = ("请返回登录页重新发起。", "Go back to the login page and start again.")

    def __init__(self, why: str) -> None:
        super().__init__()
        self.why = why

    def __str__(self) -> str:
        return f"{self.code} {self.why}"


@dataclass(frozen=True)
class AlipayIdentity:
    """Who is there, by Alipay's name of him for our app; stays on the server."""

    subject: str = field(repr=False)


class Alipay(Protocol):
    """What we need of Alipay. Both methods raise AlipayUnavailable."""

    development_only: ClassVar[bool]

    def address(self, state: str, back_url: str) -> str:
        """Where the browser is sent to agree; it comes back with `state` and a code."""
        ...

    def exchange(self, auth_code: str) -> AlipayIdentity:
        """Who has brought this code back; works once. Raises AlipayRefused."""
        ...


class NoAlipay:
    """No app: what an installation without one has."""

    development_only: ClassVar[bool] = False

    def address(self, state: str, back_url: str) -> str:
        """Raises AlipayNotConfigured."""
        raise AlipayNotConfigured

    def exchange(self, auth_code: str) -> AlipayIdentity:
        """Raises AlipayNotConfigured."""
        raise AlipayNotConfigured
