"""Time stamps: openssl accepts ours, we accept openssl's, and what does not stand is named."""

import hashlib
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from asn1crypto import cms
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding

from server.core.clock import SystemClock
from server.pki.authority import Authority, Period, create_root
from server.pki.chain import to_pem
from server.pki.timestamp import (
    TimestampForged,
    TimestampInvalid,
    TimestampRefused,
    TimestampRequest,
    TimestampUnreadable,
    TimestampUntrusted,
    TimestampWrongImprint,
    TimestampWrongNonce,
    build_request,
    token_of_response,
)
from server.pki.timestamp_authority import TimestampAuthority
from server.pki.timestamp_check import check_token
from tests.fakes.clock import FakeClock

DATA = "申报材料".encode()
SHA256_OID, SHA224_OID = (bytes.fromhex("608648016503040201"), bytes.fromhex("608648016503040204"))
VERSION_1, VERSION_2 = b"\x02\x01\x01", b"\x02\x01\x02"
ASKED = TimestampRequest("sha256", hashlib.sha256(DATA).digest(), nonce=0x80C0FFEE)


@pytest.fixture
def clock() -> FakeClock:
    # openssl judges by the machine's time, so the still clock stands close to it.
    return FakeClock(SystemClock().now().replace(microsecond=0))


@pytest.fixture
def authority(tmp_path: Path, clock: FakeClock) -> TimestampAuthority:
    return TimestampAuthority.open(tmp_path / "tsa", clock)


@pytest.fixture
def roots(authority) -> list[x509.Certificate]:
    return [x509.load_der_x509_certificate(authority.root)]


@pytest.fixture
def token(authority) -> bytes:
    return token_of_response(authority.respond(build_request(ASKED)))


@pytest.mark.parametrize("hash_name", ["sha256", "sha384", "sha512"])
def test_openssl_accepts_our_token(openssl, tmp_path, authority, hash_name) -> None:
    asked = TimestampRequest(hash_name, hashlib.new(hash_name, DATA).digest(), nonce=7)
    reply = authority.respond(build_request(asked))
    (tmp_path / "data").write_bytes(DATA)
    (tmp_path / "token.der").write_bytes(token_of_response(reply))
    (tmp_path / "root.pem").write_bytes(to_pem([authority.root]))
    done = openssl(
        "ts", "-verify", "-in", "token.der", "-token_in", "-data", "data", "-CAfile", "root.pem"
    )
    assert done.returncode == 0, done.stderr
    assert "Verification: OK" in done.stdout


def test_our_authority_answers_a_query_by_openssl(openssl, tmp_path, authority) -> None:
    (tmp_path / "data").write_bytes(DATA)
    openssl("ts", "-query", "-data", "data", "-sha512", "-cert", "-out", "query.tsq")
    reply = authority.respond((tmp_path / "query.tsq").read_bytes())
    (tmp_path / "reply.tsr").write_bytes(reply)
    (tmp_path / "root.pem").write_bytes(to_pem([authority.root]))
    done = openssl(
        "ts", "-verify", "-in", "reply.tsr", "-queryfile", "query.tsq", "-CAfile", "root.pem"
    )
    assert done.returncode == 0, done.stderr


def test_without_being_asked_no_certificates_are_sent(openssl, tmp_path, authority) -> None:
    asked = replace(ASKED, wants_certificates=False)
    bare = token_of_response(authority.respond(build_request(asked)))
    full = token_of_response(authority.respond(build_request(ASKED)))
    size = len(authority.signer.certificate.public_bytes(Encoding.DER))
    assert len(full) - len(bare) >= size


def test_a_token_says_when_and_by_whom(authority, clock, roots, token) -> None:
    said = check_token(token, ASKED, roots)
    assert said.time == clock.now()
    assert said.policy == "2.999.4501.1"
    assert said.certificate == authority.signer.certificate.public_bytes(Encoding.DER)
    again = token_of_response(authority.respond(build_request(ASKED)))
    assert check_token(again, ASKED, roots).serial != said.serial


def test_a_token_in_a_file_is_checked_without_its_nonce(roots, token) -> None:
    assert check_token(token, replace(ASKED, nonce=None), roots)


def test_a_token_over_other_data_is_named(roots, token) -> None:
    other = hashlib.sha256(b"other").digest()
    with pytest.raises(TimestampWrongImprint):
        check_token(token, replace(ASKED, imprint=other), roots)


def test_an_answer_to_another_request_is_named(authority, roots, token) -> None:
    with pytest.raises(TimestampWrongNonce):
        check_token(token, replace(ASKED, nonce=1), roots)
    without = token_of_response(authority.respond(build_request(replace(ASKED, nonce=None))))
    with pytest.raises(TimestampWrongNonce):
        check_token(without, ASKED, roots)


def test_a_token_by_an_unknown_authority_is_named(tmp_path, clock, token) -> None:
    stranger = TimestampAuthority.open(tmp_path / "other", clock)
    for trusted in ([], [x509.load_der_x509_certificate(stranger.root)]):
        with pytest.raises(TimestampUntrusted):
            check_token(token, ASKED, trusted)


def test_a_token_from_outside_the_authoritys_life_is_named(authority, clock, roots) -> None:
    clock.advance(days=3651)
    late = token_of_response(authority.respond(build_request(ASKED)))
    with pytest.raises(TimestampUntrusted):
        check_token(late, ASKED, roots)


def test_only_a_key_for_time_stamping_may_stamp(clock) -> None:
    life = Period(clock.now() - timedelta(days=1), clock.now() + timedelta(days=1))
    root = create_root("根", ec.generate_private_key(ec.SECP256R1()), life)
    key = ec.generate_private_key(ec.SECP256R1())
    for issue in (root.issue_ocsp_responder, root.issue_issuing):
        signer = Authority(key, issue("冒充", key.public_key(), life))
        impostor = TimestampAuthority(signer, root.certificate.public_bytes(Encoding.DER), clock)
        token = token_of_response(impostor.respond(build_request(ASKED)))
        with pytest.raises(TimestampUntrusted):
            check_token(token, ASKED, [root.certificate])


def test_a_token_moved_to_other_data_or_another_time_is_forged(roots, token) -> None:
    other = hashlib.sha256(b"other").digest()
    moved = token.replace(ASKED.imprint, other)
    with pytest.raises(TimestampForged):
        check_token(moved, replace(ASKED, imprint=other), roots)
    year = token.index(b"\x18\x0f") + 2
    earlier = token[:year] + b"2001" + token[year + 4 :]
    with pytest.raises(TimestampForged):
        check_token(earlier, ASKED, roots)


def test_a_signature_by_another_key_is_forged(authority, clock, roots) -> None:
    stolen_name = Authority(ec.generate_private_key(ec.SECP256R1()), authority.signer.certificate)
    forger = replace(authority, signer=stolen_name)
    token = token_of_response(forger.respond(build_request(ASKED)))
    with pytest.raises(TimestampForged):
        check_token(token, ASKED, roots)


def resigned(authority: TimestampAuthority, token: bytes, kind: str, values: list) -> bytes:
    """The token with other values of one signed attribute, signed by the right key all the same."""
    content = cms.ContentInfo.load(token)
    signer = content["content"]["signer_infos"][0]
    others = [a for a in signer["signed_attrs"] if a["type"].native != kind]
    changed = [cms.CMSAttribute({"type": kind, "values": values})] if values else []
    signer["signed_attrs"] = cms.CMSAttributes([*others, *changed])
    signed = b"\x31" + signer["signed_attrs"].dump()[1:]
    signer["signature"] = authority.signer.key.sign(signed, ec.ECDSA(hashes.SHA256()))
    return content.dump(force=True)


def test_the_helper_of_the_next_test_makes_tokens_that_stand(authority, roots, token) -> None:
    encapsulated = cms.ContentInfo.load(token)["content"]["encap_content_info"]
    digest = hashlib.sha256(encapsulated["content"].contents).digest()
    same = resigned(authority, token, "message_digest", [digest])
    assert check_token(same, ASKED, roots)


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("content_type", ["data"]),
        ("content_type", []),
        ("message_digest", [bytes(32)]),
        ("message_digest", []),
        ("signing_certificate_v2", [{"certs": [{"cert_hash": bytes(32)}]}]),
        ("signing_certificate_v2", []),
    ],
)
def test_a_signed_attribute_that_does_not_fit_is_forged(
    authority, roots, token, kind: str, values: list
) -> None:
    with pytest.raises(TimestampForged) as forged:
        check_token(resigned(authority, token, kind, values), ASKED, roots)
    assert forged.value.details == {"rule": kind.removesuffix("_v2")}


@pytest.mark.filterwarnings("ignore:Parsed a serial number")
def test_a_spoilt_token_gives_a_named_error_or_the_same_answer(roots, token) -> None:
    said = check_token(token, ASKED, roots)
    for position in range(0, len(token), 7):
        spoilt = bytearray(token)
        spoilt[position] ^= 0x81
        for broken in (bytes(spoilt), token[:position]):
            try:
                found = check_token(broken, ASKED, roots)
            except TimestampInvalid:
                continue
            assert found == said


def test_what_is_no_token_is_named(roots, authority) -> None:
    request = build_request(ASKED)
    for bad in (b"", b"<html>", b"\x30\x80" * 400, request, authority.root):
        with pytest.raises(TimestampUnreadable):
            check_token(bad, ASKED, roots)
        with pytest.raises(TimestampUnreadable):
            token_of_response(bad)


@pytest.mark.parametrize(
    ("request_bytes", "failure"),
    [
        (b"", "bad_data_format"),
        (b"junk", "bad_data_format"),
        (build_request(ASKED)[:-2], "bad_data_format"),
        (build_request(replace(ASKED, policy="2.999.1")), "unaccepted_policy"),
        (build_request(ASKED).replace(SHA256_OID, SHA224_OID), "bad_alg"),
        (build_request(ASKED).replace(VERSION_1, VERSION_2, 1), "bad_data_format"),
    ],
)
def test_a_bad_request_is_refused_with_the_standards_word(
    authority, request_bytes, failure
) -> None:
    with pytest.raises(TimestampRefused) as refused:
        token_of_response(authority.respond(request_bytes))
    assert refused.value.details == {"status": "rejection", "failure": [failure]}


def test_a_digest_of_the_wrong_length_is_not_asked_for() -> None:
    for hash_name, size in (("sha256", 31), ("sha512", 32), ("md5", 16), ("sha1", 20)):
        with pytest.raises(ValueError, match="digest"):
            TimestampRequest(hash_name, bytes(size))


def test_an_rsa_token_made_by_openssl_is_accepted(openssl, tmp_path) -> None:
    (tmp_path / "data").write_bytes(DATA)
    (tmp_path / "tsa.cnf").write_text(OPENSSL_TSA)
    (tmp_path / "serial").write_text("01")
    asked = replace(ASKED, nonce=None)
    for step in (
        "req -x509 -newkey rsa:2048 -nodes -keyout root.key -out root.pem -subj /CN=R -days 30",
        "req -newkey rsa:2048 -nodes -keyout tsa.key -out tsa.csr -subj /CN=T",
        "x509 -req -in tsa.csr -CA root.pem -CAkey root.key -CAcreateserial -out tsa.pem"
        " -extfile tsa.cnf -extensions leaf -days 30",
        "ts -query -data data -sha256 -cert -out query.tsq",
        "ts -reply -config tsa.cnf -section tsa -queryfile query.tsq -out reply.tsr",
    ):
        done = openssl(*step.split())
        assert done.returncode == 0, done.stderr
    token = token_of_response((tmp_path / "reply.tsr").read_bytes())
    root = x509.load_pem_x509_certificate((tmp_path / "root.pem").read_bytes())
    assert check_token(token, asked, [root]).policy == "1.2.3.4"
    with pytest.raises(TimestampForged):
        check_token(_last_byte_changed(token), asked, [root])


def _last_byte_changed(token: bytes) -> bytes:
    return token[:-1] + bytes([token[-1] ^ 1])


OPENSSL_TSA = """
[leaf]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = critical,timeStamping
[tsa]
serial = serial
signer_cert = tsa.pem
signer_key = tsa.key
certs = root.pem
default_policy = 1.2.3.4
digests = sha256
accuracy = secs:1
signer_digest = sha256
ess_cert_id_chain = no
ess_cert_id_alg = sha256
"""
