"""Sealed files of which one thing is wrong, and everything around it right."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from server.sealing import cms, ses
from server.sealing.byte_range import byte_range_digest, byte_range_sm3
from server.sealing.pdf_revision import prepare
from server.sealing.ses_signature import build_signature, to_sign
from server.sealing.stamp import Timestamper
from tests.factories.electronic_seal import FakeSealSigner
from tests.factories.pdf import make_pdf
from tests.factories.sealing_world import ATTRIBUTE, Owner, World, stamps_for
from tests.factories.stamp import META

ROOM = 16 * 1024
DOCUMENT = make_pdf()


@dataclass(frozen=True)
class OddSeal:
    """What goes into an SES_Signature, and what the CMS around it says; None leaves it right."""

    seal: bytes | None = None
    signed_at: datetime = META.signing_time
    data_hash: bytes | None = None
    signer: FakeSealSigner | None = None
    sign: Callable[[bytes], bytes] | None = None
    document_digest: bytes | None = None

    def value(self, owner: Owner, digest: bytes) -> bytes:
        signer = self.signer or owner.seal_signer
        seal = self.seal or owner.seals[0]
        signed = to_sign(seal, self.signed_at, self.data_hash or digest, "odd")
        signature = (self.sign or signer.sign)(signed)
        return build_signature(signed, signer.certificate, signature)


def sealed_oddly(
    world: World,
    owner: Owner,
    odd: OddSeal | bytes,
    *,
    timestamper: Timestamper | None = None,
    stamped: bool = True,
) -> bytes:
    """One page with one seal; `odd` may be the attribute's whole value (DER)."""
    prepared = prepare(DOCUMENT, stamps_for(DOCUMENT)[:1], META, ROOM)
    start, resume = prepared.slot
    sealed = bytearray(DOCUMENT + prepared.revision)
    value, digest = odd, byte_range_digest(sealed, start, resume)
    if isinstance(odd, OddSeal):
        value = odd.value(owner, byte_range_sm3(sealed, start, resume))
        digest = odd.document_digest or digest
    made = cms.make(
        digest,
        owner.signer,
        (timestamper or world.tsa.stamp) if stamped else None,
        {ATTRIBUTE: [value]},
    )
    sealed[start + 1 : start + 1 + 2 * len(made)] = made.hex().encode()
    return bytes(sealed)


def stamp_of_another(world: World) -> Timestamper:
    """A time stamp of another signature."""
    return lambda _imprint: world.tsa.stamp(sha256(b"another signature").digest())


def seal_of_version(world: World, owner: Owner, version: int) -> bytes:
    """The owner's seal by its maker, whose header names this version."""
    right = ses.read_seal(owner.seals[0]).signed
    info = right.replace(b"\x16\x02ES\x02\x01\x04", b"\x16\x02ES\x02\x01" + bytes([version]))
    made = world.maker.sign(info)
    return ses.build_seal(info, made.certificate, made.value)


def seal_with_forged_value(owner: Owner, forger: FakeSealSigner) -> bytes:
    """The owner's seal as it was, but what stands for the maker's signature is another's."""
    seal = ses.read_seal(owner.seals[0])
    return ses.build_seal(seal.signed, seal.maker, forger.sign(seal.signed))
