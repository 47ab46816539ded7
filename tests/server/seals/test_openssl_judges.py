"""The `openssl` command, which shares no code with us, judges what the product has issued."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.x509 import load_der_x509_certificate
from sqlalchemy import select

from server.certificates.models import Certificate, SigningKey
from server.pki.subject_keys import Algorithm, public_key_of
from server.sealing.ses import MadeSeal, read_seal
from server.seals.models import Seal
from server.seals.queries import impression_of
from tests.factories.product import Product

SIGNER_ID = "1234567812345678"  # GB/T 32918.2, GM/T 0009
OTHER_ID = "8765432187654321"

Judge = Callable[..., bool]


@pytest.fixture
def judge(tmp_path: Path, product: Product) -> Judge:
    """Whether the command says yes; files are given as name=bytes, the time is the product's."""

    def run(*arguments: str, **files: bytes) -> bool:
        for name, content in files.items():
            (tmp_path / name).write_bytes(content)
        command = ["openssl", *arguments]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False, timeout=20)
        return done.returncode == 0

    return run


def pem(der: bytes) -> bytes:
    done = subprocess.run(
        ["openssl", "x509", "-inform", "DER"], input=der, capture_output=True, check=True
    )
    return done.stdout


def leads(
    judge: Judge, product: Product, below: bytes, above: bytes, signer_id: str = SIGNER_ID
) -> bool:
    """One link of a chain: the command takes the signer's id for one certificate at a time."""
    return judge(
        "verify", "-x509_strict", "-partial_chain", "-vfyopt", f"distid:{signer_id}",
        "-attime", str(int(product.clock.now().timestamp())), "-trusted", "above", "below",
        above=pem(above), below=pem(below),
    )  # fmt: skip


@pytest.fixture
def chains(product: Product) -> list[list[bytes]]:
    """The SM2 certificates that sign for seals, each with its issuers up to the root (DER)."""
    rings = select(SigningKey.certificate_id).join(Seal, Seal.ring_id == SigningKey.ring_id)
    with product.parts.db.read() as uow:
        rows = uow.session.scalars(
            select(Certificate).where(
                Certificate.id.in_(rings.where(SigningKey.algorithm == Algorithm.SM2))
            )
        ).all()
        return [[row.der, row.issuing_der, row.root_der] for row in rows]


@pytest.fixture
def made(product: Product) -> MadeSeal:
    with product.parts.db.read() as uow:
        seal = uow.session.scalars(select(Seal).limit(1)).one()
        return read_seal(impression_of(uow, seal.id).made or b"")


def test_the_sm2_certificates_of_every_seal_lead_to_their_root(judge, product, chains) -> None:
    assert chains
    for leaf, issuing, root in chains:
        assert leads(judge, product, leaf, issuing)
        assert leads(judge, product, issuing, root)
        assert not leads(judge, product, leaf, root)


def test_another_signers_id_verifies_no_certificate(judge, product, chains) -> None:
    leaf, issuing, _ = chains[0]
    assert not leads(judge, product, leaf, issuing, OTHER_ID)


def signed_by_maker(judge: Judge, made: MadeSeal, content: bytes, signer_id: str) -> bool:
    key = public_key_of(load_der_x509_certificate(made.maker))
    return judge(
        "pkeyutl", "-verify", "-rawin", "-digest", "sm3", "-pkeyopt", f"distid:{signer_id}",
        "-pubin", "-keyform", "DER", "-inkey", "key", "-in", "content", "-sigfile", "signature",
        key=key, content=content, signature=made.signature,
    )  # fmt: skip


@pytest.mark.row("F-50")
def test_the_maker_signed_what_the_electronic_seal_says(judge, made) -> None:
    assert signed_by_maker(judge, made, made.signed, SIGNER_ID)
    assert not signed_by_maker(judge, made, made.signed, OTHER_ID)
    altered = made.signed.replace(made.facts.name.encode(), made.facts.name.encode()[::-1])
    assert altered != made.signed
    assert not signed_by_maker(judge, made, altered, SIGNER_ID)


def test_the_makers_certificate_leads_to_the_makers_root(judge, product, made, chains) -> None:
    (root,) = product.parts.providers.seal_maker.roots()
    assert leads(judge, product, made.maker, root)
    # Who issues certificates does not make seals.
    assert not leads(judge, product, made.maker, chains[0][2])
