"""SM2 by libcrypto, against the standard's example, an oracle, and the `openssl` command."""

import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from asn1crypto.core import Integer, Sequence
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from bench import sm2_sign
from server.pki import libcrypto
from server.pki.libcrypto import LibcryptoMissing
from server.pki.sm2 import DEFAULT_SIGNER_ID, NotAnSm2Key, Sm2PrivateKey, Sm2PublicKey
from tests import oracle_sm2 as oracle
from tests.oracle_sm2 import Pair

# GB/T 32918.5-2017 annex A.2.
PRIVATE = 0x3945208F7B2144B13F36E38AC6D39F95889393692860B51A42FB81EF4DF7C5B8
PUBLIC = (
    0x09F9DF311E5421A150DD7D161E4BC5C672179FAD1833FC076BB08FF356F35020,
    0xCCEA490CE26775A52DC6EA718CC1AA600AED05FBF35E084A6632F6072DA9AD13,
)
K = 0x59276E27D506861A16680F3AD9C02DCCEF3CC1FA3CDBE4CE6D54B80DEAC1BC21
R = 0xF5A03B0648D2C4630EEAC513E1BB81A15944DA3827D5B74143AC7EACEEE720B3
S = 0xB1B6AA29DF212FD8763182BC0D421CA1BB9038FD1F7F42D4840B69C485BBC1AA
MESSAGE = b"message digest"
# AlgorithmIdentifier {ecPublicKey, sm2p256v1} and what stands around a key (RFC 5480, RFC 5958).
SPKI = bytes.fromhex("3059301306072a8648ce3d020106082a811ccf5501822d03420004")
PKCS8 = bytes.fromhex("3041020100301306072a8648ce3d020106082a811ccf5501822d042730250201010420")


class SignatureValue(Sequence):
    _fields = [("r", Integer), ("s", Integer)]  # noqa: RUF012


def der(pair: Pair) -> bytes:
    return SignatureValue({"r": pair.r, "s": pair.s}).dump()


def pair_of(signature: bytes) -> Pair:
    value = SignatureValue.load(signature, strict=True)
    return Pair(value["r"].native, value["s"].native)


def spki(point: tuple[int, int]) -> bytes:
    return SPKI + point[0].to_bytes(32, "big") + point[1].to_bytes(32, "big")


def point_of(public: Sm2PublicKey) -> tuple[int, int]:
    raw = public.spki().removeprefix(SPKI)
    return int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big")


@pytest.fixture
def private() -> Sm2PrivateKey:
    return Sm2PrivateKey.generate()


def test_the_oracle_gives_the_standards_example() -> None:
    assert oracle.times(PRIVATE, oracle.G) == PUBLIC
    assert oracle.sign(MESSAGE, PRIVATE, K, DEFAULT_SIGNER_ID) == Pair(R, S)
    assert oracle.verify(MESSAGE, Pair(R, S), PUBLIC, DEFAULT_SIGNER_ID)


def test_the_standards_example_is_valid_for_us_too() -> None:
    public = Sm2PublicKey.from_spki(spki(PUBLIC))

    assert public.verify(der(Pair(R, S)), MESSAGE)
    assert not public.verify(der(Pair(R, S ^ 1)), MESSAGE)


def test_the_standards_private_key_gives_its_public_key_and_signs() -> None:
    private = Sm2PrivateKey.from_pkcs8(PKCS8 + PRIVATE.to_bytes(32, "big"))

    assert private.public_key().spki() == spki(PUBLIC)
    pair = pair_of(private.sign(MESSAGE))
    assert oracle.verify(MESSAGE, pair, PUBLIC, DEFAULT_SIGNER_ID)


@pytest.mark.parametrize("message", [b"", b"\x00", b"x" * 100_000], ids=["none", "zero", "long"])
@pytest.mark.parametrize("signer_id", [DEFAULT_SIGNER_ID, b"ALICE123@YAHOO.COM"])
def test_what_we_sign_the_oracle_believes(
    private: Sm2PrivateKey, message: bytes, signer_id: bytes
) -> None:
    pair = pair_of(private.sign(message, signer_id))

    assert oracle.verify(message, pair, point_of(private.public_key()), signer_id)


@pytest.mark.parametrize("signer_id", [DEFAULT_SIGNER_ID, b"ALICE123@YAHOO.COM"])
def test_what_the_oracle_signs_we_believe(signer_id: bytes) -> None:
    public = Sm2PublicKey.from_spki(spki(PUBLIC))

    assert public.verify(der(oracle.sign(b"seal", PRIVATE, 7, signer_id)), b"seal", signer_id)


def test_another_message_id_key_or_signature_is_refused(private: Sm2PrivateKey) -> None:
    public, signature = private.public_key(), private.sign(b"seal")
    assert public.verify(signature, b"seal")

    assert not public.verify(signature, b"seals")
    assert not public.verify(signature, b"seal", b"another")
    assert not Sm2PrivateKey.generate().public_key().verify(signature, b"seal")
    for wrong in (b"", b"\x30", signature[:-1], signature + b"\x00", b"\x00" * 64):
        assert not public.verify(wrong, b"seal")


@pytest.mark.parametrize("pair", [Pair(0, S), Pair(R, 0), Pair(oracle.N, S), Pair(R, oracle.N - R)])
def test_numbers_out_of_their_range_are_refused(pair: Pair) -> None:
    assert not Sm2PublicKey.from_spki(spki(PUBLIC)).verify(der(pair), MESSAGE)


def test_two_signatures_of_one_message_differ(private: Sm2PrivateKey) -> None:
    assert private.sign(b"seal") != private.sign(b"seal")


def test_a_key_outlives_its_writing(private: Sm2PrivateKey) -> None:
    again = Sm2PrivateKey.from_pkcs8(private.pkcs8())

    assert private.public_key().verify(again.sign(b"seal"), b"seal")


def off_the_curve() -> bytes:
    return spki((PUBLIC[0], PUBLIC[1] ^ 1))


def of_p256() -> bytes:
    key = ec.generate_private_key(ec.SECP256R1()).public_key()
    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


@pytest.mark.parametrize(
    "wrong",
    [b"", b"\x30", SPKI, spki(PUBLIC) + b"\x00", off_the_curve(), of_p256()],
    ids=["none", "cut", "no point", "more", "off the curve", "P-256"],
)
def test_what_is_no_public_key_is_named(wrong: bytes) -> None:
    with pytest.raises(NotAnSm2Key):
        Sm2PublicKey.from_spki(wrong)


def test_what_is_no_private_key_is_named() -> None:
    p256 = ec.generate_private_key(ec.SECP256R1())
    for wrong in (
        b"",
        b"secret",
        p256.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()),
        PKCS8 + (0).to_bytes(32, "big"),
        PKCS8 + (oracle.N - 1).to_bytes(32, "big"),
        PKCS8 + oracle.N.to_bytes(32, "big"),
    ):
        with pytest.raises(NotAnSm2Key):
            Sm2PrivateKey.from_pkcs8(wrong)


def test_threads_may_share_a_key(private: Sm2PrivateKey) -> None:
    public = private.public_key()
    messages = [str(number).encode() for number in range(200)]

    with ThreadPoolExecutor(8) as threads:
        signatures = list(threads.map(private.sign, messages))

    assert all(map(public.verify, signatures, messages))


def test_a_machine_without_sm2_is_told_what_is_missing() -> None:
    with pytest.raises(LibcryptoMissing):
        libcrypto.load(("libm.so.6", "no-such-library.so"))


@pytest.fixture
def openssl(tmp_path: Path):
    program = shutil.which("openssl")
    assert program

    def run(*arguments: str) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run([program, *arguments], cwd=tmp_path, capture_output=True, check=False)

    return run


DGST = ("-sm3", "-sigopt", "distid:1234567812345678")


def test_the_openssl_command_believes_our_signature(
    tmp_path: Path, openssl, private: Sm2PrivateKey
) -> None:
    (tmp_path / "public.der").write_bytes(private.public_key().spki())
    (tmp_path / "seal").write_bytes(b"seal")
    (tmp_path / "signature").write_bytes(private.sign(b"seal"))
    check = ("dgst", *DGST, "-keyform", "DER", "-verify", "public.der", "-signature", "signature")

    assert b"Verified OK" in openssl(*check, "seal").stdout
    (tmp_path / "seal").write_bytes(b"seals")
    assert b"failure" in openssl(*check, "seal").stdout.lower()


def test_we_believe_a_signature_of_the_openssl_command(
    tmp_path: Path, openssl, private: Sm2PrivateKey
) -> None:
    (tmp_path / "private.der").write_bytes(private.pkcs8())
    (tmp_path / "seal").write_bytes(b"seal")
    made = openssl("dgst", *DGST, "-keyform", "DER", "-sign", "private.der", "seal")
    assert made.returncode == 0, made.stderr

    assert private.public_key().verify(made.stdout, b"seal")


def test_a_signature_costs_little_more_than_openssls_own() -> None:
    """The bench in small; its bound of 1.11 is for a quiet machine."""
    assert sm2_sign.ours(300) / sm2_sign.peer(seconds=1) < 2
