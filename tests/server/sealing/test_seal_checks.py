"""Each of the eight checks fails by itself, with its own cause, and none of the others with it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding

from server.pki.authority import Period, Subject, create_root
from server.pki.revocation import Revocation, RevocationReason, build_crl
from server.pki.sm2 import Sm2PrivateKey
from server.pki.subject_keys import Algorithm
from server.sealing.checks import verify
from server.sealing.report import Answer, CheckName, Overall, Report
from server.sealing.signature_values import RAW_SM2_BYTES
from tests.factories.electronic_seal import FakeSealSigner
from tests.factories.odd_seals import (
    OddSeal,
    seal_of_version,
    seal_with_forged_value,
    sealed_oddly,
    stamp_of_another,
)
from tests.factories.sealing_world import BEGUN, YEAR, Owner, World
from tests.factories.stamp import META

AT = META.signing_time + timedelta(hours=1)
PASSED, FAILED, UNKNOWN = Answer.PASSED, Answer.FAILED, Answer.UNKNOWN
NAME = "南宁桂印科技有限公司"
Made = tuple[World, Owner]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    world = World(tmp_path_factory.mktemp("world") / "here")
    return world, world.owner(NAME)


@pytest.fixture(scope="module")
def stranger(tmp_path_factory: pytest.TempPathFactory) -> World:
    return World(tmp_path_factory.mktemp("world") / "elsewhere")


def faults(report: Report) -> dict[str, tuple[Answer, str]]:
    """The checks of the file's only seal that were not passed."""
    (seal,) = report.seals
    assert [check.name for check in seal.checks] == list(CheckName)
    return {
        check.name: (check.answer, check.cause)
        for check in seal.checks
        if check.answer is not PASSED
    }


def other_signer(world: World) -> FakeSealSigner:
    """Somebody else of the same name with a certificate of his own."""
    key = Sm2PrivateKey.generate()
    subject = Subject.of_company(NAME, "91450100MA5K8Q2X99")
    return FakeSealSigner(world.certificate(subject, key.public_key().spki()), key)


def serial(certificate: bytes) -> int:
    return x509.load_der_x509_certificate(certificate).serial_number


def forged(owner: Owner) -> Owner:
    """The owner's certificate with another's key."""
    key = ec.generate_private_key(ec.SECP256R1())
    return replace(owner, signer=replace(owner.signer, key=key))


def oddly(world: World, owner: Owner, case: str) -> bytes:
    other = other_signer(world)
    odd: dict[str, Callable[[], bytes]] = {
        "nothing": lambda: sealed_oddly(world, owner, OddSeal()),
        "no data of a seal": lambda: sealed_oddly(world, owner, b"\x30\x03\x02\x01\x04"),
        "versions": lambda: sealed_oddly(
            world, owner, OddSeal(seal=seal_of_version(world, owner, 5))
        ),
        "signer": lambda: sealed_oddly(world, owner, OddSeal(signer=other)),
        "maker's value": lambda: sealed_oddly(
            world, owner, OddSeal(seal=seal_with_forged_value(owner, other))
        ),
        "future": lambda: sealed_oddly(world, owner, OddSeal(signed_at=AT + timedelta(hours=2))),
        "long before its stamp": lambda: sealed_oddly(
            world, owner, OddSeal(signed_at=META.signing_time - timedelta(days=2))
        ),
        "other stamp": lambda: sealed_oddly(
            world, owner, OddSeal(), timestamper=stamp_of_another(world)
        ),
        "no stamp": lambda: sealed_oddly(world, owner, OddSeal(), stamped=False),
        "value": lambda: sealed_oddly(world, owner, OddSeal(sign=other.sign)),
        "document's value": lambda: sealed_oddly(world, forged(owner), OddSeal()),
        "document's digest": lambda: sealed_oddly(world, owner, OddSeal(document_digest=bytes(32))),
        "digest": lambda: sealed_oddly(world, owner, OddSeal(data_hash=bytes(32))),
    }
    return odd[case]()


@pytest.mark.row("F-50", "P-20")
@pytest.mark.parametrize(
    ("case", "name", "answer", "cause"),
    [
        ("versions", CheckName.SEAL_FORMAT, FAILED, "versions_differ"),
        ("signer", CheckName.SIGNER_CERTIFICATE, FAILED, "signer_not_listed"),
        ("maker's value", CheckName.SEAL_VALIDITY, FAILED, "seal_forged"),
        ("future", CheckName.SIGNING_TIME, FAILED, "in_the_future"),
        ("long before its stamp", CheckName.SIGNING_TIME, FAILED, "disagrees_with_stamp"),
        ("other stamp", CheckName.TIME_STAMP, FAILED, "stamp_wrong_imprint"),
        ("no stamp", CheckName.TIME_STAMP, UNKNOWN, "no_time_stamp"),
        ("value", CheckName.SEAL_SIGNATURE, FAILED, "seal_signature_wrong"),
        ("document's value", CheckName.SEAL_SIGNATURE, FAILED, "signature_value_wrong"),
        ("document's digest", CheckName.DOCUMENT_DIGEST, FAILED, "document_digest_differs"),
        ("digest", CheckName.DOCUMENT_DIGEST, FAILED, "seal_digest_differs"),
    ],
)
def test_one_wrong_thing_is_one_checks_fault(
    made: Made, case: str, name: CheckName, answer: Answer, cause: str
) -> None:
    world, owner = made
    report = verify(oddly(world, owner, case), world.trust(), AT)
    assert faults(report) == {name: (answer, cause)}
    (seal,) = report.seals
    outcome = (Overall.INVALID, cause) if answer is FAILED else (Overall.VALID, "")
    assert (seal.overall, seal.cause) == outcome


@pytest.mark.row("F-50")
def test_nothing_wrong_is_no_checks_fault(made: Made) -> None:
    world, owner = made
    report = verify(oddly(world, owner, "nothing"), world.trust(), AT)
    assert faults(report) == {}
    assert (report.overall, report.cause) == (Overall.VALID, "")


@pytest.mark.row("F-50", "S-37")
def test_the_documents_own_signature_falls_with_its_time_stamp(made: Made) -> None:
    world, owner = made
    (signature,) = verify(oddly(world, owner, "other stamp"), world.trust(), AT).signatures
    assert (signature.overall, signature.cause) == (Overall.INVALID, "stamp_wrong_imprint")
    assert (signature.intact, signature.trusted, signature.stamped_at) == (True, False, None)


@pytest.mark.row("F-50")
def test_of_data_that_is_no_seal_nothing_else_can_be_told(made: Made) -> None:
    world, owner = made
    report = verify(oddly(world, owner, "no data of a seal"), world.trust(), AT)
    found = faults(report)
    assert found.pop(CheckName.SEAL_FORMAT) == (FAILED, "seal_unreadable")
    assert len(found) == len(CheckName) - 1
    assert set(found.values()) == {(UNKNOWN, "seal_unreadable")}
    assert report.overall is Overall.INVALID


@pytest.mark.row("F-50", "S-37")
def test_a_maker_or_signer_of_another_world_cannot_be_judged(made: Made, stranger: World) -> None:
    world, owner = made
    file = oddly(world, owner, "nothing")
    here, there = world.trust(), stranger.trust()

    no_maker = verify(file, replace(here, seal_maker_roots=there.seal_maker_roots), AT)
    assert faults(no_maker) == {CheckName.SEAL_VALIDITY: (UNKNOWN, "maker_untrusted")}
    assert (no_maker.overall, no_maker.cause) == (Overall.UNKNOWN, "maker_untrusted")

    no_stamp = verify(file, replace(here, time_stamp_roots=()), AT)
    assert faults(no_stamp)[CheckName.TIME_STAMP] == (UNKNOWN, "stamp_untrusted")
    assert no_stamp.overall is Overall.UNKNOWN

    no_signer = verify(file, replace(here, document_roots=there.document_roots), AT)
    assert faults(no_signer) == {CheckName.CERTIFICATE: (UNKNOWN, "certificate_untrusted")}
    assert no_signer.overall is Overall.UNKNOWN


@pytest.mark.row("F-50", "S-37")
@pytest.mark.parametrize(
    ("life", "cause"),
    [
        ((-30, -1), ("seal_expired", "outside_seal_period")),
        ((1, 30), ("seal_not_yet_valid", "outside_seal_period")),
    ],
)
def test_a_seal_seals_within_its_period_only(
    made: Made, life: tuple[int, int], cause: tuple[str, str]
) -> None:
    world, owner = made
    begins, ends = (META.signing_time + timedelta(days=days) for days in life)
    certificates = (owner.seal_signer.certificate,)
    seal = world.seal(certificates=certificates, valid_from=begins, valid_until=ends)
    found = faults(verify(sealed_oddly(world, owner, OddSeal(seal=seal)), world.trust(), AT))
    assert found == {
        CheckName.SEAL_VALIDITY: (FAILED, cause[0]),
        CheckName.SIGNING_TIME: (FAILED, cause[1]),
    }


@pytest.mark.row("F-50")
@pytest.mark.parametrize(
    ("hours", "stamped", "expected"),
    [
        (-1, True, (FAILED, "certificate_revoked")),
        (-1, False, (FAILED, "certificate_revoked")),
        (1, True, (PASSED, "")),
        (1, False, (UNKNOWN, "revoked_later")),
    ],
)
def test_a_revoked_certificate_seals_no_more(
    tmp_path: Path, hours: int, stamped: bool, expected: tuple[Answer, str]
) -> None:
    world = World(tmp_path / "own")
    owner = world.owner(NAME)
    file = sealed_oddly(world, owner, OddSeal(), stamped=stamped)
    withdrawn = Revocation(
        META.signing_time + timedelta(hours=hours), RevocationReason.KEY_COMPROMISE
    )
    revoked = [(serial(owner.seal_signer.certificate), withdrawn)]
    issuing = world.ca._kinds[Algorithm.SM2].issuing
    later = AT + timedelta(hours=3)
    lists = world.ca.crl(Algorithm.P256), build_crl(issuing, revoked, number=9, now=later)

    report = verify(file, world.trust(*lists), later)

    (seal,) = report.seals
    told = {check.name: (check.answer, check.cause) for check in seal.checks}
    assert told[CheckName.CERTIFICATE] == expected


@pytest.mark.row("F-50")
@pytest.mark.parametrize("given", ["none", "stale", "of another authority"])
def test_without_a_word_on_revocation_it_cannot_be_told(
    made: Made, stranger: World, given: str
) -> None:
    world, owner = made
    file = oddly(world, owner, "nothing")
    trust = world.trust()
    lists = {
        "none": (),
        "stale": tuple(
            build_crl(world.ca._kinds[one].issuing, [], number=1, now=BEGUN) for one in Algorithm
        ),
        "of another authority": stranger.trust().crls,
    }
    report = verify(file, replace(trust, crls=lists[given]), AT)
    assert faults(report) == {CheckName.CERTIFICATE: (UNKNOWN, "revocation_unknown")}
    assert (report.overall, report.cause) == (Overall.UNKNOWN, "revocation_unknown")


@pytest.mark.row("F-50")
def test_the_key_of_another_purpose_does_not_seal(made: Made) -> None:
    world, owner = made
    period = Period(BEGUN, BEGUN + YEAR)
    root = create_root("测试根", Sm2PrivateKey.generate(), period)
    key = Sm2PrivateKey.generate()
    responder = root.issue_ocsp_responder(NAME, key.public_key(), period)
    signer = FakeSealSigner(responder.public_bytes(Encoding.DER), key)
    seal = world.seal(certificates=(signer.certificate,))
    file = sealed_oddly(world, owner, OddSeal(seal=seal, signer=signer))
    found = faults(verify(file, world.trust(), AT))
    assert found[CheckName.SIGNER_CERTIFICATE] == (FAILED, "key_usage")


@pytest.mark.row("F-50", "S-37")
def test_a_seal_in_the_signature_of_another_company_is_doubted(made: Made) -> None:
    world, owner = made
    other = world.owner("广西邕江建设工程有限责任公司", "91450100MA5K8Q2X24")
    borrowed = replace(owner, signer=other.signer)
    found = faults(verify(sealed_oddly(world, borrowed, OddSeal()), world.trust(), AT))
    assert found == {CheckName.SEAL_SIGNATURE: (UNKNOWN, "signers_differ")}


def test_signatures_written_as_64_bytes_are_believed_as_well(made: Made) -> None:
    world, owner = made

    def raw(signed: bytes) -> bytes:
        numbers = decode_dss_signature(owner.seal_signer.sign(signed))
        value = b"".join(number.to_bytes(RAW_SM2_BYTES // 2) for number in numbers)
        assert len(value) == RAW_SM2_BYTES
        return value

    assert faults(verify(sealed_oddly(world, owner, OddSeal(sign=raw)), world.trust(), AT)) == {}
