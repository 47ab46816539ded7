"""SM2 signatures with SM3 (GB/T 32918.2-2016), by the system's libcrypto.

Keys go in and out as PKCS#8 and SubjectPublicKeyInfo in DER; signatures are DER `SEQUENCE {r, s}`
(GB/T 35276-2017 7.3). The signer's id goes into the digest: unless two sides agree on another it is
the one that GM/T 0009-2012 10 gives.
"""

import ctypes
import weakref
from ctypes import byref, c_size_t, c_void_p
from functools import lru_cache
from typing import Self

from server.core.errors import Invalid
from server.pki.libcrypto import Refused, accepted, der_of, libcrypto, read_der

DEFAULT_SIGNER_ID = b"1234567812345678"
MOST_SIGNATURE_BYTES = 80
_NAME = b"SM2"


class NotAnSm2Key(Invalid):
    """The bytes are not an SM2 key, or its point is not on the curve."""

    code = "not_an_sm2_key"
    message = ("这不是有效的 SM2 密钥。", "This is not a valid SM2 key.")
    next_step = ("请核对密钥文件和算法。", "Please check the key and its algorithm.")


class Sm2PublicKey:
    """A public key; safe to share between threads."""

    def __init__(self, handle: int) -> None:
        """Take over an EVP_PKEY; use `from_spki`, or the private key's `public_key`."""
        self._handle = handle
        weakref.finalize(self, libcrypto().EVP_PKEY_free, handle)

    @classmethod
    def from_spki(cls, der: bytes) -> Self:
        """Read a SubjectPublicKeyInfo. Raises NotAnSm2Key."""
        key = cls(_read("d2i_PUBKEY", der))
        if key.spki() != der:
            raise NotAnSm2Key
        return key

    def spki(self) -> bytes:
        """The SubjectPublicKeyInfo in DER, its point uncompressed (GB/T 35276-2017 7.1)."""
        return der_of("i2d_PUBKEY", self._handle)

    def verify(
        self, signature: bytes, message: bytes, signer_id: bytes = DEFAULT_SIGNER_ID
    ) -> bool:
        """Whether `signature` (DER) over the whole `message` was made by this key's owner."""
        with _Digest() as digest:
            try:
                digest.begin("EVP_DigestVerifyInit_ex", self._handle, signer_id)
                accepted(
                    libcrypto().EVP_DigestVerify(
                        digest.handle, signature, len(signature), message, len(message)
                    )
                )
            except Refused:
                return False
        return True


@lru_cache(maxsize=256)
def known_key(spki: bytes) -> Sm2PublicKey:
    """`Sm2PublicKey.from_spki`, for keys that are met again and again. Raises NotAnSm2Key."""
    return Sm2PublicKey.from_spki(spki)


class Sm2PrivateKey:
    """A private key, which stays inside libcrypto; safe to share between threads."""

    def __init__(self, handle: int) -> None:
        """Take over an EVP_PKEY; use `generate` or `from_pkcs8`."""
        self._handle = handle
        weakref.finalize(self, libcrypto().EVP_PKEY_free, handle)

    @classmethod
    def generate(cls) -> Self:
        """A fresh key from libcrypto's generator."""
        return cls(accepted(libcrypto().EVP_PKEY_Q_keygen(None, None, _NAME)))

    @classmethod
    def from_pkcs8(cls, der: bytes) -> Self:
        """Read a PrivateKeyInfo. Raises NotAnSm2Key, also for a number out of the curve's range."""
        key = cls(_read("d2i_AutoPrivateKey", der))
        if not _sound(key._handle):
            raise NotAnSm2Key
        return key

    def pkcs8(self) -> bytes:
        """The PrivateKeyInfo in DER, not encrypted."""
        info = accepted(libcrypto().EVP_PKEY2PKCS8(self._handle))
        try:
            return der_of("i2d_PKCS8_PRIV_KEY_INFO", info)
        finally:
            libcrypto().PKCS8_PRIV_KEY_INFO_free(info)

    def public_key(self) -> Sm2PublicKey:
        return Sm2PublicKey.from_spki(der_of("i2d_PUBKEY", self._handle))

    def sign(self, message: bytes, signer_id: bytes = DEFAULT_SIGNER_ID) -> bytes:
        """A signature (DER, at most 72 bytes) over the whole `message`."""
        room = ctypes.create_string_buffer(MOST_SIGNATURE_BYTES)
        length = c_size_t(MOST_SIGNATURE_BYTES)
        with _Digest() as digest:
            digest.begin("EVP_DigestSignInit_ex", self._handle, signer_id)
            accepted(
                libcrypto().EVP_DigestSign(
                    digest.handle, room, byref(length), message, len(message)
                )
            )
        return room.raw[: length.value]


class _Digest:
    """One run of SM3 over the signer's id, the key and the message."""

    def __enter__(self) -> Self:
        self.handle = accepted(libcrypto().EVP_MD_CTX_new())
        return self

    def __exit__(self, *_: object) -> None:
        libcrypto().EVP_MD_CTX_free(self.handle)

    def begin(self, how: str, key: int, signer_id: bytes) -> None:
        context = c_void_p()
        start = getattr(libcrypto(), how)
        accepted(start(self.handle, byref(context), b"SM3", None, None, key, None))
        accepted(libcrypto().EVP_PKEY_CTX_set1_id(context, signer_id, len(signer_id)))


def _sound(private: int) -> bool:
    """Whether a private number is in its range and the public point is its own (5.2)."""
    context = accepted(libcrypto().EVP_PKEY_CTX_new(private, None))
    try:
        accepted(libcrypto().EVP_PKEY_private_check(context))
        accepted(libcrypto().EVP_PKEY_pairwise_check(context))
    except Refused:
        return False
    finally:
        libcrypto().EVP_PKEY_CTX_free(context)
    return True


def _read(decode: str, der: bytes) -> int:
    try:
        handle = read_der(decode, der)
    except Refused as error:
        raise NotAnSm2Key from error
    if not libcrypto().EVP_PKEY_is_a(handle, _NAME):
        libcrypto().EVP_PKEY_free(handle)
        raise NotAnSm2Key
    return handle
