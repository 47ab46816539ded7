"""Closing and opening small secrets: X25519 sealed boxes and AES-256-GCM; pure, no storage."""

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from server.certificates.errors import EnvelopeDamaged

NONCE = 12
POINT = 32
ARGON_MEMORY_KIB = 64 * 1024
ARGON_PASSES = 3


def derive(*secrets: bytes, purpose: str) -> bytes:
    """A 32-byte key from joined secrets of fixed length: HKDF-SHA-256, `purpose` as info."""
    kdf = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=purpose.encode())
    return kdf.derive(b"".join(secrets))


def stretch(pin: str, salt: bytes) -> bytes:
    """Argon2id over a PIN: 64 MiB, 3 passes, 32 bytes."""
    kdf = Argon2id(
        salt=salt, length=32, iterations=ARGON_PASSES, lanes=1, memory_cost=ARGON_MEMORY_KIB
    )
    return kdf.derive(pin.encode())


def lock(key: bytes, secret: bytes, about: str) -> bytes:
    """AES-256-GCM, nonce in front; `about` (owner, serial, version) must be given to open."""
    nonce = os.urandom(NONCE)
    return nonce + AESGCM(key).encrypt(nonce, secret, about.encode())


def unlock(key: bytes, locked: bytes, about: str) -> bytes:
    """The secret of `lock`; raises EnvelopeDamaged."""
    cipher = AESGCM(key)
    try:
        return cipher.decrypt(locked[:NONCE], locked[NONCE:], about.encode())
    except (InvalidTag, ValueError):  # ValueError: cut too short to hold a nonce
        raise EnvelopeDamaged() from None


def public_point(private: X25519PrivateKey) -> bytes:
    """The 32 bytes of the public key."""
    return private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


def seal_to(public: bytes, secret: bytes, about: str, pepper: bytes = b"") -> bytes:
    """Close a secret to the holder of an X25519 key; 32 bytes of a one-time point in front.

    `pepper` is a second secret (the service's) without which the box stays closed.
    """
    once = X25519PrivateKey.generate()
    shared = once.exchange(X25519PublicKey.from_public_bytes(public))
    key = derive(shared, public_point(once), public, pepper, purpose=about)
    return public_point(once) + lock(key, secret, about)


def open_sealed(private: X25519PrivateKey, sealed: bytes, about: str, pepper: bytes = b"") -> bytes:
    """The secret of `seal_to`; raises EnvelopeDamaged."""
    point = sealed[:POINT]
    try:
        shared = private.exchange(X25519PublicKey.from_public_bytes(point))
    except ValueError:  # not a point, or one with which every key shares the same secret
        raise EnvelopeDamaged() from None
    key = derive(shared, point, public_point(private), pepper, purpose=about)
    return unlock(key, sealed[POINT:], about)


def key_of_page(page_token: str) -> X25519PrivateKey:
    """The key pair that a page's token stands for: the token is its only copy.

    What is sealed to its public half can be opened by the watching browser alone.
    """
    seed = derive(page_token.encode(), purpose="grant secret of a page")
    return X25519PrivateKey.from_private_bytes(seed)
