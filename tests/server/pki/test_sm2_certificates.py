"""SM2 certificates, lists and answers as the `openssl` command reads them."""

from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp

from server.core.clock import SystemClock
from server.pki.authority import Authority, Subject, create_root
from server.pki.chain import ChainBroken, check_chain
from server.pki.issuer_keys import SM2_WITH_SM3
from server.pki.key_folder import KeyFolder
from server.pki.revocation import (
    Revocation,
    RevocationReason,
    build_crl,
    build_ocsp_response,
    read_ocsp_request,
)
from server.pki.sm2 import Sm2PrivateKey
from server.pki.subject_keys import UnsupportedKey
from tests.server.pki.conftest import LIFE

COMPANY = Subject.of_company("南宁桂印科技有限公司", "91450100MA5K8Q2X13")
NOW = SystemClock().now().replace(microsecond=0)
LOST = Revocation(NOW - timedelta(hours=2), RevocationReason.KEY_COMPROMISE)
SM2_WITH_SM3_DER = bytes.fromhex("300a06082a811ccf55018375")  # without parameters


@pytest.fixture
def sm2_root() -> Authority:
    return create_root("根", Sm2PrivateKey.generate(), LIFE)


@pytest.fixture
def sm2_issuing(sm2_root: Authority) -> Authority:
    key = Sm2PrivateKey.generate()
    return Authority(key, sm2_root.issue_issuing("签发", key.public_key(), LIFE))


@pytest.fixture
def key() -> Sm2PrivateKey:
    return Sm2PrivateKey.generate()


@pytest.fixture
def leaf(sm2_issuing, key, year, addresses) -> x509.Certificate:
    return sm2_issuing.issue(COMPANY, key.public_key().spki(), year, addresses)


@pytest.fixture
def leads(openssl, pem):
    """Whether one certificate leads to another; the command takes the signer's id for one link."""

    def run(below: x509.Certificate, above: x509.Certificate) -> bool:
        done = openssl(
            "verify", "-x509_strict", "-partial_chain", "-vfyopt", "distid:1234567812345678",
            "-trusted", pem("above.pem", above), pem("below.pem", below),
        )  # fmt: skip
        return bool(done.returncode == 0 and done.stdout.strip().endswith("OK"))

    return run


def test_openssl_verify_accepts_the_chain(leads, leaf, sm2_issuing, sm2_root) -> None:
    assert leads(leaf, sm2_issuing.certificate)
    assert leads(sm2_issuing.certificate, sm2_root.certificate)


def test_openssl_verify_refuses_another_authority_of_the_same_name(leads, sm2_issuing) -> None:
    other = create_root("根", Sm2PrivateKey.generate(), LIFE)
    assert not leads(sm2_issuing.certificate, other.certificate)


def test_a_certificate_names_sm2_twice_and_carries_the_key(leaf, key) -> None:
    assert leaf.signature_algorithm_oid.dotted_string == SM2_WITH_SM3
    assert leaf.public_bytes(Encoding.DER).count(SM2_WITH_SM3_DER) == 2
    assert key.public_key().spki() in leaf.tbs_certificate_bytes


def test_key_identifiers_lead_from_leaf_to_root(leaf, sm2_issuing, sm2_root) -> None:
    for below, above in (
        (leaf, sm2_issuing.certificate),
        (sm2_issuing.certificate, sm2_root.certificate),
    ):
        pointer = below.extensions.get_extension_for_class(x509.AuthorityKeyIdentifier)
        target = above.extensions.get_extension_for_class(x509.SubjectKeyIdentifier)
        assert pointer.value.key_identifier == target.value.digest


def test_each_kind_of_authority_signs_for_its_own_kind_of_key(
    issuing, sm2_issuing, key, public_key, year, addresses
) -> None:
    with pytest.raises(UnsupportedKey):
        issuing.issue(COMPANY, key.public_key().spki(), year, addresses)
    with pytest.raises(UnsupportedKey):
        sm2_issuing.issue(COMPANY, public_key, year, addresses)


def test_a_list_is_signed_by_its_authority(sm2_issuing, leaf, openssl, tmp_path) -> None:
    """The openssl command reads it; it has no way to be told the signer's id for lists."""
    der = build_crl(sm2_issuing, [(leaf.serial_number, LOST)], number=1, now=NOW)
    (tmp_path / "crl.der").write_bytes(der)
    crl = x509.load_der_x509_crl(der)
    authority = sm2_issuing.key.public_key()

    read = openssl("crl", "-inform", "DER", "-in", "crl.der", "-noout", "-text").stdout

    assert read.count("SM2-with-SM3") == 2
    assert f"{leaf.serial_number:X}" in read
    assert authority.verify(crl.signature, crl.tbs_certlist_bytes)


@pytest.fixture
def responder(sm2_issuing) -> Authority:
    key = Sm2PrivateKey.generate()
    return Authority(key, sm2_issuing.issue_ocsp_responder("OCSP", key.public_key(), LIFE))


@pytest.mark.parametrize(
    ("revocation", "status"),
    [(None, ocsp.OCSPCertStatus.GOOD), (LOST, ocsp.OCSPCertStatus.REVOKED)],
)
def test_an_answer_is_whole_and_signed_by_the_responder(
    responder, leaf, openssl, tmp_path, revocation, status
) -> None:
    asked = ocsp.OCSPRequestBuilder().add_certificate_by_hash(
        b"n" * 32, b"k" * 32, leaf.serial_number, hashes.SHA256()
    )
    request = read_ocsp_request(asked.build().public_bytes(Encoding.DER))
    assert request is not None
    made = build_ocsp_response(responder, request, status, revocation=revocation, now=NOW)
    (tmp_path / "answer.der").write_bytes(made)
    answer = ocsp.load_der_ocsp_response(made)

    read = openssl("ocsp", "-respin", "answer.der", "-resp_text", "-noverify").stdout

    assert f"Cert Status: {status.name.lower()}" in read
    assert answer.certificates == [responder.certificate]
    assert responder.key.public_key().verify(answer.signature, answer.tbs_response_bytes)


def test_a_pair_comes_back_as_it_was_saved(tmp_path, sm2_root) -> None:
    keys = KeyFolder(tmp_path / "keys")
    keys.save("root", sm2_root)

    loaded = keys.load("root")

    assert loaded is not None
    assert loaded.certificate == sm2_root.certificate
    assert loaded.key.pkcs8() == sm2_root.key.pkcs8()
    assert loaded.key.public_key().verify(sm2_root.key.sign(b"x"), b"x")


def test_a_chain_is_followed_to_the_root_at_its_time(leaf, sm2_issuing, sm2_root, year) -> None:
    issuing, root = sm2_issuing.certificate, sm2_root.certificate
    other = create_root("根", Sm2PrivateKey.generate(), LIFE).certificate

    assert check_chain(leaf, [issuing], [root], NOW) == [leaf, issuing, root]
    late = year.ends + timedelta(seconds=1)
    for pool, roots, at in (
        ([issuing], [other], NOW),
        ([], [root], NOW),
        ([issuing], [root], late),
        ([issuing], [], NOW),
    ):
        with pytest.raises(ChainBroken):
            check_chain(leaf, pool, roots, at)


def test_a_company_is_no_authority(leaf, key, sm2_issuing, sm2_root, year, addresses) -> None:
    forged = Authority(key, leaf).issue(COMPANY, key.public_key().spki(), year, addresses)
    with pytest.raises(ChainBroken):
        check_chain(forged, [leaf, sm2_issuing.certificate], [sm2_root.certificate], NOW)


def test_a_changed_certificate_leads_nowhere(leaf, sm2_issuing, sm2_root) -> None:
    changed = leaf.public_bytes(Encoding.DER).replace("桂印".encode(), "假印".encode())
    with pytest.raises(ChainBroken):
        check_chain(
            x509.load_der_x509_certificate(changed),
            [sm2_issuing.certificate],
            [sm2_root.certificate],
            NOW,
        )
