"""Certificate authorities that say nothing of a certificate."""

from server.providers.ca import CaUnavailable
from server.providers.ca.embedded import EmbeddedCa


class SilentCa(EmbeddedCa):
    """An authority that does not answer."""

    def __init__(self) -> None:
        """Has no keys to open."""

    def ocsp(self, request: bytes) -> bytes:
        raise CaUnavailable


class DeafCa(SilentCa):
    """One that answers what nobody asked for."""

    def ocsp(self, request: bytes) -> bytes:
        return b"\x30\x03\x0a\x01\x06"  # OCSPResponse { unauthorized }
