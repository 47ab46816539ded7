"""Time stamps made in our own process, for development: keys in one folder, our own clock."""

from pathlib import Path
from typing import ClassVar

from cryptography import x509

from server.core.clock import Clock
from server.pki.timestamp_authority import TimestampAuthority
from server.providers.tsa.exchange import exchange


class EmbeddedTsa:
    """Asks and answers by RFC 3161 as if there were a wire between, so that both ends are used."""

    development_only: ClassVar[bool] = True

    def __init__(self, folder: Path, clock: Clock) -> None:
        self._authority = TimestampAuthority.open(folder, clock)
        self._roots = [x509.load_der_x509_certificate(self._authority.root)]

    def stamp(self, imprint: bytes, hash_name: str = "sha256") -> bytes:
        """See Tsa.stamp."""
        return exchange(self._authority.respond, imprint, hash_name, self._roots)

    def roots(self) -> list[bytes]:
        """See Tsa.roots."""
        return [self._authority.root]
