"""Chains: order, trust, and what breaks them."""

import inspect
from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from server.pki.authority import Authority, Period, Subject, create_root
from server.pki.chain import (
    CertificateUnreadable,
    ChainBroken,
    check_chain,
    leaf_to_root,
    load_certificates,
    to_pem,
)

COMPANY = Subject.of_company("南宁桂印科技有限公司", "91450100MA5K8Q2X13")


@pytest.fixture
def leaf(issuing, year, public_key, addresses):
    return issuing.issue(COMPANY, public_key, year, addresses)


@pytest.fixture
def now(year):
    return year.starts + timedelta(days=1)


def test_a_chain_is_put_in_order_from_leaf_to_root(root, issuing, leaf) -> None:
    chain = [leaf, issuing.certificate, root.certificate]
    assert leaf_to_root(reversed(chain)) == chain
    assert leaf_to_root([root.certificate, leaf, issuing.certificate]) == chain
    assert leaf_to_root([root.certificate]) == [root.certificate]
    assert leaf_to_root([]) == []


def test_certificates_that_are_not_one_chain_are_refused(
    root, issuing, leaf, year, public_key, addresses
) -> None:
    second = issuing.issue(COMPANY, public_key, year, addresses)
    for mixture in ([leaf, root.certificate], [leaf, second, issuing.certificate]):
        with pytest.raises(ChainBroken):
            leaf_to_root(mixture)


def test_pem_and_der_are_read(root, issuing) -> None:
    both = [issuing.certificate, root.certificate]
    pem = to_pem(c.public_bytes(Encoding.DER) for c in both)
    assert load_certificates(pem) == both
    assert load_certificates(root.certificate.public_bytes(Encoding.DER)) == [root.certificate]


def test_what_is_no_certificate_is_named(root) -> None:
    der = root.certificate.public_bytes(Encoding.DER)
    for bad in (b"", b"junk", der[:-1], b"-----BEGIN CERTIFICATE-----\nAAAA\n"):
        with pytest.raises(CertificateUnreadable):
            load_certificates(bad)


def test_a_leaf_leads_to_its_root(root, issuing, leaf, now) -> None:
    chain = check_chain(leaf, [issuing.certificate], [root.certificate], now)
    assert chain == [leaf, issuing.certificate, root.certificate]


def test_a_root_that_is_only_in_the_pool_is_not_trusted(root, issuing, leaf, now) -> None:
    pool = [issuing.certificate, root.certificate]
    other = create_root(
        "根", ec.generate_private_key(ec.SECP256R1()), Period(now, now.replace(year=2049))
    )
    for roots in ([], [other.certificate]):
        with pytest.raises(ChainBroken):
            check_chain(leaf, pool, roots, now)


def test_a_chain_holds_only_within_its_periods(root, issuing, leaf, year) -> None:
    pool, roots = [issuing.certificate], [root.certificate]
    for moment in (year.starts - timedelta(seconds=2), year.ends + timedelta(seconds=2)):
        with pytest.raises(ChainBroken):
            check_chain(leaf, pool, roots, moment)


def test_an_end_entity_may_not_sign_certificates(
    root, issuing, year, public_key, addresses, now
) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    responder = issuing.issue_ocsp_responder("OCSP", key.public_key(), year)
    forged = Authority(key, responder).issue(COMPANY, public_key, year, addresses)
    with pytest.raises(ChainBroken):
        check_chain(forged, [responder, issuing.certificate], [root.certificate], now)


def test_an_issuing_authority_may_have_none_below_it(
    root, issuing, year, public_key, addresses, now
) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    below = Authority(key, issuing.issue_issuing("下级", key.public_key(), year))
    leaf = below.issue(COMPANY, public_key, year, addresses)
    pool = [below.certificate, issuing.certificate]
    with pytest.raises(ChainBroken):
        check_chain(leaf, pool, [root.certificate], now)


@pytest.mark.parametrize("name", ["digital_signature", "crl_sign"])
def test_an_authority_whose_key_may_not_sign_certificates_is_none(
    root, year, public_key, addresses, now, name: str
) -> None:
    names = list(inspect.signature(x509.KeyUsage).parameters)
    usage = x509.KeyUsage(**{each: each == name for each in names})
    with pytest.raises(ChainBroken):
        check_chain(*leaf_below(root, usage, year, public_key, addresses), now)


def test_an_authority_without_key_usage_may_sign_certificates(
    root, year, public_key, addresses, now
) -> None:
    leaf, pool, roots = leaf_below(root, None, year, public_key, addresses)
    assert check_chain(leaf, pool, roots, now) == [leaf, *pool, *roots]


def leaf_below(root, usage: x509.KeyUsage | None, year, public_key, addresses):
    """A leaf, its issuer with this key usage, and the root, as `check_chain` takes them."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "中间")])
    builder = (
        x509.CertificateBuilder(root.certificate.subject, subject, key.public_key())
        .serial_number(4711)
        .not_valid_before(year.starts)
        .not_valid_after(year.ends)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    )
    if usage is not None:
        builder = builder.add_extension(usage, critical=True)
    middle = builder.sign(root.key, hashes.SHA256())
    leaf = Authority(key, middle).issue(COMPANY, public_key, year, addresses)
    return leaf, [middle], [root.certificate]
