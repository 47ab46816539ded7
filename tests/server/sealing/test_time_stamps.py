"""What a time stamp in a file is worth: passed, failed with a cause, or not to be told."""

from dataclasses import replace
from datetime import timedelta
from hashlib import sha256

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec

from server.pki.authority import Authority, Subject
from server.pki.timestamp import TimestampRequest, build_request, token_of_response
from server.pki.timestamp_authority import TimestampAuthority
from server.sealing.certificate_chain import Chains
from server.sealing.report import Answer
from server.sealing.time_stamps import judge_token
from tests.factories.sealing_world import SPKI, World
from tests.factories.stamp import META
from tests.fakes.clock import FakeClock

AT = META.signing_time + timedelta(hours=1)
STAMPED = b"what was stamped"
IMPRINT = sha256(STAMPED).digest()


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return World(tmp_path_factory.mktemp("world") / "here")


@pytest.fixture
def chains(world: World) -> Chains:
    return Chains(world.trust(), (), now=AT)


def test_a_good_stamp_says_when_and_by_whom(world: World, chains: Chains) -> None:
    stamped = judge_token(world.tsa.stamp(IMPRINT), STAMPED, chains)
    assert stamped.verdict == (Answer.PASSED, "")
    assert stamped.time == META.signing_time
    assert stamped.certificate is not None


@pytest.mark.row("F-50")
@pytest.mark.parametrize(
    ("token", "expected"),
    [
        (None, (Answer.UNKNOWN, "no_time_stamp")),
        (b"", (Answer.FAILED, "stamp_unreadable")),
        (b"\x30\x03\x02\x01\x01", (Answer.FAILED, "stamp_unreadable")),
    ],
)
def test_no_stamp_and_no_readable_stamp_are_two_things(
    chains: Chains, token: bytes | None, expected: tuple[Answer, str]
) -> None:
    stamped = judge_token(token, STAMPED, chains)
    assert (stamped.verdict, stamped.time) == (expected, None)


@pytest.mark.row("S-37")
def test_a_stamp_of_something_else_or_touched_fails(world: World, chains: Chains) -> None:
    token = world.tsa.stamp(IMPRINT)
    other = judge_token(token, b"something else", chains)
    assert other.verdict == (Answer.FAILED, "stamp_wrong_imprint")
    touched = token[:-1] + bytes([token[-1] ^ 1])
    assert judge_token(touched, STAMPED, chains).verdict == (Answer.FAILED, "stamp_forged")


@pytest.mark.row("F-50")
def test_a_stamp_of_nobody_we_know_cannot_be_judged(world: World) -> None:
    trust = replace(world.trust(), time_stamp_roots=())
    stamped = judge_token(world.tsa.stamp(IMPRINT), STAMPED, Chains(trust, (), now=AT))
    assert (stamped.verdict, stamped.time) == ((Answer.UNKNOWN, "stamp_untrusted"), None)


@pytest.mark.row("S-37")
def test_a_stamp_from_the_future_fails(world: World) -> None:
    early = META.signing_time - timedelta(hours=1)
    stamped = judge_token(world.tsa.stamp(IMPRINT), STAMPED, Chains(world.trust(), (), now=early))
    assert (stamped.verdict, stamped.time) == ((Answer.FAILED, "stamp_in_the_future"), None)


@pytest.mark.row("S-37")
def test_a_company_does_not_stamp(world: World, chains: Chains) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = Subject.of_company("南宁桂印科技有限公司", "91450100MA5K8Q2X13")
    certificate = world.certificate(subject, key.public_key().public_bytes(*SPKI))
    company = Authority(key, x509.load_der_x509_certificate(certificate))
    stamper = TimestampAuthority(company, b"", FakeClock(META.signing_time))
    reply = stamper.respond(build_request(TimestampRequest("sha256", IMPRINT)))
    token = token_of_response(reply)
    assert judge_token(token, STAMPED, chains).verdict == (Answer.FAILED, "stamp_key_usage")
