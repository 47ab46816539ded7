"""Attacks on what the seals sign and on the CMS around it: the seals themselves are good."""

from dataclasses import replace
from datetime import timedelta

from asn1crypto import cms as asn1_cms
from asn1crypto import core

from server.sealing.ses_signature import build_signature, read_signature
from tests.attacks.scene import Scene, cms_of, put_in, values_in
from tests.factories.sealing_world import ATTRIBUTE
from tests.factories.stamp import META


def another_hash(scene: Scene) -> bytes:
    """The seal signs, rightly, the hash of something else."""
    return scene.sealed(lambda _, about: scene.values()(bytes(32), about))


def no_hash(scene: Scene) -> bytes:
    return scene.sealed(lambda _, about: scene.values()(b"", about))


def a_value_with_a_changed_bit(scene: Scene) -> bytes:
    def make(digest: bytes, about: str) -> list[bytes]:
        changed = []
        for one in map(read_signature, scene.values()(digest, about)):
            wrong = one.signature[:-1] + bytes([one.signature[-1] ^ 1])
            changed.append(build_signature(one.signed, one.certificate, wrong))
        return changed

    return scene.sealed(make)


def an_empty_value(scene: Scene) -> bytes:
    def make(digest: bytes, about: str) -> list[bytes]:
        honest = map(read_signature, scene.values()(digest, about))
        return [build_signature(one.signed, one.certificate, b"") for one in honest]

    return scene.sealed(make)


def signatures_of_another_document(scene: Scene) -> bytes:
    """Whole, good signatures of the seals, copied from another file of the owner."""
    another = replace(scene, document=scene.document.replace(b"0.7 G", b"0.6 G"))
    copied = values_in(another.sealed())
    return scene.sealed(lambda _digest, _about: copied)


def the_time_stamp_of_another_signature(scene: Scene) -> bytes:
    (other,) = cms_of(scene.sealed())["content"]["signer_infos"]
    file = scene.sealed()
    whole = cms_of(file)
    (info,) = whole["content"]["signer_infos"]
    info["unsigned_attrs"] = other["unsigned_attrs"]
    return put_in(file, whole.dump())


def a_time_stamp_of_another_world(scene: Scene) -> bytes:
    return scene.sealed(stamper=scene.elsewhere.tsa.stamp)


def without_a_time_stamp(scene: Scene) -> bytes:
    file = scene.sealed()
    whole = cms_of(file)
    (info,) = whole["content"]["signer_infos"]
    del info["unsigned_attrs"]
    return put_in(file, whole.dump())


def sealed_in_the_future(scene: Scene) -> bytes:
    return scene.sealed(scene.values(at=META.signing_time + timedelta(days=400)))


def sealed_before_anybody_had_a_key(scene: Scene) -> bytes:
    return scene.sealed(scene.values(at=META.signing_time - timedelta(days=400)))


def the_seals_stripped(scene: Scene) -> bytes:
    """The signed attribute is taken out; nobody signs again."""
    file = scene.sealed()
    whole = cms_of(file)
    (info,) = whole["content"]["signer_infos"]
    kept = [one for one in info["signed_attrs"] if one["type"].dotted != ATTRIBUTE]
    info["signed_attrs"] = asn1_cms.CMSAttributes(kept)
    return put_in(file, whole.dump())


def the_seals_stripped_and_signed_by_a_stranger(scene: Scene) -> bytes:
    return scene.sealed(lambda _digest, _about: [], by=scene.stranger)


def the_seals_among_what_nobody_signs(scene: Scene) -> bytes:
    """Good signatures of the seals, as an unsigned attribute of a signature without seals."""
    kept: list[bytes] = []

    def keep(digest: bytes, about: str) -> list[bytes]:
        kept.extend(scene.values()(digest, about))
        return []

    file = scene.sealed(keep)
    whole = cms_of(file)
    (info,) = whole["content"]["signer_infos"]
    more = asn1_cms.CMSAttribute(
        {"type": ATTRIBUTE, "values": [core.Any.load(one) for one in kept]}
    )
    info["unsigned_attrs"] = asn1_cms.CMSAttributes([*info["unsigned_attrs"], more])
    return put_in(file, whole.dump())


def under_another_number(scene: Scene) -> bytes:
    return scene.sealed(attribute="1.3.6.1.4.1.32473.38540.99")


def no_seal_in_the_value(scene: Scene) -> bytes:
    return scene.sealed(lambda _digest, _about: [core.OctetString(b"a seal").dump()])


def a_value_of_a_version_that_nobody_knows(scene: Scene) -> bytes:
    def make(digest: bytes, about: str) -> list[bytes]:
        (signed, *_) = (read_signature(one).signed for one in scene.values()(digest, about))
        other = core.Sequence.load(signed)
        body = other.contents.replace(b"\x02\x01\x04", b"\x02\x01\x09", 1)
        raw = core.Sequence(contents=body).dump()
        key = scene.owner.seal_signer
        parts = (
            raw,
            core.OctetString(key.certificate).dump(),
            bytes.fromhex("06082a811ccf55018375"),
        )
        bits = core.OctetBitString(key.sign(raw)).dump()
        return [core.Sequence(contents=b"".join((*parts, bits))).dump()]

    return scene.sealed(make)


def signed_by_a_stranger_with_the_owners_seals(scene: Scene) -> bytes:
    """The seals sign rightly, the document's own signature is of another world."""
    return scene.sealed(by=scene.stranger)


def a_signature_value_of_nothing(scene: Scene) -> bytes:
    file = scene.sealed()
    whole = cms_of(file)
    (info,) = whole["content"]["signer_infos"]
    info["signature"] = bytes(8)
    return put_in(file, whole.dump())


def two_signers_in_one(scene: Scene) -> bytes:
    file = scene.sealed()
    whole = cms_of(file)
    infos = whole["content"]["signer_infos"]
    whole["content"]["signer_infos"] = asn1_cms.SignerInfos([infos[0], infos[0]])
    return put_in(file, whole.dump())


def no_certificate_at_all(scene: Scene) -> bytes:
    """The certificates are not what is signed, so anybody may take them out."""
    file = scene.sealed()
    whole = cms_of(file)
    whole["content"]["certificates"] = asn1_cms.CertificateSet([])
    return put_in(file, whole.dump())
