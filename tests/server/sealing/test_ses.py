"""Electronic seals: written as the standard says, read as others wrote them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from asn1crypto import core
from hypothesis import given
from hypothesis import strategies as st

from server.pki.sm2 import Sm2PrivateKey
from server.sealing.errors import SealUnreadable
from server.sealing.ses import SealFacts, SealPicture, build_seal, read_seal, seal_info
from tests.factories.der import (
    EXTENSIONS,
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

START = datetime(2026, 11, 21, 8, 30, tzinfo=UTC)
FACTS = SealFacts(
    id="45010012345678",
    name="广西邕江建设工程有限责任公司",
    kind=1,
    created_at=START,
    valid_from=START,
    valid_until=START + timedelta(days=365),
    picture=SealPicture("SVG", b"<svg/>", 40, 40),
    certificates=(b"a signer", b"another signer"),
)
INFO_DER = sequence(
    sequence(ia5("ES"), integer(4), ia5("GUIYIN")),
    ia5("45010012345678"),
    sequence(
        integer(1),
        utf8("广西邕江建设工程有限责任公司"),
        integer(1),
        sequence(octets(b"a signer"), octets(b"another signer")),
        generalized("20261121083000Z"),
        generalized("20261121083000Z"),
        generalized("20271121083000Z"),
    ),
    sequence(ia5("SVG"), octets(b"<svg/>"), integer(40), integer(40)),
)


def test_what_the_maker_signs_is_written_as_the_standard_says() -> None:
    assert seal_info(FACTS) == INFO_DER


def test_a_seal_is_the_info_the_maker_and_his_signature() -> None:
    assert build_seal(INFO_DER, b"the maker", b"signed") == sequence(
        INFO_DER, octets(b"the maker"), SM2_WITH_SM3, bits(b"signed")
    )


def test_times_are_written_in_utc_and_without_fractions() -> None:
    nanning = timezone(timedelta(hours=8))
    there = datetime(2026, 11, 21, 16, 30, 0, 123456, tzinfo=nanning)
    assert seal_info(replace(FACTS, created_at=there)) == INFO_DER


def test_a_seal_that_was_made_is_read_as_it_was_made() -> None:
    key = Sm2PrivateKey.generate()

    seal = read_seal(build_seal(INFO_DER, b"the maker", key.sign(INFO_DER)))

    assert (seal.version, seal.vendor, seal.facts) == (4, "GUIYIN", FACTS)
    assert (seal.maker, seal.algorithm) == (b"the maker", "1.2.156.10197.1.501")
    assert seal.signed == INFO_DER
    assert key.public_key().verify(seal.signature, seal.signed)


def info(version: int, property_: bytes, more: bytes = b"") -> bytes:
    return sequence(
        sequence(ia5("ES"), integer(version), ia5("OTHER")),
        ia5("45010099999999"),
        property_,
        sequence(ia5("png"), octets(b"\x89PNG"), integer(42), integer(30)),
        more,
    )


LIFE = (
    generalized("20250101000000Z"),
    generalized("20250101000000Z"),
    generalized("20300101000000Z"),
)
LIFE_V1 = (utc("250101000000Z"), utc("250101000000Z"), utc("300101000000Z"))


def test_a_seal_of_2014_has_short_years_and_no_type_of_list() -> None:
    told = info(1, sequence(integer(3), utf8("章"), sequence(octets(b"signer")), *LIFE_V1))
    signed = (told, octets(b"maker"), SM2_WITH_SM3)
    der = sequence(told, sequence(octets(b"maker"), SM2_WITH_SM3, bits(b"signature")))

    seal = read_seal(der)

    assert (seal.version, seal.maker, seal.signature) == (1, b"maker", b"signature")
    assert seal.signed == sequence(*signed)
    assert (seal.facts.kind, seal.facts.certificates) == (3, (b"signer",))
    assert seal.facts.valid_until == datetime(2030, 1, 1, tzinfo=UTC)
    assert seal.facts.picture == SealPicture("png", b"\x89PNG", 42, 30)


@pytest.mark.parametrize("version", [4, 5])
def test_signers_may_be_named_by_their_digests(version: int) -> None:
    listed = sequence(sequence(printable("SM3"), octets(b"digest")))
    told = info(version, sequence(integer(1), utf8("章"), integer(2), listed, *LIFE), EXTENSIONS)

    seal = read_seal(sequence(told, octets(b"maker"), SM2_WITH_SM3, bits(b"signature")))

    assert (seal.facts.certificates, seal.facts.digests) == ((), (("SM3", b"digest"),))
    assert seal.signed == told  # with the FALSE that DER leaves out, as it came


def test_a_seal_of_2025_may_carry_a_time_stamp() -> None:
    told = info(5, sequence(integer(1), utf8("章"), integer(1), sequence(octets(b"s")), *LIFE))
    stamp = tlv(0xA0, bits(b"token"))

    seal = read_seal(sequence(told, octets(b"maker"), SM2_WITH_SM3, bits(b"signature"), stamp))

    assert (seal.version, seal.signed) == (5, told)


WHOLE = sequence(INFO_DER, octets(b"the maker"), SM2_WITH_SM3, bits(b"signed"))


@pytest.mark.parametrize(
    "wrong",
    [
        b"",
        b"\x30",
        b"%PDF-1.7",
        WHOLE[:-1],
        WHOLE + b"\x00",
        WHOLE.replace(ia5("ES"), ia5("XX")),
        WHOLE.replace(ia5("ES") + integer(4), ia5("ES") + integer(9)),
        WHOLE.replace(ia5("ES") + integer(4), ia5("ES") + integer(1)),
        WHOLE.replace(b"20261121083000Z", b"20261321083000Z"),
        WHOLE.replace("邕江".encode(), b"\xff\xff\xff\xff\xff\xff"),
        b"\x30\x84\x7f\xff\xff\xff" + WHOLE,
        bytes([0x30, 0x80]) * 3000,
    ],
)
def test_what_is_no_seal_is_named(wrong: bytes) -> None:
    with pytest.raises(SealUnreadable):
        read_seal(wrong)


def test_a_seal_of_more_than_a_mebibyte_is_not_even_read() -> None:
    picture = replace(FACTS.picture, data=bytes(1024 * 1024))
    large = build_seal(seal_info(replace(FACTS, picture=picture)), b"the maker", b"signed")
    with pytest.raises(SealUnreadable):
        read_seal(large)


@given(
    st.integers(0, len(WHOLE) - 1),
    st.binary(min_size=1, max_size=4),
)
def test_a_seal_with_any_byte_changed_is_read_or_named(at: int, change: bytes) -> None:
    changed = WHOLE[:at] + change + WHOLE[at + len(change) :]
    try:
        seal = read_seal(changed)
    except SealUnreadable:
        return
    assert seal.signed in changed
    assert core.Sequence.load(changed, strict=True)


@pytest.mark.row("S-35")
@pytest.mark.parametrize(
    ("written", "odd"),
    [
        (generalized("20261121083000Z"), generalized("00010101000000Z")),
        (generalized("20261121083000Z"), generalized("18991231235959Z")),
        (integer(40), tlv(0x02, b"\xd8")),
    ],
)
def test_what_no_seal_can_mean_makes_it_unreadable(written: bytes, odd: bytes) -> None:
    seal = build_seal(INFO_DER, b"a maker", b"value")
    assert read_seal(seal).facts == FACTS
    assert len(odd) == len(written)
    with pytest.raises(SealUnreadable):
        read_seal(seal.replace(written, odd))


@pytest.mark.row("S-35")
@pytest.mark.parametrize("facts", [{"kind": 2**31}, {"picture": SealPicture("SVG", b"", 2**31, 1)}])
def test_numbers_beyond_all_measure_make_it_unreadable(facts: dict[str, Any]) -> None:
    info = seal_info(replace(FACTS, **facts))
    with pytest.raises(SealUnreadable):
        read_seal(build_seal(info, b"a maker", b"value"))
