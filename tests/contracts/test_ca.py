"""What every certificate authority must do."""

from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509 import ocsp

from server.pki.authority import Addresses, Period, Subject
from server.pki.chain import check_chain, load_certificates
from server.pki.revocation import RevocationReason
from server.pki.subject_keys import UnsupportedKey
from server.providers.ca import (
    CertificateAuthority,
    CertificateUnknown,
    PeriodRefused,
    RequestReused,
)
from server.providers.ca.embedded import EmbeddedCa

ADDRESSES = Addresses("http://ca.example/c", "http://ca.example/o", "http://ca.example/i")
COMPANY = Subject.of_company("南宁桂印科技有限公司", "91450100MA5K8Q2X13")
LOST, REPLACED = RevocationReason.KEY_COMPROMISE, RevocationReason.SUPERSEDED


def new_key() -> bytes:
    key = ec.generate_private_key(ec.SECP256R1()).public_key()
    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


@pytest.fixture(params=["embedded"])
def ca(tmp_path: Path, clock) -> CertificateAuthority:
    return EmbeddedCa(tmp_path / "ca", ADDRESSES, clock)


@pytest.fixture
def year(clock) -> Period:
    return Period(clock.now(), clock.now() + timedelta(days=365))


@pytest.fixture
def issuer(ca) -> x509.Certificate:
    return load_certificates(ca.chain()[0])[0]


def question(
    certificate: x509.Certificate, issuer: x509.Certificate, serial: int
) -> ocsp.OCSPRequestBuilder:
    """About any serial number of the authority that issued `certificate`."""
    usual = ocsp.OCSPRequestBuilder().add_certificate(certificate, issuer, hashes.SHA256()).build()
    return ocsp.OCSPRequestBuilder().add_certificate_by_hash(
        usual.issuer_name_hash, usual.issuer_key_hash, serial, hashes.SHA256()
    )


def ask(
    ca, certificate: x509.Certificate, issuer: x509.Certificate, serial: int | None = None
) -> ocsp.OCSPResponse:
    asked = question(certificate, issuer, serial or certificate.serial_number).build()
    return ocsp.load_der_ocsp_response(ca.ocsp(asked.public_bytes(Encoding.DER)))


def test_a_certificate_speaks_for_the_key_and_leads_to_the_root(ca, year, clock) -> None:
    key = new_key()
    issued = ca.issue("r-1", COMPANY, key, year)
    certificate, issuing, root = (
        load_certificates(der)[0] for der in (issued.certificate, *ca.chain())
    )
    spki = certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    assert spki == key
    assert int(issued.serial, 16) == certificate.serial_number
    assert certificate.not_valid_after_utc == year.ends
    chain = check_chain(certificate, [issuing], [root], clock.now())
    assert chain == [certificate, issuing, root]


@pytest.mark.row("R-08")
def test_asking_again_gives_the_same_certificate(ca, year) -> None:
    key = new_key()
    first = ca.issue("r-1", COMPANY, key, year)
    assert ca.issue("r-1", COMPANY, key, year) == first
    assert ca.issue("r-2", COMPANY, key, year).serial != first.serial


@pytest.mark.row("R-08")
def test_a_request_id_stands_for_one_request(ca, year) -> None:
    key = new_key()
    ca.issue("r-1", COMPANY, key, year)
    longer = Period(year.starts, year.ends + timedelta(days=1))
    other = Subject.of_person("韦志远", "acc-1")
    for different in ((other, key, year), (COMPANY, new_key(), year), (COMPANY, key, longer)):
        with pytest.raises(RequestReused):
            ca.issue("r-1", *different)


def test_a_period_beyond_the_authoritys_own_and_an_odd_key_are_refused(ca, year) -> None:
    for ends in (year.starts, year.starts + timedelta(days=365 * 40)):
        with pytest.raises(PeriodRefused):
            ca.issue("r-1", COMPANY, new_key(), Period(year.starts, ends))
    with pytest.raises(UnsupportedKey):
        ca.issue("r-1", COMPANY, b"no key", year)


def test_a_revoked_certificate_stays_revoked_for_its_first_reason(ca, year, clock) -> None:
    serial = ca.issue("r-1", COMPANY, new_key(), year).serial
    assert ca.status(serial).good
    revoked = ca.revoke(serial, LOST)
    clock.advance(hours=1)
    assert ca.revoke(serial, REPLACED) == revoked == ca.status(serial)
    assert not revoked.good
    assert revoked.revocation is not None
    assert (revoked.revocation.reason, revoked.revocation.at) == (
        LOST,
        clock.now() - timedelta(hours=1),
    )


def test_an_unknown_serial_is_named(ca) -> None:
    with pytest.raises(CertificateUnknown):
        ca.status("abc")
    with pytest.raises(CertificateUnknown):
        ca.revoke("abc", LOST)


def test_the_list_names_revoked_certificates_at_once(ca, year, issuer) -> None:
    kept, lost = (ca.issue(f"r-{n}", COMPANY, new_key(), year).serial for n in range(2))
    before = x509.load_der_x509_crl(ca.crl())
    assert list(before) == []
    ca.revoke(lost, LOST)
    after = x509.load_der_x509_crl(ca.crl())
    assert [entry.serial_number for entry in after] == [int(lost, 16)]
    assert after.get_revoked_certificate_by_serial_number(int(kept, 16)) is None
    assert after.is_signature_valid(issuer.public_key())
    assert number(after) > number(before)


def test_the_list_stays_until_it_is_a_day_old(ca, clock) -> None:
    first = ca.crl()
    clock.advance(hours=23)
    assert ca.crl() == first
    clock.advance(hours=2)
    second = x509.load_der_x509_crl(ca.crl())
    assert second.last_update_utc == clock.now()
    assert number(second) > number(x509.load_der_x509_crl(first))


def number(crl: x509.CertificateRevocationList) -> int:
    return crl.extensions.get_extension_for_class(x509.CRLNumber).value.crl_number


def test_the_responder_knows_good_revoked_and_unknown(ca, year, issuer) -> None:
    issued = ca.issue("r-1", COMPANY, new_key(), year)
    certificate = load_certificates(issued.certificate)[0]
    assert ask(ca, certificate, issuer).certificate_status is ocsp.OCSPCertStatus.GOOD
    ca.revoke(issued.serial, LOST)
    answer = ask(ca, certificate, issuer)
    assert answer.certificate_status is ocsp.OCSPCertStatus.REVOKED
    assert answer.revocation_reason is x509.ReasonFlags.key_compromise
    never_issued = ask(ca, certificate, issuer, serial=4711)
    assert never_issued.certificate_status is ocsp.OCSPCertStatus.UNKNOWN


def test_a_question_about_another_issuer_or_in_junk_is_answered_by_a_refusal(ca, issuer) -> None:
    root = load_certificates(ca.chain()[1])[0]
    assert ask(ca, issuer, root).response_status is ocsp.OCSPResponseStatus.UNAUTHORIZED
    junk = ocsp.load_der_ocsp_response(ca.ocsp(b"junk"))
    assert junk.response_status is ocsp.OCSPResponseStatus.MALFORMED_REQUEST
