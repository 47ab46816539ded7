"""The master key in a file of its own, for development: production wants a device that keeps it."""

import hashlib
import hmac
import secrets
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import ClassVar

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from server.core.clock import Clock
from server.pki.key_folder import KeyFolder
from server.providers.keys import KeysUnavailable, TooManyKeyCalls, UnwrapRefused

KEY_BYTES = 32
NONCE_BYTES = 12
CALLS_PER_MINUTE = 30
VERSION = b"\x01"
LOCK_WAIT_S = 5.0


class LocalKeys:
    """Draws the master key at the first start; counts calls for all processes of the machine."""

    development_only: ClassVar[bool] = True

    def __init__(
        self, folder: Path, clock: Clock, calls_per_minute: int = CALLS_PER_MINUTE
    ) -> None:
        self._clock, self._limit = clock, calls_per_minute
        self._master = KeyFolder(folder).secret("master", KEY_BYTES)
        self._file = folder / "calls.sqlite3"
        with closing(self._connect()) as db:
            db.execute(
                "CREATE TABLE IF NOT EXISTS calls"
                " (subject TEXT, minute INTEGER, count INTEGER, PRIMARY KEY (subject, minute))"
            )

    def hmac(self, purpose: str, subject: str, data: bytes = b"") -> bytes:
        """See Keys.hmac."""
        self._count(subject)
        key = self._derive("hmac", purpose)
        return hmac.digest(key, _framed(subject.encode(), data), hashlib.sha256)

    def wrap(self, purpose: str, subject: str, secret: bytes, aad: bytes = b"") -> bytes:
        """See Keys.wrap. The form is version (1 byte), nonce (12), ciphertext and tag (16)."""
        self._count(subject)
        nonce = secrets.token_bytes(NONCE_BYTES)
        bound = _framed(VERSION, subject.encode(), aad)
        return VERSION + nonce + self._cipher(purpose).encrypt(nonce, secret, bound)

    def unwrap(self, purpose: str, subject: str, wrapped: bytes, aad: bytes = b"") -> bytes:
        """See Keys.unwrap."""
        self._count(subject)
        version, nonce = wrapped[:1], wrapped[1 : 1 + NONCE_BYTES]
        if version != VERSION or len(nonce) != NONCE_BYTES:
            raise UnwrapRefused
        bound = _framed(VERSION, subject.encode(), aad)
        try:
            return self._cipher(purpose).decrypt(nonce, wrapped[1 + NONCE_BYTES :], bound)
        except InvalidTag as error:
            raise UnwrapRefused from error

    def _cipher(self, purpose: str) -> AESGCM:
        return AESGCM(self._derive("wrap", purpose))

    def _derive(self, use: str, purpose: str) -> bytes:
        info = _framed(b"guiyin keys", VERSION, use.encode(), purpose.encode())
        return HKDF(hashes.SHA256(), KEY_BYTES, salt=None, info=info).derive(self._master)

    def _count(self, subject: str) -> None:
        now = int(self._clock.now().timestamp())
        minute = now // 60
        try:
            with closing(self._connect()) as db, db:
                db.execute("DELETE FROM calls WHERE minute < ?", (minute,))
                (count,) = db.execute(
                    "INSERT INTO calls VALUES (?, ?, 1) ON CONFLICT DO UPDATE"
                    " SET count = count + 1 RETURNING count",
                    (subject, minute),
                ).fetchone()
        except sqlite3.OperationalError as error:
            # Without the counter there is no limit: fail closed.
            raise KeysUnavailable from error
        if count > self._limit:
            raise TooManyKeyCalls(retry_after=60 - now % 60)

    def _connect(self) -> sqlite3.Connection:
        db = sqlite3.connect(self._file, timeout=LOCK_WAIT_S)
        # The count must outlive a process, not a power cut: no fsync at each call.
        db.execute("PRAGMA synchronous=OFF")
        return db


def _framed(*parts: bytes) -> bytes:
    """Each part behind its length, so that no two lists of parts give the same bytes."""
    return b"".join(len(part).to_bytes(4, "big") + part for part in parts)
