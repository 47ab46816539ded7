"""A P-256 key with its certificate, while it is open for one signature."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_der_private_key


@dataclass(frozen=True)
class SoftwareSigner:
    """Signs in this process; `certificate` and its issuers (`chain`, the nearest first) are DER."""

    certificate: bytes
    chain: Sequence[bytes]
    private: ec.EllipticCurvePrivateKey = field(repr=False)

    @classmethod
    def of(cls, private: bytes, certificate: bytes, chain: Sequence[bytes]) -> Self:
        """Open a private key (PKCS#8 DER); raises InvalidSignature for one of another kind."""
        key = load_der_private_key(private, password=None)
        if not isinstance(key, ec.EllipticCurvePrivateKey):
            raise InvalidSignature("not a P-256 key")
        return cls(certificate, chain, key)

    def sign(self, tbs: bytes) -> bytes:
        """ECDSA with SHA-256 over `tbs`, DER."""
        return self.private.sign(tbs, ec.ECDSA(hashes.SHA256()))
