"""The short way to a root says what the library says, or nothing; it never believes more."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.x509.oid import NameOID

from server.pki.authority import Authority, Period, create_root
from server.pki.issuer_keys import sign_certificate, start_certificate
from server.pki.sm2 import Sm2PrivateKey
from server.pki.sm2_chain import find_chain, plain_chain

NOW = datetime(2026, 11, 20, tzinfo=UTC)
LIFE = Period(NOW - timedelta(days=100), NOW + timedelta(days=100))
USAGES = (
    "digital_signature", "content_commitment", "key_encipherment", "data_encipherment",
    "key_agreement", "key_cert_sign", "crl_sign", "encipher_only", "decipher_only",
)  # fmt: skip


def name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


@dataclass(frozen=True)
class Kind:
    """What an authority's certificate says of itself."""

    ca: bool = True
    path_length: int | None = None
    certifies: bool = True
    period: Period = LIFE
    more: x509.ExtensionType | None = None


def below(
    issuer: Authority | None,
    common: str,
    kind: Kind,
    *,
    signs: Sm2PrivateKey | None = None,
    key: Sm2PrivateKey | None = None,
) -> Authority:
    """Signed by its issuer, or by another key; without an issuer a root."""
    key = key or Sm2PrivateKey.generate()
    usage = {use: use == ("key_cert_sign" if kind.certifies else "crl_sign") for use in USAGES}
    builder = (
        start_certificate(key.public_key())
        .subject_name(name(common))
        .issuer_name(issuer.certificate.subject if issuer else name(common))
        .serial_number(x509.random_serial_number())
        .not_valid_before(kind.period.starts)
        .not_valid_after(kind.period.ends)
        .add_extension(
            x509.BasicConstraints(kind.ca, kind.path_length if kind.ca else None), critical=True
        )
        .add_extension(x509.KeyUsage(**usage), critical=True)
    )
    if kind.more is not None:
        builder = builder.add_extension(kind.more, critical=True)
    signer = signs or (issuer.key if issuer else key)
    return Authority(key, sign_certificate(builder, key.public_key(), signer))


ROOT = create_root("根", Sm2PrivateKey.generate(), LIFE)
FREE = below(None, "自由根", Kind())


def chain_by(kind: Kind, *, depth: int = 1, root: Authority = FREE) -> bool | None:
    """Whether the short way leads from a leaf through authorities of this kind; None: nothing
    said. The library is asked too, and must not refuse what was believed."""
    issuer, pool = root, []
    for number in range(depth):
        issuer = below(issuer, f"签发{number}", kind)
        pool.append(issuer.certificate)
    leaf = below(issuer, "某公司", Kind(ca=False, certifies=False)).certificate
    found = plain_chain(leaf, pool, [root.certificate], NOW)
    if found is not None:
        assert found == [leaf, *reversed(pool), root.certificate]
        assert find_chain(leaf, pool, [root.certificate], NOW) == found
    return None if found is None else True


def test_a_plain_chain_is_found_without_the_library() -> None:
    assert chain_by(Kind())
    assert chain_by(Kind(), depth=3)


@pytest.mark.row("S-37")
@pytest.mark.parametrize(
    "kind",
    [
        Kind(ca=False),
        Kind(certifies=False),
        Kind(period=Period(LIFE.starts, NOW - timedelta(days=1))),
        Kind(period=Period(NOW + timedelta(days=1), LIFE.ends)),
        Kind(more=x509.NameConstraints([x509.DNSName("example")], None)),
    ],
)
def test_an_authority_that_may_not_certify_leads_nowhere(kind: Kind) -> None:
    assert chain_by(kind) is None


@pytest.mark.row("S-37")
def test_no_more_authorities_than_the_upper_one_allows() -> None:
    assert chain_by(Kind(path_length=1), depth=2)
    assert chain_by(Kind(path_length=0), depth=2) is None
    assert chain_by(Kind(), depth=2, root=ROOT) is None  # its own path length is 1
    assert chain_by(Kind(), depth=9) is None


@pytest.mark.row("S-37")
def test_whoever_only_has_the_name_of_an_authority_leads_nowhere() -> None:
    issuing = below(FREE, "签发", Kind())
    forger = below(FREE, "签发", Kind(), signs=Sm2PrivateKey.generate())
    leaf = below(forger, "某公司", Kind(ca=False, certifies=False)).certificate
    roots = [FREE.certificate]
    assert plain_chain(leaf, [issuing.certificate], roots, NOW) is None
    assert plain_chain(leaf, [forger.certificate, issuing.certificate], roots, NOW) is None
    assert find_chain(leaf, [forger.certificate, issuing.certificate], roots, NOW) is None


def test_where_there_is_a_choice_the_library_chooses() -> None:
    issuing = below(FREE, "签发", Kind())
    twin = below(FREE, "签发", Kind(), key=issuing.key)
    leaf = below(issuing, "某公司", Kind(ca=False, certifies=False)).certificate
    pool, roots = [issuing.certificate, twin.certificate], [FREE.certificate]
    assert plain_chain(leaf, pool, roots, NOW) is None
    assert find_chain(leaf, pool, roots, NOW) is not None
