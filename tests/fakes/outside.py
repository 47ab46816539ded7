"""Outside services that fail, or during which something happens."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO, ClassVar

from server.providers.sms import Receipt, SmsUnavailable
from server.providers.storage import Storage
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
class SwappedStorage:
    """Gives other bytes than it was asked for, as a tampered store would without its own check."""

    behind: Storage
    content: bytes
    development_only: ClassVar[bool] = True

    def put(self, content: bytes) -> str:
        return self.behind.put(content)

    def get(self, digest: str) -> bytes:
        return self.content

    def open(self, digest: str) -> BinaryIO:
        return self.behind.open(digest)

    def exists(self, digest: str) -> bool:
        return self.behind.exists(digest)

    def delete(self, digest: str) -> None:
        self.behind.delete(digest)

    def digests(self) -> Iterator[str]:
        return self.behind.digests()


class SilentSms:
    """A gateway that is down."""

    development_only: ClassVar[bool] = True

    def send(self, phone: str, template: str, params: object) -> Receipt:
        raise SmsUnavailable()
