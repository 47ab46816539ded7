"""The system's libcrypto (OpenSSL 3), for what `cryptography` does not offer: SM2.

Only the calls that `server.pki.sm2` needs. A failed call leaves nothing in OpenSSL's queue of
errors, which Python's own `ssl` shares.
"""

import ctypes
import ctypes.util
from ctypes import POINTER, byref, c_char_p, c_int, c_long, c_size_t, c_ubyte, c_void_p
from functools import cache
from typing import Any

from server.core.errors import Unavailable

NAMES = ("libcrypto.so.3", "libcrypto.3.dylib", "libcrypto-3-x64.dll")
_LENGTH = POINTER(c_size_t)
_BYTES = POINTER(c_ubyte)
# Name of the function: what it returns, what it takes. Pointers go as addresses.
_CALLS: dict[str, tuple[Any, list[Any]]] = {
    "EVP_PKEY_Q_keygen": (c_void_p, [c_void_p, c_char_p, c_char_p]),
    "EVP_PKEY_free": (None, [c_void_p]),
    "EVP_PKEY_is_a": (c_int, [c_void_p, c_char_p]),
    "EVP_PKEY_CTX_new": (c_void_p, [c_void_p, c_void_p]),
    "EVP_PKEY_CTX_free": (None, [c_void_p]),
    "EVP_PKEY_pairwise_check": (c_int, [c_void_p]),
    "EVP_PKEY_private_check": (c_int, [c_void_p]),
    "d2i_AutoPrivateKey": (c_void_p, [c_void_p, POINTER(_BYTES), c_long]),
    "d2i_PUBKEY": (c_void_p, [c_void_p, POINTER(_BYTES), c_long]),
    "i2d_PUBKEY": (c_int, [c_void_p, POINTER(_BYTES)]),
    "EVP_PKEY2PKCS8": (c_void_p, [c_void_p]),
    "i2d_PKCS8_PRIV_KEY_INFO": (c_int, [c_void_p, POINTER(_BYTES)]),
    "PKCS8_PRIV_KEY_INFO_free": (None, [c_void_p]),
    "EVP_MD_CTX_new": (c_void_p, []),
    "EVP_MD_CTX_free": (None, [c_void_p]),
    "EVP_DigestSignInit_ex": (
        c_int,
        [c_void_p, POINTER(c_void_p), c_char_p, c_void_p, c_char_p, c_void_p, c_void_p],
    ),
    "EVP_DigestVerifyInit_ex": (
        c_int,
        [c_void_p, POINTER(c_void_p), c_char_p, c_void_p, c_char_p, c_void_p, c_void_p],
    ),
    "EVP_PKEY_CTX_set1_id": (c_int, [c_void_p, c_char_p, c_int]),
    "EVP_DigestSign": (c_int, [c_void_p, c_char_p, _LENGTH, c_char_p, c_size_t]),
    "EVP_DigestVerify": (c_int, [c_void_p, c_char_p, c_size_t, c_char_p, c_size_t]),
    "ERR_clear_error": (None, []),
}


class LibcryptoMissing(Unavailable):
    """OpenSSL's libcrypto 3 is not on this machine, or is too old or without SM2."""

    code = "libcrypto_missing"
    message = (
        "服务器缺少支持国密算法的 OpenSSL 3 组件。",
        "OpenSSL 3 with SM2 is missing on this server.",
    )
    next_step = ("请联系运维安装 libssl3。", "Please have OpenSSL 3 (libssl3) installed.")


class Refused(Exception):
    """libcrypto refused a call; the caller knows what that means."""


@cache
def libcrypto() -> ctypes.CDLL:
    """The loaded library, its functions declared. Raises LibcryptoMissing."""
    return load((*NAMES, ctypes.util.find_library("crypto") or NAMES[0]))


def load(names: tuple[str, ...]) -> ctypes.CDLL:
    """The first library among these that has every call. Raises LibcryptoMissing."""
    for name in names:
        try:
            library = ctypes.CDLL(name)
            for call, (returns, takes) in _CALLS.items():
                function = getattr(library, call)
                function.restype, function.argtypes = returns, takes
        except (OSError, AttributeError):
            continue
        return library
    raise LibcryptoMissing


def accepted(answer: int | None) -> int:
    """A pointer, or a positive number; raises Refused for anything else."""
    if answer is None or answer <= 0:
        libcrypto().ERR_clear_error()
        raise Refused
    return answer


def der_of(encode: str, thing: int) -> bytes:
    """What an `i2d_` function writes: asked once for the length, once for the bytes."""
    call = getattr(libcrypto(), encode)
    length = accepted(call(thing, None))
    room = (c_ubyte * length)()
    accepted(call(thing, byref(ctypes.cast(room, _BYTES))))
    return bytes(room)


def read_der(decode: str, der: bytes) -> int:
    """What a `d2i_` function makes of exactly these bytes; raises Refused."""
    room = (c_ubyte * len(der)).from_buffer_copy(der)
    start = ctypes.cast(room, _BYTES)
    return accepted(getattr(libcrypto(), decode)(None, byref(start), len(der)))
