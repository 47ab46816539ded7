"""Outside services that fail, or during which something happens."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, ClassVar

from server.pki.authority import Period, Subject
from server.providers.ca import CaUnavailable, CertificateAuthority, IssuedCertificate
from server.providers.sms import Receipt, SmsUnavailable
from server.providers.tsa import Tsa, TsaTimeout


@dataclass
class DownTsa:
    """Out of order for so many calls, then as good as the one behind it."""

    behind: Tsa
    failures: int
    calls: int = 0
    development_only: ClassVar[bool] = True

    def stamp(self, imprint: bytes, hash_name: str = "sha256") -> bytes:
        self.calls += 1
        if self.calls <= self.failures:
            raise TsaTimeout()
        return self.behind.stamp(imprint, hash_name)

    def roots(self) -> list[bytes]:
        return self.behind.roots()


@dataclass
class EventfulTsa:
    """Something happens while the time stamp is fetched."""

    behind: Tsa
    event: Callable[[], object]
    development_only: ClassVar[bool] = True

    def stamp(self, imprint: bytes, hash_name: str = "sha256") -> bytes:
        self.event()
        return self.behind.stamp(imprint, hash_name)

    def roots(self) -> list[bytes]:
        return self.behind.roots()


@dataclass
class ForgetfulCa:
    """Issues, and loses so many of its answers on the way (R-08)."""

    behind: CertificateAuthority
    losses: int
    asked: list[str] = field(default_factory=list)
    development_only: ClassVar[bool] = True

    def issue(
        self, request_id: str, subject: Subject, public_key: bytes, period: Period
    ) -> IssuedCertificate:
        self.asked.append(request_id)
        answer = self.behind.issue(request_id, subject, public_key, period)
        if len(self.asked) <= self.losses:
            raise CaUnavailable()
        return answer

    def __getattr__(self, name: str) -> Any:
        return getattr(self.behind, name)


class SilentSms:
    """A gateway that is down."""

    development_only: ClassVar[bool] = True

    def send(self, phone: str, template: str, params: object) -> Receipt:
        raise SmsUnavailable()


@dataclass
class DownCa:
    """An authority that is away for so many calls, or whose answers get lost on the way back."""

    behind: CertificateAuthority
    failures: int
    loses_answers: bool = False
    refused: int = 0
    development_only: ClassVar[bool] = True

    def __getattr__(self, name: str) -> Callable[..., object]:
        call: Callable[..., object] = getattr(self.behind, name)

        def asked(*args: object, **kwargs: object) -> object:
            if self.refused < self.failures:
                self.refused += 1
                if self.loses_answers:
                    call(*args, **kwargs)
                raise CaUnavailable()
            return call(*args, **kwargs)

        return asked


@dataclass
class EventfulOutside:
    """Something happens once, between a service's answer to one of its calls and its use."""

    behind: Any
    call: str
    event: Callable[[], object]
    answers: list[Any] = field(default_factory=list)
    development_only: ClassVar[bool] = True

    def __getattr__(self, name: str) -> Any:
        call = getattr(self.behind, name)
        if name != self.call:
            return call

        def asked(*args: object, **kwargs: object) -> object:
            self.answers.append(call(*args, **kwargs))
            if len(self.answers) == 1:
                self.event()
            return self.answers[-1]

        return asked
