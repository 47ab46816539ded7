"""Outside services that fail, or during which something happens."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

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


class SilentSms:
    """A gateway that is down."""

    development_only: ClassVar[bool] = True

    def send(self, phone: str, template: str, params: object) -> Receipt:
        raise SmsUnavailable()
