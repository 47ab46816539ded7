"""An owner with an SM2 key of his own, and electronic seals that name him."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from server.core.clock import SystemClock
from server.core.ids import new_id
from server.pki.authority import Addresses, Period, Subject
from server.pki.sm2 import Sm2PrivateKey
from server.pki.subject_keys import Algorithm
from server.providers.ca.embedded import EmbeddedCa
from server.providers.seal_maker.local import LocalSealMaker
from server.sealing import ses

NOWHERE = dict.fromkeys(Algorithm, Addresses(*["http://ca.example/x"] * 3))
START = datetime(2026, 11, 1, tzinfo=UTC)
FACTS = ses.SealFacts(
    id="seal-1",
    name="南宁桂印科技有限公司",
    kind=1,
    created_at=START,
    valid_from=START,
    valid_until=START + timedelta(days=365),
    picture=ses.SealPicture("PNG", b"\x89PNG", 40, 40),
)


@dataclass(frozen=True)
class FakeSealSigner:
    """Signs with an SM2 key in memory."""

    certificate: bytes
    key: Sm2PrivateKey

    def sign(self, tbs: bytes) -> bytes:
        return self.key.sign(tbs)


def seal_signer(folder: Path, name: str = "南宁桂印科技有限公司") -> FakeSealSigner:
    key, now = Sm2PrivateKey.generate(), SystemClock().now().replace(microsecond=0)
    ca = EmbeddedCa(_inside(folder, "ca"), NOWHERE, SystemClock())
    subject = Subject.of_company(name, "91450100MA5K8Q2X13")
    period = Period(now, now + timedelta(days=30))
    issued = ca.issue(new_id("r"), subject, key.public_key().spki(), period)
    return FakeSealSigner(issued.certificate, key)


def electronic_seal(folder: Path, certificate: bytes, seal_id: str = "seal-1") -> bytes:
    """An SES_Seal (DER) for the owner of this certificate."""
    maker = LocalSealMaker(_inside(folder, "maker"), SystemClock())
    info = ses.seal_info(replace(FACTS, id=seal_id, certificates=(certificate,)))
    signed = maker.sign(info)
    return ses.build_seal(info, signed.certificate, signed.value)


def _inside(folder: Path, name: str) -> Path:
    (folder / name).mkdir(exist_ok=True)
    return folder / name
