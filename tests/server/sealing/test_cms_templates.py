"""The CMS that is built of pieces has the very bytes that asn1crypto writes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ed25519, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding

from server.sealing import cms
from server.sealing.cms_templates import names_of
from server.sealing.stamp import Timestamper
from tests.factories.cms_reference import reference_cms
from tests.factories.signer import BEGIN, END, FakeSigner, SmallAuthority

DIGEST = sha256(b"document").digest()
MORE: dict[str, Mapping[str, Sequence[bytes]]] = {
    "nothing more": {},
    "a long value": {"1.3.6.1.4.1.32473.38540.1": [b"\x04\x82\x03\xe8" + bytes(1000)]},
    "values out of order": {
        "1.3.6.1.4.1.32473.38540.1": [b"\x04\x02zz", b"\x04\x01a", b"\x30\x00"],
        "2.5.4.3": [b"\x02\x01\x05"],
    },
}


@dataclass(frozen=True)
class SameSigner:
    """Signs as another does, but the same each time, so that bytes can be compared."""

    certificate: bytes
    chain: tuple[bytes, ...]

    def sign(self, tbs: bytes) -> bytes:
        return sha256(tbs).digest() * 2


@pytest.fixture(scope="module")
def rsa_signer() -> SameSigner:
    return SameSigner(self_signed(rsa.generate_private_key(65537, 2048)), ())


def self_signed(key: rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey) -> bytes:
    """A certificate whose serial number needs a sign byte, and whose name has several parts."""
    name = x509.Name(
        [
            x509.NameAttribute(x509.NameOID.COUNTRY_NAME, "CN"),
            x509.NameAttribute(x509.NameOID.COMMON_NAME, "南宁桂印科技有限公司"),
        ]
    )
    builder = x509.CertificateBuilder(name, name, key.public_key(), 0xFF00FF, BEGIN, END)
    algorithm = hashes.SHA256() if isinstance(key, rsa.RSAPrivateKey) else None
    return builder.sign(key, algorithm).public_bytes(Encoding.DER)


@pytest.mark.parametrize("more", MORE)
@pytest.mark.parametrize("kind", ["P-256", "RSA"])
@pytest.mark.parametrize("stamped", [True, False])
def test_both_ways_write_the_same_bytes(
    signer: FakeSigner,
    rsa_signer: SameSigner,
    timestamper: Timestamper,
    kind: str,
    more: str,
    *,
    stamped: bool,
) -> None:
    same = rsa_signer if kind == "RSA" else SameSigner(signer.certificate, signer.chain)
    kept: dict[bytes, bytes] = {}

    def stamp(imprint: bytes) -> bytes:
        return kept.setdefault(imprint, kept.get(imprint) or timestamper(imprint))

    stamper = stamp if stamped else None
    made = cms.make(DIGEST, same, stamper, MORE[more])
    assert made == reference_cms(DIGEST, same, stamper, MORE[more])
    assert len(kept) == stamped


def test_a_signature_by_rsa_verifies() -> None:
    key = rsa.generate_private_key(65537, 2048)

    class Rsa(SameSigner):
        def sign(self, tbs: bytes) -> bytes:
            return key.sign(tbs, padding.PKCS1v15(), hashes.SHA256())

    signer = Rsa(self_signed(key), ())
    signed = cms.verify(cms.make(DIGEST, signer, None), DIGEST, signer.certificate)
    assert signed["1.2.840.113549.1.9.4"] == [b"\x04\x20" + DIGEST]


def test_a_key_that_pades_has_no_place_for_is_refused(authority: SmallAuthority) -> None:
    with pytest.raises(ValueError, match="another kind"):
        names_of(self_signed(ed25519.Ed25519PrivateKey.generate()))
    assert names_of(authority.root).signer[0] == 0x30
