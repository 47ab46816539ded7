"""Alipay's RSA2: RSA with SHA-256 over text that both sides put together alike; pure."""

import base64
import binascii
from collections.abc import Mapping

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_der_private_key, load_der_public_key


def private_key(text: str) -> RSAPrivateKey:
    """A key as Alipay's tool writes it, with or without PEM's first and last line; ValueError."""
    key = load_der_private_key(_der(text), password=None)
    if not isinstance(key, RSAPrivateKey):
        raise ValueError("an RSA key is needed")
    return key


def public_key(text: str) -> RSAPublicKey:
    """Alipay's own key, as its console shows it; ValueError."""
    key = load_der_public_key(_der(text))
    if not isinstance(key, RSAPublicKey):
        raise ValueError("an RSA key is needed")
    return key


def text_to_sign(parameters: Mapping[str, str]) -> str:
    """`a=1&b=2`: sorted by name, without what is empty and without the signature itself."""
    kept = sorted((name, value) for name, value in parameters.items() if value and name != "sign")
    return "&".join(f"{name}={value}" for name, value in kept)


def sign(key: RSAPrivateKey, text: str) -> str:
    """The signature in Base64."""
    return base64.b64encode(key.sign(text.encode(), PKCS1v15(), hashes.SHA256())).decode()


def is_signed(key: RSAPublicKey, text: str, signature: str) -> bool:
    """Whether the owner of the key has signed this text."""
    try:
        key.verify(
            base64.b64decode(signature, validate=True), text.encode(), PKCS1v15(), hashes.SHA256()
        )
    except (InvalidSignature, binascii.Error, ValueError):
        return False
    return True


def _der(text: str) -> bytes:
    lines = (line.strip() for line in text.strip().splitlines())
    return base64.b64decode("".join(one for one in lines if "-----" not in one), validate=True)
