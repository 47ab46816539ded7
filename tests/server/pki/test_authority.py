"""Certificates as an independent reader sees them."""

import warnings
from datetime import UTC, datetime

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa, x25519
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import NameOID

from server.pki.authority import (
    BadSubject,
    Period,
    Subject,
    serial_hex,
)
from server.pki.subject_keys import UnsupportedKey

COMPANY = Subject.of_company("南宁桂印科技有限公司", "91450100MA5K8Q2X13")
PERSON = Subject.of_person("韦志远", "acc-7d2f")


def spki(key) -> bytes:
    return key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def values(certificate: x509.Certificate) -> dict[x509.ObjectIdentifier, str]:
    return {attribute.oid: attribute.value for attribute in certificate.subject}


def test_openssl_verify_accepts_the_chain(
    openssl, pem, root, issuing, year, public_key, addresses
) -> None:
    leaf = issuing.issue(COMPANY, public_key, year, addresses)
    done = openssl(
        "verify", "-x509_strict", "-check_ss_sig", "-purpose", "any",
        "-CAfile", pem("root.pem", root.certificate),
        "-untrusted", pem("issuing.pem", issuing.certificate), pem("leaf.pem", leaf),
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip().endswith("OK")


def test_a_company_is_named_by_its_name_and_its_credit_code(
    issuing, year, public_key, addresses
) -> None:
    found = values(issuing.issue(COMPANY, public_key, year, addresses))
    assert found == {
        NameOID.COUNTRY_NAME: "CN",
        NameOID.ORGANIZATION_NAME: COMPANY.name,
        NameOID.ORGANIZATION_IDENTIFIER: "NTRCN-91450100MA5K8Q2X13",
        NameOID.COMMON_NAME: COMPANY.name,
        NameOID.SERIAL_NUMBER: "91450100MA5K8Q2X13",
    }


def test_a_person_is_named_by_name_and_account_only(issuing, year, public_key, addresses) -> None:
    found = values(issuing.issue(PERSON, public_key, year, addresses))
    assert found == {
        NameOID.COUNTRY_NAME: "CN",
        NameOID.COMMON_NAME: "韦志远",
        NameOID.SERIAL_NUMBER: "acc-7d2f",
    }


def test_a_long_company_name_is_whole_in_the_organization(
    issuing, year, public_key, addresses
) -> None:
    name = "广西壮族自治区邕江水利水电工程建设投资管理集团有限责任公司"
    subject = Subject.of_company(name, COMPANY.number)
    made = issuing.issue(subject, public_key, year, addresses)
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # a common name over 64 bytes would be warned of here
        found = values(x509.load_der_x509_certificate(made.public_bytes(Encoding.DER)))
    assert found[NameOID.ORGANIZATION_NAME] == name
    assert name.startswith(found[NameOID.COMMON_NAME])
    assert len(found[NameOID.COMMON_NAME]) == 21


@pytest.mark.parametrize(("name", "number"), [("", "A1"), ("  ", "A1"), ("韦", ""), ("韦", "编号")])
def test_a_subject_without_name_or_printable_number_is_refused(name: str, number: str) -> None:
    with pytest.raises(BadSubject):
        Subject.of_person(name, number)


def test_a_signing_key_may_sign_and_commit_and_nothing_else(
    issuing, year, public_key, addresses
) -> None:
    made = issuing.issue(COMPANY, public_key, year, addresses)
    usage = made.extensions.get_extension_for_class(x509.KeyUsage)
    assert usage.critical
    assert usage.value.digital_signature
    assert usage.value.content_commitment
    assert not usage.value.key_cert_sign
    assert not usage.value.key_agreement
    assert not made.extensions.get_extension_for_class(x509.BasicConstraints).value.ca


def test_a_wrapping_key_may_only_agree_on_keys(issuing, year, addresses) -> None:
    key = x25519.X25519PrivateKey.generate()
    made = issuing.issue(PERSON, spki(key), year, addresses)
    usage = made.extensions.get_extension_for_class(x509.KeyUsage).value
    assert usage.key_agreement
    assert not usage.digital_signature
    assert not usage.content_commitment


def test_other_kinds_of_key_are_refused(issuing, year, addresses) -> None:
    others = [
        spki(ec.generate_private_key(ec.SECP384R1())),
        spki(rsa.generate_private_key(65537, 2048)),
        b"no key",
    ]
    for key in others:
        with pytest.raises(UnsupportedKey):
            issuing.issue(COMPANY, key, year, addresses)


def test_a_certificate_says_where_revocation_is_found(
    openssl, pem, issuing, year, public_key, addresses
) -> None:
    leaf = pem("leaf.pem", issuing.issue(COMPANY, public_key, year, addresses))
    text = openssl("x509", "-in", leaf, "-noout", "-text").stdout
    for address in (addresses.crl, addresses.ocsp, addresses.issuer):
        assert f"URI:{address}" in text
    assert "2.999.4501.2" in text
    assert "Digital Signature, Non Repudiation" in text


def test_key_identifiers_lead_from_leaf_to_root(root, issuing, year, public_key, addresses) -> None:
    chain = [issuing.issue(COMPANY, public_key, year, addresses), issuing.certificate]
    for certificate, above in zip(chain, [issuing.certificate, root.certificate], strict=True):
        pointer = certificate.extensions.get_extension_for_class(x509.AuthorityKeyIdentifier)
        target = above.extensions.get_extension_for_class(x509.SubjectKeyIdentifier)
        assert pointer.value.key_identifier == target.value.digest


def test_a_period_ends_no_later_than_its_issuer(issuing) -> None:
    end = issuing.certificate.not_valid_after_utc
    start = datetime(2026, 1, 1, tzinfo=UTC)
    assert Period(start, end).within(issuing.certificate)
    assert not Period(start, end.replace(year=end.year + 1)).within(issuing.certificate)
    assert not Period(start, start).within(issuing.certificate)


def test_a_serial_is_written_as_hex_without_prefix(issuing, year, public_key, addresses) -> None:
    made = issuing.issue(COMPANY, public_key, year, addresses)
    assert int(serial_hex(made), 16) == made.serial_number
    assert not serial_hex(made).startswith("0x")
