"""Attacks on the electronic seals: the PDF is whole, and its seals are not what they say."""

from dataclasses import replace
from datetime import timedelta

from server.core.ids import new_id
from server.pki.authority import Period, Subject
from server.pki.sm2 import Sm2PrivateKey
from server.sealing import ses
from server.sealing.ses_signature import build_signature, read_signature, to_sign
from tests.attacks.scene import Scene
from tests.factories.electronic_seal import FACTS, FakeSealSigner
from tests.factories.stamp import META


def a_seal_of_somebody_else(scene: Scene) -> bytes:
    """The other's seal, copied out of a file of his, signed with one's own key."""
    return scene.sealed(scene.values(scene.other.seals))


def a_seal_swapped_below_its_signature(scene: Scene) -> bytes:
    """What was signed names one's own seal; the value stays and another seal is put in."""

    def make(digest: bytes, about: str) -> list[bytes]:
        honest = map(read_signature, scene.values()(digest, about))
        at = META.signing_time
        return [
            build_signature(
                to_sign(scene.other.seals[0], at, digest, about), one.certificate, one.signature
            )
            for one in honest
        ]

    return scene.sealed(make)


def _edited(scene: Scene, **facts: object) -> bytes:
    """One's own seal with other facts under the maker's old signature."""
    made = ses.read_seal(scene.owner.seals[0])
    info = ses.seal_info(replace(made.facts, **facts))
    seal = ses.build_seal(info, made.maker, made.signature)
    return scene.sealed(scene.values([seal]))


def a_renamed_seal(scene: Scene) -> bytes:
    return _edited(scene, name="广西壮族自治区人民政府")


def a_seal_with_another_picture(scene: Scene) -> bytes:
    return _edited(scene, picture=ses.SealPicture("PNG", b"\x89PNG other", 40, 40))


def a_seal_that_lives_longer(scene: Scene) -> bytes:
    return _edited(scene, valid_until=FACTS.valid_until + timedelta(days=3650))


def a_list_with_one_more_signer(scene: Scene) -> bytes:
    """The stranger adds himself to the list of a seal and signs with it."""
    made = ses.read_seal(scene.owner.seals[0])
    key = scene.other.seal_signer
    listed = (*made.facts.certificates, key.certificate)
    info = ses.seal_info(replace(made.facts, certificates=listed))
    seal = ses.build_seal(info, made.maker, made.signature)
    return scene.sealed(scene.values([seal], key=key))


def a_seal_that_has_ended(scene: Scene) -> bytes:
    ended = META.signing_time - timedelta(days=1)
    return scene.sealed(scene.values([scene.own_seal(valid_until=ended)]))


def a_seal_that_has_not_begun(scene: Scene) -> bytes:
    begins = META.signing_time + timedelta(days=1)
    return scene.sealed(scene.values([scene.own_seal(valid_from=begins)]))


def a_maker_of_another_world(scene: Scene) -> bytes:
    own = (scene.owner.seal_signer.certificate,)
    seal = scene.elsewhere.seal(certificates=own, name=scene.owner.name)
    return scene.sealed(scene.values([seal]))


def a_seal_made_by_its_owner(scene: Scene) -> bytes:
    """He has a good certificate of a trusted authority, which does not let him make seals."""
    return scene.sealed(scene.values([_made_by(scene, scene.owner.seal_signer)]))


def a_maker_of_the_same_name(scene: Scene) -> bytes:
    """The maker's certificate stands in the seal; its signature is another key's."""
    right = ses.read_seal(scene.owner.seals[0]).maker
    forger = FakeSealSigner(right, Sm2PrivateKey.generate())
    return scene.sealed(scene.values([_made_by(scene, forger)]))


def _made_by(scene: Scene, maker: FakeSealSigner) -> bytes:
    facts = replace(FACTS, name="自治区政府", certificates=(scene.owner.seal_signer.certificate,))
    info = ses.seal_info(facts)
    return ses.build_seal(info, maker.certificate, maker.sign(info))


def a_signer_who_is_not_in_the_list(scene: Scene) -> bytes:
    """The owner's seal, signed with the key of another who has a good certificate."""
    return scene.sealed(scene.values(key=scene.other.seal_signer))


def a_listed_certificate_with_another_key(scene: Scene) -> bytes:
    certificate = scene.owner.seal_signer.certificate
    return scene.sealed(scene.values(key=FakeSealSigner(certificate, Sm2PrivateKey.generate())))


def an_ended_certificate(scene: Scene) -> bytes:
    """The seal names, rightly, a certificate that had ended when it signed."""
    key = Sm2PrivateKey.generate()
    subject = Subject.of_company(scene.owner.name, "91450100MA5K8Q2X13")
    begins = META.signing_time - timedelta(days=40)
    period = Period(begins, begins + timedelta(days=10))
    issued = scene.world.ca.issue(new_id("r"), subject, key.public_key().spki(), period)
    seal = scene.own_seal(certificates=(issued.certificate,))
    return scene.sealed(scene.values([seal], key=FakeSealSigner(issued.certificate, key)))
