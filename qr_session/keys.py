"""Keys and hashes: HKDF-SHA256, the hash under which a secret is kept, the comparison."""

import base64
import hashlib
import hmac
import secrets

MASTER_KEY_BYTES = 32


def extract(salt: bytes, secret: bytes) -> bytes:
    """HKDF-Extract with SHA-256 (RFC 5869 2.2): a pseudorandom key of 32 bytes."""
    return hmac.digest(salt, secret, "sha256")


def expand(pseudorandom_key: bytes, info: bytes) -> bytes:
    """The first block, 32 bytes, of HKDF-Expand with SHA-256 (RFC 5869 2.3)."""
    return hmac.digest(pseudorandom_key, info + b"\x01", "sha256")


def root_key(master_key: bytes) -> bytes:
    """The key that all others are expanded from; raises ValueError for less than 256 bits."""
    if len(master_key) < MASTER_KEY_BYTES:
        raise ValueError(f"the master key needs at least {MASTER_KEY_BYTES} bytes")
    return extract(b"qr_session", master_key)


def new_secret() -> str:
    """256 random bits as 43 characters of base64url."""
    return secrets.token_urlsafe(32)


def hashed(secret: str) -> str:
    """SHA-256 in hex: enough for secrets of 256 random bits."""
    return hashlib.sha256(_bytes(secret)).hexdigest()


def matches(secret: str, kept: str) -> bool:
    """Whether `secret` is what was kept hashed, in a time that does not depend on where it differs.

    Nothing matches an empty `kept`: nobody holds that secret.
    """
    return same(hashed(secret), kept)


def same(given: str, expected: str) -> bool:
    """Compare two secrets in constant time, whatever characters they hold."""
    return hmac.compare_digest(_bytes(given), _bytes(expected))


def b64url(raw: bytes) -> str:
    """Base64url without padding."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    # JSON may carry lone surrogates; they must be refused as wrong, not break the server.
    return text.encode("utf-8", "surrogatepass")
