"""Revocation lists and answers, as openssl reads them."""

from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp

from server.core.clock import SystemClock
from server.pki.authority import Subject
from server.pki.revocation import (
    CRL_LIFE,
    Revocation,
    RevocationReason,
    asks_about,
    build_crl,
    build_ocsp_response,
    read_ocsp_request,
    refuse_ocsp,
)

COMPANY = Subject.of_company("南宁桂印科技有限公司", "91450100MA5K8Q2X13")
NOW = SystemClock().now().replace(microsecond=0)
LOST = Revocation(NOW - timedelta(hours=2), RevocationReason.KEY_COMPROMISE)


@pytest.fixture
def leaf(issuing, year, public_key, addresses) -> x509.Certificate:
    return issuing.issue(COMPANY, public_key, year, addresses)


@pytest.fixture
def crl_check(openssl, pem, tmp_path, root, issuing, leaf):
    """What `openssl verify -crl_check` says about the leaf under a list."""

    def check(crl: bytes):
        (tmp_path / "crl.pem").write_bytes(x509.load_der_x509_crl(crl).public_bytes(Encoding.PEM))
        return openssl(
            "verify", "-crl_check", "-CRLfile", "crl.pem",
            "-CAfile", pem("root.pem", root.certificate),
            "-untrusted", pem("issuing.pem", issuing.certificate), pem("leaf.pem", leaf),
        )  # fmt: skip

    return check


def test_openssl_accepts_a_certificate_that_is_not_on_the_list(crl_check, issuing) -> None:
    done = crl_check(build_crl(issuing, [], number=1, now=NOW))
    assert done.returncode == 0, done.stderr


def test_openssl_refuses_a_certificate_on_the_list(crl_check, issuing, leaf) -> None:
    revoked = [(leaf.serial_number, LOST)]
    done = crl_check(build_crl(issuing, revoked, number=1, now=NOW))
    assert done.returncode != 0
    assert "certificate revoked" in done.stderr


def test_a_list_says_number_reason_and_life(issuing, leaf) -> None:
    der = build_crl(issuing, [(leaf.serial_number, LOST)], number=7, now=NOW)
    crl = x509.load_der_x509_crl(der)
    entry = crl.get_revoked_certificate_by_serial_number(leaf.serial_number)
    assert entry is not None
    assert entry.revocation_date_utc == LOST.at
    assert entry.extensions.get_extension_for_class(x509.CRLReason).value.reason == (
        x509.ReasonFlags.key_compromise
    )
    assert crl.extensions.get_extension_for_class(x509.CRLNumber).value.crl_number == 7
    assert (crl.last_update_utc, crl.next_update_utc) == (NOW, NOW + CRL_LIFE)


@pytest.mark.parametrize("reason", list(RevocationReason))
def test_every_reason_has_its_name_in_the_standard(reason: RevocationReason) -> None:
    assert reason.flag.name == reason.value


def request(leaf, issuer, *, nonce: bytes | None = None) -> bytes:
    builder = ocsp.OCSPRequestBuilder().add_certificate(leaf, issuer, hashes.SHA1())
    if nonce:
        builder = builder.add_extension(x509.OCSPNonce(nonce), critical=False)
    return builder.build().public_bytes(Encoding.DER)


@pytest.mark.parametrize(
    ("status", "revocation", "word"),
    [
        (ocsp.OCSPCertStatus.GOOD, None, "good"),
        (ocsp.OCSPCertStatus.REVOKED, LOST, "revoked"),
        (ocsp.OCSPCertStatus.UNKNOWN, None, "unknown"),
    ],
)
def test_openssl_believes_the_responder(
    openssl, pem, tmp_path, root, issuing, responder, leaf, status, revocation, word
) -> None:
    asked = read_ocsp_request(request(leaf, issuing.certificate))
    assert asked is not None
    answer = build_ocsp_response(responder, asked, status, revocation=revocation, now=NOW)
    (tmp_path / "answer.der").write_bytes(answer)
    done = openssl(
        "ocsp", "-respin", "answer.der", "-no_nonce",
        "-CAfile", pem("root.pem", root.certificate),
        "-issuer", pem("issuing.pem", issuing.certificate), "-cert", pem("leaf.pem", leaf),
    )  # fmt: skip
    assert "Response verify OK" in done.stderr
    assert f"leaf.pem: {word}" in done.stdout


def test_the_responder_is_not_itself_asked_about(responder) -> None:
    extensions = responder.certificate.extensions
    assert extensions.get_extension_for_class(x509.OCSPNoCheck)
    purposes = extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert [purpose.dotted_string for purpose in purposes] == ["1.3.6.1.5.5.7.3.9"]


def test_a_nonce_comes_back(issuing, responder, leaf) -> None:
    asked = read_ocsp_request(request(leaf, issuing.certificate, nonce=b"n" * 16))
    assert asked is not None
    good = ocsp.OCSPCertStatus.GOOD
    answer = build_ocsp_response(responder, asked, good, revocation=None, now=NOW)
    extensions = ocsp.load_der_ocsp_response(answer).extensions
    assert extensions.get_extension_for_class(x509.OCSPNonce).value.nonce == b"n" * 16


def test_a_request_by_openssl_names_our_issuer_and_no_other(
    openssl, pem, tmp_path, root, issuing, leaf
) -> None:
    openssl(
        "ocsp", "-sha256", "-issuer", pem("issuing.pem", issuing.certificate),
        "-cert", pem("leaf.pem", leaf), "-reqout", "request.der",
    )  # fmt: skip
    asked = read_ocsp_request((tmp_path / "request.der").read_bytes())
    assert asked is not None
    assert asks_about(asked, issuing.certificate)
    assert not asks_about(asked, root.certificate)


def test_what_is_not_one_question_is_not_read(issuing, root, leaf) -> None:
    whole = request(leaf, issuing.certificate)
    # SHA-1's identifier (1.3.14.3.2.26) turned into one that nobody knows.
    unknown_hash = whole.replace(bytes.fromhex("06052b0e03021a"), bytes.fromhex("06052b0e03027f"))
    assert unknown_hash != whole
    for bad in (b"", b"junk", whole[:-3], unknown_hash):
        assert read_ocsp_request(bad) is None


def test_a_refusal_is_unsigned_and_names_its_reason() -> None:
    refusal = refuse_ocsp(ocsp.OCSPResponseStatus.MALFORMED_REQUEST)
    read = ocsp.load_der_ocsp_response(refusal)
    assert read.response_status is ocsp.OCSPResponseStatus.MALFORMED_REQUEST
