"""Every seal is stored as its maker signed it (GB/T 38540-2020)."""

import io

import pytest
from cryptography.x509 import load_der_x509_certificate
from PIL import Image
from sqlalchemy import select

from server.certificates.models import Certificate, SigningKey
from server.core.db import UnitOfWork
from server.pki.chain import check_chain
from server.pki.sm2 import Sm2PublicKey
from server.pki.subject_keys import Algorithm, public_key_of
from server.sealing.ses import MadeSeal, read_seal
from server.seals.models import Seal, SealKind
from server.seals.queries import impression_of
from tests.factories.product import Product


@pytest.fixture
def seals(product: Product) -> list[tuple[Seal, MadeSeal, bytes]]:
    """Each seal, its SES_Seal as read, and the DER of its owner's SM2 certificate."""
    with product.parts.db.read() as uow:
        found = uow.session.scalars(select(Seal)).all()
        return [(seal, made_of(uow, seal), signer_of(uow, seal)) for seal in found]


def made_of(uow: UnitOfWork, seal: Seal) -> MadeSeal:
    made = impression_of(uow, seal.id).made
    assert made is not None
    return read_seal(made)


def signer_of(uow: UnitOfWork, seal: Seal) -> bytes:
    mine = select(Certificate.der).join(SigningKey, SigningKey.certificate_id == Certificate.id)
    return uow.session.scalars(
        mine.where(SigningKey.ring_id == seal.ring_id, SigningKey.algorithm == Algorithm.SM2)
    ).one()


def test_the_maker_vouches_for_every_seal(product: Product, seals) -> None:
    (root,) = map(load_der_x509_certificate, product.parts.providers.seal_maker.roots())
    assert seals
    for _, made, _ in seals:
        maker = load_der_x509_certificate(made.maker)
        assert check_chain(maker, [], [root], product.clock.now())
        assert Sm2PublicKey.from_spki(public_key_of(maker)).verify(made.signature, made.signed)


def test_a_made_seal_says_what_the_register_says(seals) -> None:
    for seal, made, signer in seals:
        facts = made.facts
        assert (made.version, facts.id, facts.certificates) == (4, seal.id, (signer,))
        assert (facts.valid_from, facts.valid_until) == (seal.valid_from, seal.valid_until)
        assert facts.kind == (2 if seal.kind == SealKind.LEGAL_REPRESENTATIVE else 1)


@pytest.mark.row("F-50")
def test_the_name_inside_tells_the_seals_of_one_owner_apart(seals) -> None:
    names = [made.facts.name for _, made, _ in seals]
    assert len(set(names)) == len(names)
    assert all(made.facts.name.endswith(seal.name) for seal, made, _ in seals)


def test_the_picture_inside_is_small_and_of_the_seals_size(seals) -> None:
    for seal, made, _ in seals:
        picture = made.facts.picture
        assert (picture.width_mm, picture.height_mm) == (seal.width_mm, seal.height_mm)
        assert len(picture.data) <= 4096
        with Image.open(io.BytesIO(picture.data)) as drawn:
            assert (drawn.format, picture.type) == ("PNG", "PNG")
            inches = drawn.width / drawn.info["dpi"][0]
            assert inches * 25.4 == pytest.approx(seal.width_mm, abs=0.2)
            alpha = drawn.convert("RGBA").getchannel("A")
            assert alpha.getextrema() == (0, 255)
