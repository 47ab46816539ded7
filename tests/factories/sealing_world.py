"""A world in which files are sealed: certificates, a maker of seals, time stamps, and owners."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from server.core.ids import new_id
from server.pki.authority import Addresses, Period, Subject
from server.pki.sm2 import Sm2PrivateKey
from server.pki.subject_keys import Algorithm
from server.providers.ca.embedded import EmbeddedCa
from server.providers.seal_maker.local import LocalSealMaker
from server.providers.tsa.embedded import EmbeddedTsa
from server.sealing import cms, ses
from server.sealing.inspection import inspect
from server.sealing.pdf_revision import prepare
from server.sealing.seal_pdf import Signing, finish
from server.sealing.stamp import SealsSigned, Stamp
from server.sealing.trust import TrustList
from tests.factories.electronic_seal import FACTS, FakeSealSigner
from tests.factories.signer import FakeSigner
from tests.factories.stamp import META, one_on_every_page, oval_seal, square_seal
from tests.fakes.clock import FakeClock

ATTRIBUTE = "1.3.6.1.4.1.32473.38540.1"
BEGUN = datetime(2026, 10, 1, tzinfo=UTC)
YEAR = timedelta(days=365)
SPKI = (serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)


@dataclass(frozen=True)
class Owner:
    """A company with both its keys, and the electronic seals (SES_Seal, DER) that name it."""

    name: str
    signer: FakeSigner
    seal_signer: FakeSealSigner
    seals: tuple[bytes, ...]


class World:
    """Authorities of its own: files of one world mean nothing in another."""

    def __init__(self, folder: Path, url: str = "http://ca.example/x") -> None:
        places = {name: folder / name for name in ("ca", "maker", "tsa")}
        for place in places.values():
            place.mkdir(parents=True)
        past = FakeClock(BEGUN)
        addresses = dict.fromkeys(Algorithm, Addresses(url, url, url))
        self.ca = EmbeddedCa(places["ca"], addresses, past)
        self.maker = LocalSealMaker(places["maker"], past)
        EmbeddedTsa(places["tsa"], past)  # makes the keys, so that they are older than the stamps
        self.tsa = EmbeddedTsa(places["tsa"], FakeClock(META.signing_time))
        past.advance(seconds=(META.signing_time - BEGUN).total_seconds())

    def owner(self, name: str, code: str = "91450100MA5K8Q2X13", *, seals: int = 2) -> Owner:
        document_key, seal_key = ec.generate_private_key(ec.SECP256R1()), Sm2PrivateKey.generate()
        subject = Subject.of_company(name, code)
        (issuing, _root) = self.ca.chain(Algorithm.P256)
        document = self.certificate(subject, document_key.public_key().public_bytes(*SPKI))
        owned = self.certificate(subject, seal_key.public_key().spki())
        made = tuple(
            self.seal(certificates=(owned,), name=name, id=f"4501000000{code[-2:]}{number}")
            for number in range(1, seals + 1)
        )
        signer = FakeSigner(document, (issuing,), document_key)
        return Owner(name, signer, FakeSealSigner(owned, seal_key), made)

    def certificate(
        self, subject: Subject, spki: bytes, *, begins: datetime = BEGUN, lives: timedelta = YEAR
    ) -> bytes:
        return self.ca.issue(new_id("r"), subject, spki, Period(begins, begins + lives)).certificate

    def seal(self, **facts: Any) -> bytes:
        """An SES_Seal (DER) of this world's maker."""
        info = ses.seal_info(replace(FACTS, **facts))
        signed = self.maker.sign(info)
        return ses.build_seal(info, signed.certificate, signed.value)

    def trust(self, *crls: bytes) -> TrustList:
        """Whom a verifier of this world believes; the authorities' own lists unless others are
        given."""
        roots, issuing = zip(*(reversed(self.ca.chain(one)) for one in Algorithm), strict=True)
        return TrustList(
            document_roots=roots,
            seal_maker_roots=tuple(self.maker.roots()),
            time_stamp_roots=tuple(self.tsa.roots()),
            others=issuing,
            crls=crls or tuple(self.ca.crl(one) for one in Algorithm),
        )

    def signing(self, owner: Owner) -> Signing:
        """Dual and with a time stamp, as the product signs."""
        return Signing(owner.signer, self.tsa.stamp, seals_signed(owner))


def seals_signed(owner: Owner) -> SealsSigned:
    return SealsSigned(owner.seal_signer, owner.seals, META.signing_time, ATTRIBUTE)


def sealed_by(signing: Signing, document: bytes, stamps: Sequence[Stamp]) -> bytes:
    """The document with one more revision, sealed at these places."""
    room = cms.room_for(signing.signer, signing.timestamper, signing.seals)
    return finish(document, prepare(document, list(stamps), META, room), signing)


def stamps_for(document: bytes, pages: Sequence[int] = (1, 2)) -> list[Stamp]:
    """A square seal on the upper right of these pages and an oval one on the lower left."""
    boxes = inspect(document).pages
    chosen = (
        *one_on_every_page(boxes, square_seal("one"), at=(0.7, 0.7)),
        *one_on_every_page(boxes, oval_seal("two"), at=(0.3, 0.3)),
    )
    return [stamp for stamp in chosen if stamp.placement.page in pages]
