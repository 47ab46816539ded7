"""Who takes part in an attack on electronic seals, and files sealed with chosen values."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from asn1crypto import cms as asn1_cms

from server.sealing import cms
from server.sealing.byte_range import byte_range_digest, byte_range_sm3
from server.sealing.check_output import der_in
from server.sealing.pdf_revision import prepare
from server.sealing.ses_signature import build_signature, to_sign
from server.sealing.stamp import Timestamper
from tests.attacks.revision import gap
from tests.factories.electronic_seal import FakeSealSigner
from tests.factories.sealing_world import ATTRIBUTE, Owner, World, stamps_for
from tests.factories.stamp import META

ROOM = 40 * 1024
# What the seals sign: the SM3 of the ByteRange and the words about it, to their signatures (DER).
Values = Callable[[bytes, str], list[bytes]]


@dataclass(frozen=True)
class Scene:
    """Two honest owners of one world, a stranger of another, and a document to be sealed."""

    world: World
    elsewhere: World
    owner: Owner
    other: Owner
    stranger: Owner
    document: bytes

    def sealed(
        self,
        values: Values | None = None,
        *,
        by: Owner | None = None,
        attribute: str = ATTRIBUTE,
        stamper: Timestamper | None = None,
    ) -> bytes:
        """The document sealed by its owner, honestly but for what is given."""
        by = by or self.owner
        prepared = prepare(self.document, stamps_for(self.document), META, ROOM)
        start, end = prepared.slot
        file = self.document + prepared.revision
        about = f"/ByteRange [0 {start} {end} {len(file) - end}]"
        signed = (values or self.values())(byte_range_sm3(file, start, end), about)
        der = cms.make(
            byte_range_digest(file, start, end),
            by.signer,
            stamper or self.world.tsa.stamp,
            {attribute: signed} if signed else {},
        )
        return put_in(file, der)

    def values(
        self,
        seals: Sequence[bytes] | None = None,
        *,
        key: FakeSealSigner | None = None,
        at: datetime = META.signing_time,
    ) -> Values:
        """Each seal signs; the owner's own with his own key unless others are given."""
        signer = key or self.owner.seal_signer

        def make(digest: bytes, about: str) -> list[bytes]:
            return [
                value(signer, to_sign(seal, at, digest, about))
                for seal in (self.owner.seals if seals is None else seals)
            ]

        return make

    def own_seal(self, **facts: object) -> bytes:
        """A further seal of the owner, made by the right maker."""
        own = {"certificates": (self.owner.seal_signer.certificate,), "name": self.owner.name}
        return self.world.seal(**own | facts)


def value(signer: FakeSealSigner, signed: bytes) -> bytes:
    return build_signature(signed, signer.certificate, signer.sign(signed))


def put_in(file: bytes, der: bytes) -> bytes:
    """The file with this CMS in the gap of its last signature."""
    start, end = gap(file)
    room = end - start - 2
    assert 2 * len(der) <= room
    return file[: start + 1] + der.hex().encode().ljust(room, b"0") + file[end - 1 :]


def cms_of(file: bytes) -> asn1_cms.ContentInfo:
    start, end = gap(file)
    return asn1_cms.ContentInfo.load(der_in(file[start + 1 : end - 1]))


def values_in(file: bytes) -> list[bytes]:
    (info,) = cms_of(file)["content"]["signer_infos"]
    for attribute in info["signed_attrs"]:
        if attribute["type"].dotted == ATTRIBUTE:
            return [one.dump() for one in attribute["values"]]
    return []
