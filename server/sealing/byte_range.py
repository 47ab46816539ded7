"""The digests of what a signature protects: all of a file but the gap where it stands."""

from hashlib import sha256

from cryptography.hazmat.primitives import hashes


def byte_range_digest(sealed: bytes | bytearray, start: int, resume: int) -> bytes:
    """SHA-256 of everything before `start` and from `resume` on."""
    with memoryview(sealed) as view, view[:start] as before, view[resume:] as after:
        digest = sha256(before)
        digest.update(after)
    return digest.digest()


def byte_range_sm3(sealed: bytes | bytearray, start: int, resume: int) -> bytes:
    """SM3 of the same bytes."""
    digest = hashes.Hash(hashes.SM3())
    with memoryview(sealed) as view, view[:start] as before, view[resume:] as after:
        digest.update(before)
        digest.update(after)
    return digest.finalize()
