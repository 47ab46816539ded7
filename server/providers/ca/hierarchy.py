"""The authorities of one algorithm: a root, an issuing one below it, and who answers for it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding

from server.pki.authority import Authority, Period, create_root
from server.pki.issuer_keys import IssuerKey
from server.pki.key_folder import KeyFolder
from server.pki.sm2 import Sm2PrivateKey
from server.pki.subject_keys import Algorithm

ROOT_LIFE = timedelta(days=20 * 365)
ISSUING_LIFE = timedelta(days=15 * 365)

_NEW_KEY: dict[Algorithm, Callable[[], IssuerKey]] = {
    Algorithm.P256: lambda: ec.generate_private_key(ec.SECP256R1()),
    Algorithm.SM2: Sm2PrivateKey.generate,
}
_FILES = {Algorithm.P256: "", Algorithm.SM2: "sm2-"}


@dataclass(frozen=True)
class Hierarchy:
    """Three keys with their certificates."""

    root: Authority
    issuing: Authority
    responder: Authority

    @classmethod
    def open(cls, keys: KeyFolder, algorithm: Algorithm, now: datetime) -> Self:
        """What is in the folder; made at the first start. The caller holds the folder's lock."""
        new_key, prefix = _NEW_KEY[algorithm], _FILES[algorithm]

        def kept(name: str, make: Callable[[], Authority]) -> Authority:
            return keys.load(prefix + name) or keys.save(prefix + name, make())

        root = kept("root", lambda: _new_root(new_key(), now))
        issuing = kept("issuing", lambda: _new_issuing(new_key(), root))
        responder = kept("ocsp", lambda: _new_responder(new_key(), issuing))
        return cls(root, issuing, responder)

    def chain(self) -> list[bytes]:
        """DER of the issuing certificate and the root, in this order."""
        return [one.certificate.public_bytes(Encoding.DER) for one in (self.issuing, self.root)]


def _new_root(key: IssuerKey, now: datetime) -> Authority:
    starts = now.replace(microsecond=0) - timedelta(hours=1)
    return create_root("桂印演示根", key, Period(starts, starts + ROOT_LIFE))


def _new_issuing(key: IssuerKey, root: Authority) -> Authority:
    starts = root.certificate.not_valid_before_utc
    period = Period(starts, starts + ISSUING_LIFE)
    return Authority(key, root.issue_issuing("桂印演示签发", key.public_key(), period))


def _new_responder(key: IssuerKey, issuing: Authority) -> Authority:
    # As long as the issuer's: its key lies in the same folder, so a shorter life would buy nothing.
    above = issuing.certificate
    period = Period(above.not_valid_before_utc, above.not_valid_after_utc)
    return Authority(key, issuing.issue_ocsp_responder("桂印演示 OCSP", key.public_key(), period))
