"""Seals of three standards, and seals that come without their document."""

from datetime import timedelta
from hashlib import sha256

import pytest

from server.sealing.byte_range import byte_range_sm3
from server.sealing.checks import verify
from server.sealing.errors import SealUnreadable
from server.sealing.report import Answer, CheckName, Overall, Report, Standard
from server.sealing.seal_report import verify_seal_data
from tests.factories.der import (
    SM2_WITH_SM3,
    bits,
    generalized,
    ia5,
    integer,
    octets,
    printable,
    sequence,
    tlv,
    utc,
    utf8,
)
from tests.factories.odd_seals import OddSeal, sealed_oddly
from tests.factories.sealing_world import Owner, World
from tests.factories.stamp import META

AT = META.signing_time + timedelta(hours=1)
WHEN = "20261120080000Z"


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return World(tmp_path_factory.mktemp("world") / "here")


@pytest.fixture(scope="module")
def owner(world: World) -> Owner:
    return world.owner("南宁桂印科技有限公司")


def causes(report: Report, place: int = 0) -> dict[str, str]:
    checks = report.seals[place].checks
    return {check.name: check.cause for check in checks if check.answer is not Answer.PASSED}


def signature_of(owner: Owner, seal: bytes) -> bytes:
    return OddSeal(seal=seal).value(owner, bytes(32))


def seal_of_2014(world: World, owner: Owner) -> bytes:
    life = utc("261001000000Z"), utc("261001000000Z"), utc("271001000000Z")
    listed = sequence(octets(owner.seal_signer.certificate))
    info = sequence(
        sequence(ia5("ES"), integer(1), ia5("OTHER")),
        ia5("45010000000014"),
        sequence(integer(1), utf8(owner.name), listed, *life),
        sequence(ia5("png"), octets(b"\x89PNG"), integer(40), integer(40)),
    )
    maker = octets(world.maker.sign(b"").certificate)
    signed = sequence(info, maker, SM2_WITH_SM3)
    return sequence(info, sequence(maker, SM2_WITH_SM3, bits(world.maker.sign(signed).value)))


def signature_of_2014(world: World, owner: Owner, digest: bytes) -> bytes:
    told = sequence(
        integer(1),
        seal_of_2014(world, owner),
        bits(utc("261120080000Z")),
        bits(digest),
        ia5("about"),
        octets(owner.seal_signer.certificate),
        SM2_WITH_SM3,
    )
    return sequence(told, bits(owner.seal_signer.sign(told)))


def seal_by_digest(world: World, owner: Owner, name: str, version: int = 4) -> bytes:
    listed = sequence(
        sequence(printable(name), octets(byte_range_sm3(owner.seal_signer.certificate, 0, 0))),
    )
    info = sequence(
        sequence(ia5("ES"), integer(version), ia5("OTHER")),
        ia5("45010000000025"),
        sequence(
            integer(1),
            utf8(owner.name),
            integer(2),
            listed,
            *[generalized("20261001000000Z")] * 2,
            generalized("20271001000000Z"),
        ),
        sequence(ia5("ofd"), octets(b"PK"), integer(40), integer(40)),
    )
    made = world.maker.sign(info)
    return sequence(info, octets(made.certificate), SM2_WITH_SM3, bits(made.value))


@pytest.mark.row("F-50")
def test_a_seal_alone_is_judged_as_a_seal(world: World, owner: Owner) -> None:
    report = verify_seal_data(owner.seals[0], None, world.trust(), AT)
    told = causes(report)
    assert CheckName.SEAL_FORMAT not in told
    assert CheckName.SEAL_VALIDITY not in told
    assert set(told.values()) == {"no_seal_signature", "no_document", "no_time_stamp"}
    assert (report.overall, report.pages, report.signatures) == (Overall.UNKNOWN, 0, ())
    assert report.seals[0].picture is not None


@pytest.mark.row("F-50")
def test_a_signature_without_its_document_cannot_be_judged_to_the_end(
    world: World, owner: Owner
) -> None:
    signature = signature_of(owner, owner.seals[0])
    report = verify_seal_data(owner.seals[0], signature, world.trust(), AT)
    assert len(report.seals) == 1
    assert causes(report) == {
        CheckName.TIME_STAMP: "no_time_stamp",
        CheckName.DOCUMENT_DIGEST: "no_document",
    }
    assert (report.overall, report.cause) == (Overall.UNKNOWN, "no_document")


@pytest.mark.row("S-37")
def test_another_seal_beside_the_signature_is_a_seal_of_its_own(world: World, owner: Owner) -> None:
    signature = signature_of(owner, owner.seals[0])
    report = verify_seal_data(owner.seals[1], signature, world.trust(), AT)
    assert [seal.signed_at is None for seal in report.seals] == [False, True]


def test_data_that_is_no_seal_is_a_failed_check_and_no_data_an_error(world: World) -> None:
    report = verify_seal_data(None, b"%PDF-1.7", world.trust(), AT)
    assert (report.overall, report.cause) == (Overall.INVALID, "seal_unreadable")
    with pytest.raises(SealUnreadable):
        verify_seal_data(None, None, world.trust(), AT)


def test_the_name_of_a_seal_that_cannot_be_read_strictly_is_told(
    world: World, owner: Owner
) -> None:
    signature = signature_of(owner, owner.seals[0])
    report = verify_seal_data(None, signature + b"\x00", world.trust(), AT)
    (seal,) = report.seals
    assert (seal.name, seal.overall) == (owner.name, Overall.INVALID)


@pytest.mark.row("F-50")
def test_a_seal_of_2014_is_checked_by_its_own_standard(world: World, owner: Owner) -> None:
    file = sealed_oddly(world, owner, signature_of_2014(world, owner, bytes(32)))
    (seal,) = (report := verify(file, world.trust(), AT)).seals
    assert seal.standard is Standard.GMT_0031_2014
    assert (seal.signed_at, seal.id) == (META.signing_time, "45010000000014")
    assert causes(report) == {CheckName.DOCUMENT_DIGEST: "seal_digest_differs"}


@pytest.mark.row("F-50")
@pytest.mark.parametrize(
    ("name", "told"), [("SM3", {}), ("RIPEMD", {CheckName.SIGNER_CERTIFICATE: "digest_unknown"})]
)
def test_a_signer_may_be_named_by_his_certificates_digest(
    world: World, owner: Owner, name: str, told: dict[str, str]
) -> None:
    odd = OddSeal(seal=seal_by_digest(world, owner, name))
    report = verify(sealed_oddly(world, owner, odd), world.trust(), AT)
    assert causes(report) == told


@pytest.mark.row("F-50")
@pytest.mark.parametrize("stamped", ["its own value", "something else"])
def test_a_seal_of_2025_may_carry_a_time_stamp_of_its_own(
    world: World, owner: Owner, stamped: str
) -> None:
    seal = seal_by_digest(world, owner, "SM3", version=5)
    told = sequence(
        integer(5), seal, generalized(WHEN), bits(bytes(32)), ia5("about"),
    )  # fmt: skip
    value = owner.seal_signer.sign(told)
    over = value if stamped == "its own value" else b"something else"
    token = world.tsa.stamp(sha256(over).digest())
    whole = sequence(
        told,
        octets(owner.seal_signer.certificate),
        SM2_WITH_SM3,
        bits(value),
        tlv(0xA0, bits(token)),
    )
    report = verify_seal_data(None, whole, world.trust(), AT)
    (seal_report,) = report.seals
    assert seal_report.standard is Standard.GMT_0031_2025
    expected = {CheckName.DOCUMENT_DIGEST: "no_document"}
    if stamped == "something else":
        expected[CheckName.TIME_STAMP] = "stamp_wrong_imprint"
    assert causes(report) == expected
