"""What every certificate authority must do."""

import hashlib
from datetime import timedelta
from pathlib import Path

import pytest
from asn1crypto.keys import PublicKeyInfo
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509 import ocsp

from server.pki.authority import Addresses, Period, Subject
from server.pki.chain import check_chain, load_certificates
from server.pki.revocation import RevocationReason
from server.pki.sm2 import Sm2PrivateKey
from server.pki.subject_keys import Algorithm, UnsupportedKey, public_key_of
from server.providers.ca import (
    CertificateAuthority,
    CertificateUnknown,
    CertificateWithdrawn,
    PeriodRefused,
    RequestReused,
)
from server.providers.ca.embedded import EmbeddedCa

ADDRESSES = dict.fromkeys(
    Algorithm, Addresses("http://ca.example/c", "http://ca.example/o", "http://ca.example/i")
)
COMPANY = Subject.of_company("南宁桂印科技有限公司", "91450100MA5K8Q2X13")
LOST, REPLACED = RevocationReason.KEY_COMPROMISE, RevocationReason.SUPERSEDED


def new_key(kind: Algorithm) -> bytes:
    if kind is Algorithm.SM2:
        return Sm2PrivateKey.generate().public_key().spki()
    key = ec.generate_private_key(ec.SECP256R1()).public_key()
    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


@pytest.fixture(params=["embedded"])
def ca(tmp_path: Path, clock) -> CertificateAuthority:
    return EmbeddedCa(tmp_path / "ca", ADDRESSES, clock)


@pytest.fixture(params=list(Algorithm))
def kind(request: pytest.FixtureRequest) -> Algorithm:
    return Algorithm(request.param)


@pytest.fixture
def key(kind: Algorithm) -> bytes:
    return new_key(kind)


@pytest.fixture
def year(clock) -> Period:
    return Period(clock.now(), clock.now() + timedelta(days=365))


@pytest.fixture
def issuer(ca, kind) -> x509.Certificate:
    return load_certificates(ca.chain(kind)[0])[0]


def ask(ca, issuer: x509.Certificate, serial: int) -> ocsp.OCSPResponse:
    """About any serial number of an authority."""
    key_bits = PublicKeyInfo.load(public_key_of(issuer))["public_key"].contents[1:]
    name_hash, key_hash = (
        hashlib.sha256(part).digest() for part in (issuer.subject.public_bytes(), key_bits)
    )
    asked = ocsp.OCSPRequestBuilder().add_certificate_by_hash(
        name_hash, key_hash, serial, hashes.SHA256()
    )
    request = asked.build().public_bytes(Encoding.DER)
    return ocsp.load_der_ocsp_response(ca.ocsp(request))


def test_a_certificate_speaks_for_the_key_and_leads_to_the_root(ca, kind, key, year, clock) -> None:
    issued = ca.issue("r-1", COMPANY, key, year)
    certificate, issuing, root = (
        load_certificates(der)[0] for der in (issued.certificate, *ca.chain(kind))
    )
    assert public_key_of(certificate) == key
    assert int(issued.serial, 16) == certificate.serial_number
    assert certificate.not_valid_after_utc == year.ends
    chain = check_chain(certificate, [issuing], [root], clock.now())
    assert chain == [certificate, issuing, root]


@pytest.mark.row("R-08")
def test_asking_again_gives_the_same_certificate(ca, key, year) -> None:
    first = ca.issue("r-1", COMPANY, key, year)
    assert ca.issue("r-1", COMPANY, key, year) == first
    assert ca.issue("r-2", COMPANY, key, year).serial != first.serial


@pytest.mark.row("R-08")
def test_a_request_id_stands_for_one_request(ca, kind, key, year) -> None:
    ca.issue("r-1", COMPANY, key, year)
    longer = Period(year.starts, year.ends + timedelta(days=1))
    other = Subject.of_person("韦志远", "acc-1")
    for different in ((other, key, year), (COMPANY, new_key(kind), year), (COMPANY, key, longer)):
        with pytest.raises(RequestReused):
            ca.issue("r-1", *different)


def test_a_period_beyond_the_authoritys_own_and_an_odd_key_are_refused(ca, key, year) -> None:
    for ends in (year.starts, year.starts + timedelta(days=365 * 40)):
        with pytest.raises(PeriodRefused):
            ca.issue("r-1", COMPANY, key, Period(year.starts, ends))
    with pytest.raises(UnsupportedKey):
        ca.issue("r-1", COMPANY, b"no key", year)


def test_a_revoked_certificate_stays_revoked_for_its_first_reason(ca, key, year, clock) -> None:
    serial = ca.issue("r-1", COMPANY, key, year).serial
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
    with pytest.raises(CertificateUnknown):
        ca.suspend("abc")
    with pytest.raises(CertificateUnknown):
        ca.resume("abc")


def test_the_list_names_revoked_certificates_at_once(ca, kind, year, issuer) -> None:
    kept, lost = (ca.issue(f"r-{n}", COMPANY, new_key(kind), year).serial for n in range(2))
    before = x509.load_der_x509_crl(ca.crl(kind))
    assert list(before) == []
    ca.revoke(lost, LOST)
    after = x509.load_der_x509_crl(ca.crl(kind))
    assert [entry.serial_number for entry in after] == [int(lost, 16)]
    assert after.get_revoked_certificate_by_serial_number(int(kept, 16)) is None
    assert after.issuer == issuer.subject
    assert number(after) > number(before)


def test_a_list_names_certificates_of_its_own_kind_only(ca, kind, year) -> None:
    ca.revoke(ca.issue("r-1", COMPANY, new_key(kind), year).serial, LOST)
    (other,) = set(Algorithm) - {kind}
    assert list(x509.load_der_x509_crl(ca.crl(other))) == []


def test_the_list_stays_until_it_is_a_day_old(ca, kind, clock) -> None:
    first = ca.crl(kind)
    clock.advance(hours=23)
    assert ca.crl(kind) == first
    clock.advance(hours=2)
    second = x509.load_der_x509_crl(ca.crl(kind))
    assert second.last_update_utc == clock.now()
    assert number(second) > number(x509.load_der_x509_crl(first))


def number(crl: x509.CertificateRevocationList) -> int:
    return crl.extensions.get_extension_for_class(x509.CRLNumber).value.crl_number


def test_the_responder_knows_good_revoked_and_unknown(ca, key, year, issuer, clock) -> None:
    issued = ca.issue("r-1", COMPANY, key, year)
    serial = int(issued.serial, 16)
    clock.advance(microseconds=123_456)  # strict readers take no fractions of a second
    assert ask(ca, issuer, serial).certificate_status is ocsp.OCSPCertStatus.GOOD
    ca.revoke(issued.serial, LOST)
    answer = ask(ca, issuer, serial)
    assert answer.certificate_status is ocsp.OCSPCertStatus.REVOKED
    assert answer.revocation_reason is x509.ReasonFlags.key_compromise
    assert ask(ca, issuer, 4711).certificate_status is ocsp.OCSPCertStatus.UNKNOWN


def test_a_question_about_another_issuer_or_in_junk_is_answered_by_a_refusal(ca, kind) -> None:
    root = load_certificates(ca.chain(kind)[1])[0]
    assert ask(ca, root, 4711).response_status is ocsp.OCSPResponseStatus.UNAUTHORIZED
    junk = ocsp.load_der_ocsp_response(ca.ocsp(b"junk"))
    assert junk.response_status is ocsp.OCSPResponseStatus.MALFORMED_REQUEST


def test_a_suspended_certificate_is_on_the_list_until_it_is_enabled(ca, kind, key, year) -> None:
    serial = ca.issue("r-1", COMPANY, key, year).serial

    assert ca.suspend(serial).suspended
    assert ca.suspend(serial) == ca.status(serial)
    (entry,) = x509.load_der_x509_crl(ca.crl(kind))
    reason = entry.extensions.get_extension_for_class(x509.CRLReason).value.reason
    assert reason is x509.ReasonFlags.certificate_hold

    assert ca.resume(serial).good
    assert ca.resume(serial).good
    assert list(x509.load_der_x509_crl(ca.crl(kind))) == []


def test_a_suspended_certificate_can_still_be_revoked_for_good(ca, key, year) -> None:
    serial = ca.issue("r-1", COMPANY, key, year).serial
    ca.suspend(serial)

    revoked = ca.revoke(serial, LOST)

    assert revoked.revocation is not None
    assert revoked.revocation.reason is LOST
    for again in (ca.suspend, ca.resume):
        with pytest.raises(CertificateWithdrawn):
            again(serial)
    assert ca.status(serial) == revoked


def test_a_renewed_certificate_speaks_for_the_same_key_and_name(ca, kind, key, year, clock) -> None:
    old = ca.issue("r-1", COMPANY, key, year)
    period = Period(year.ends, year.ends + timedelta(days=365))

    renewed = ca.renew("r-2", old.serial, period)

    before, after, issuing, root = (
        load_certificates(der)[0] for der in (old.certificate, renewed.certificate, *ca.chain(kind))
    )
    assert (after.subject, public_key_of(after)) == (before.subject, key)
    assert (after.not_valid_before_utc, after.not_valid_after_utc) == (period.starts, period.ends)
    assert check_chain(after, [issuing], [root], period.starts) == [after, issuing, root]
    assert ca.status(old.serial).good


@pytest.mark.row("R-08")
def test_a_renewal_that_is_asked_for_again_is_the_same(ca, key, year) -> None:
    serial = ca.issue("r-1", COMPANY, key, year).serial
    period = Period(year.ends, year.ends + timedelta(days=365))

    first = ca.renew("r-2", serial, period)

    assert ca.renew("r-2", serial, period) == first
    with pytest.raises(RequestReused):
        ca.renew("r-1", serial, period)
    with pytest.raises(RequestReused):
        ca.renew("r-2", serial, year)


def test_what_is_revoked_or_unknown_is_not_renewed(ca, key, year) -> None:
    serial = ca.issue("r-1", COMPANY, key, year).serial
    ca.revoke(serial, LOST)
    with pytest.raises(CertificateWithdrawn):
        ca.renew("r-2", serial, year)
    with pytest.raises(CertificateUnknown):
        ca.renew("r-2", "abc", year)
