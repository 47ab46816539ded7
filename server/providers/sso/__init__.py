"""Single sign-on by 广西数字政务一体化平台: OpenID Connect with a code, PKCE and a nonce."""

from dataclasses import dataclass, field
from typing import ClassVar, Protocol

from server.core.errors import Conflict, Unavailable


class SsoUnavailable(Unavailable):
    """The platform does not answer, or says what nobody can read; it may be tried again."""

    code = "sso_unavailable"
    message = ("一体化平台登录暂时不可用。", "Single sign-on is not available for the moment.")
    next_step = ("请稍后再试，或改用其他登录方式。", "Try again later, or log in another way.")


class SsoNotConfigured(SsoUnavailable):
    """No issuer is set: this installation knows no platform."""

    code = "sso_not_configured"
    message = ("本系统尚未接入一体化平台登录。", "No single sign-on is connected.")
    next_step = ("请用其他方式登录。", "Log in another way.")


class SsoRefused(Conflict):
    """The platform refused the code, or what it said does not prove who is there.

    `why` is for the log: code, id_token, subject.
    """

    code = "sso_refused"
    message = ("一体化平台的登录授权未通过。", "The platform's word was not accepted.")
    next_step = ("请返回登录页重新发起。", "Go back to the login page and start again.")

    def __init__(self, why: str) -> None:
        super().__init__()
        self.why = why

    def __str__(self) -> str:
        return f"{self.code} {self.why}"


@dataclass(frozen=True)
class SsoTrip:
    """One way of a browser to the platform and back; its three secrets belong to that browser.

    `state` comes back with the code, `nonce` inside the platform's word, and `verifier` shows who
    asks for it (RFC 7636).
    """

    state: str = field(repr=False)
    nonce: str = field(repr=False)
    verifier: str = field(repr=False)
    back_url: str


@dataclass(frozen=True)
class SsoPerson:
    """Who is there. `name` and `phone` are empty unless the platform tells them, and the phone
    also unless it has verified it."""

    issuer: str
    subject: str = field(repr=False)
    name: str = field(default="", repr=False)
    phone: str = field(default="", repr=False)


class Sso(Protocol):
    """What we need of the platform. Both methods raise SsoUnavailable."""

    development_only: ClassVar[bool]

    def address(self, trip: SsoTrip) -> str:
        """Where the browser is sent to log in there."""
        ...

    def exchange(self, code: str, trip: SsoTrip) -> SsoPerson:
        """Who has brought this code back from that trip; works once. Raises SsoRefused."""
        ...


class NoSso:
    """No platform: what an installation without one has."""

    development_only: ClassVar[bool] = False

    def address(self, trip: SsoTrip) -> str:
        """Raises SsoNotConfigured."""
        raise SsoNotConfigured

    def exchange(self, code: str, trip: SsoTrip) -> SsoPerson:
        """Raises SsoNotConfigured."""
        raise SsoNotConfigured
