"""Names for rows and secrets for people, drawn from the system's generator."""

import hashlib
import secrets
import time

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"


def new_id(prefix: str) -> str:
    """An opaque name such as `seal-1j9x…`: the millisecond of birth, then 80 random bits.

    Names of one kind sort by their age, which is what lists are paged by; the machine's time is
    good enough for that, so no clock is asked.
    """
    number = (time.time_ns() // 1_000_000) << 80 | secrets.randbits(80)
    letters = "".join(ALPHABET[number >> shift & 31] for shift in range(125, -1, -5))
    return f"{prefix}-{letters}"


def new_secret() -> str:
    """A 256-bit secret as 43 characters of base64url."""
    return secrets.token_urlsafe(32)


def fingerprint(secret: str) -> str:
    """How a random secret is kept: SHA-256, hexadecimal. Not for PINs or passwords."""
    return hashlib.sha256(secret.encode()).hexdigest()
