"""Signatures of electronic seals: written as the standard says, read as others write them."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.sealing.errors import SealUnreadable
from server.sealing.ses_signature import SealSignature, build_signature, read_signature, to_sign
from tests.factories.der import (
    EXTENSIONS,
    SM2_WITH_SM3,
    bits,
    generalized,
    ia5,
    integer,
    octets,
    sequence,
    tlv,
)
from tests.server.sealing.test_ses import WHOLE

AT = datetime(2026, 11, 21, 9, 15, 30, 999, tzinfo=UTC)
ABOUT = "/ByteRange [0 10 20 30]"
DIGEST = bytes(range(32))


def tbs(version: int, *more: bytes) -> bytes:
    time = generalized("20261121091530Z")
    return sequence(integer(version), WHOLE, time, bits(DIGEST), ia5(ABOUT), *more)


SIGNED = sequence(tbs(4), octets(b"a signer"), SM2_WITH_SM3, bits(b"value"))


def test_what_a_seal_signs_is_written_as_the_standard_says() -> None:
    assert to_sign(WHOLE, AT, DIGEST, ABOUT) == tbs(4)


def test_a_signature_is_what_was_signed_the_signer_and_his_value() -> None:
    assert build_signature(tbs(4), b"a signer", b"value") == SIGNED


def test_a_signature_that_was_made_is_read_as_it_was_made() -> None:
    assert read_signature(SIGNED) == SealSignature(
        seal=WHOLE,
        signed_at=AT.replace(microsecond=0),
        data_hash=DIGEST,
        about=ABOUT,
        certificate=b"a signer",
        algorithm="1.2.156.10197.1.501",
        signed=tbs(4),
        signature=b"value",
    )


def test_a_signature_of_2025_may_carry_a_time_stamp_and_more() -> None:
    signed, stamp = tbs(5, EXTENSIONS), tlv(0xA0, bits(b"token"))

    read = read_signature(sequence(signed, octets(b"s"), SM2_WITH_SM3, bits(b"v"), stamp))

    assert read.signed == signed  # with the FALSE that DER leaves out, as it came


@pytest.mark.parametrize(
    "wrong",
    [
        b"",
        b"%PDF-1.7",
        SIGNED[:-1],
        SIGNED + b"\x00",
        sequence(tbs(1), octets(b"a signer"), SM2_WITH_SM3, bits(b"value")),
        SIGNED.replace(b"20261121091530Z", b"20261121996630Z"),
        SIGNED.replace(WHOLE, sequence(integer(4))),
        b"\x30\x84\x7f\xff\xff\xff" + SIGNED,
        sequence(tbs(4), octets(bytes(1024 * 1024)), SM2_WITH_SM3, bits(b"value")),
    ],
)
def test_what_is_no_signature_of_a_seal_is_named(wrong: bytes) -> None:
    with pytest.raises(SealUnreadable):
        read_signature(wrong)


@given(st.integers(0, len(SIGNED) - 1), st.binary(min_size=1, max_size=4))
def test_a_signature_with_any_byte_changed_is_read_or_named(at: int, change: bytes) -> None:
    changed = SIGNED[:at] + change + SIGNED[at + len(change) :]
    try:
        read = read_signature(changed)
    except SealUnreadable:
        return
    assert read.signed in changed
