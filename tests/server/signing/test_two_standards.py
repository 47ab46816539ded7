"""A file that the product has sealed, as programs see it that know nothing of the product."""

import re
import subprocess
from pathlib import Path

import pytest
from asn1crypto import cms as asn1_cms
from asn1crypto import x509 as asn1_x509

from server.sealing.ses import read_seal
from server.sealing.ses_signature import SealSignature, read_signature
from tests.factories.pdf import make_pdf
from tests.factories.product import Product

RANGE = re.compile(rb"/ByteRange\s*\[0 (\d+) (\d+) (\d+)\]")


def sealed_file(product: Product) -> bytes:
    signing = product.signing(make_pdf())
    signing.authorize()
    assert signing.page.confirm(signing.page.everywhere()).status_code == 202
    product.work()
    return bytes(signing.partner.result(signing.task["id"]))


def ses_signatures(product: Product, sealed: bytes) -> tuple[bytes, list[SealSignature]]:
    """What the signature protects, and what the seals have signed of it."""
    start, resume, _ = map(int, RANGE.findall(sealed)[-1])
    contents = bytes.fromhex(sealed[start + 1 : resume - 1].decode())
    [signer] = asn1_cms.ContentInfo.load(contents)["content"]["signer_infos"]
    attribute = product.parts.settings.seals_attribute
    values = [
        value.dump()
        for one in signer["signed_attrs"]
        if one["type"].dotted == attribute
        for value in one["values"]
    ]
    return sealed[:start] + sealed[resume:], [read_signature(value) for value in values]


def run(folder: Path, *command: str) -> str:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    return done.stdout + done.stderr


@pytest.mark.row("F-42", "F-50")
def test_openssl_believes_the_seals_of_a_sealed_file(product: Product, tmp_path: Path) -> None:
    content, signed = ses_signatures(product, sealed_file(product))
    assert signed
    (tmp_path / "content").write_bytes(content)
    digest = run(tmp_path, "openssl", "dgst", "-sm3", "content").split()[-1]

    for one in signed:
        assert one.data_hash.hex() == digest
        assert one.certificate in read_seal(one.seal).facts.certificates
        certificate = asn1_x509.Certificate.load(one.certificate)
        (tmp_path / "key").write_bytes(certificate.public_key.dump())
        (tmp_path / "value").write_bytes(one.signature)
        (tmp_path / "tbs").write_bytes(one.signed)
        said = run(
            tmp_path,
            *("openssl", "dgst", "-sm3", "-sigopt", "distid:1234567812345678"),
            *("-keyform", "DER", "-verify", "key", "-signature", "value", "tbs"),
        )
        assert "Verified OK" in said


@pytest.mark.row("F-42")
def test_readers_that_know_nothing_of_seals_believe_the_same_signature(
    product: Product, tmp_path: Path
) -> None:
    (tmp_path / "sealed.pdf").write_bytes(sealed_file(product))

    assert "Signature is Valid" in run(tmp_path, "pdfsig", "-nocert", "sealed.pdf")
    assert "No syntax or stream encoding errors" in run(tmp_path, "qpdf", "--check", "sealed.pdf")
