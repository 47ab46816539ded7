"""A maker of seals in our own process, for development: its keys in one folder."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import ClassVar

from cryptography.hazmat.primitives.serialization import Encoding

from server.core.clock import Clock
from server.pki.authority import Authority, Period, create_root
from server.pki.issuer_keys import sign_bytes
from server.pki.key_folder import KeyFolder
from server.pki.sm2 import Sm2PrivateKey
from server.providers.seal_maker import MakerSignature

LIFE = timedelta(days=20 * 365)


class LocalSealMaker:
    """A root of its own stands for it: who issues certificates does not make seals."""

    development_only: ClassVar[bool] = True

    def __init__(self, folder: Path, clock: Clock) -> None:
        keys = KeyFolder(folder)
        with keys.locked():
            self._root = keys.load("root") or keys.save("root", _new_root(clock.now()))
            self._maker = keys.load("maker") or keys.save("maker", _new_maker(self._root))

    def sign(self, info: bytes) -> MakerSignature:
        """See SealMaker.sign."""
        certificate = self._maker.certificate.public_bytes(Encoding.DER)
        return MakerSignature(certificate, sign_bytes(self._maker.key, info))

    def roots(self) -> list[bytes]:
        """See SealMaker.roots."""
        return [self._root.certificate.public_bytes(Encoding.DER)]


def _new_root(now: datetime) -> Authority:
    starts = now.replace(microsecond=0) - timedelta(hours=1)
    return create_root("桂印演示制章根", Sm2PrivateKey.generate(), Period(starts, starts + LIFE))


def _new_maker(root: Authority) -> Authority:
    key, above = Sm2PrivateKey.generate(), root.certificate
    period = Period(above.not_valid_before_utc, above.not_valid_after_utc)
    return Authority(key, root.issue_seal_maker("桂印演示制章者", key.public_key(), period))
