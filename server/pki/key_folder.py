"""A folder of private keys and certificates, made once and shared by the processes that open it."""

import fcntl
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from server.pki.authority import Authority
from server.pki.durable import write_durably
from server.pki.issuer_keys import from_pem, to_pem

KEY_MODE = 0o600
FOLDER_MODE = 0o700


class KeyFileExposed(Exception):
    """Others on this machine may read a private key: `chmod 600` it and think of making it anew."""


class KeyFolder:
    """Keeps `<name>.key.pem` and `<name>.pem` side by side."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Only one process at a time is inside: the first start makes the keys, the next reads."""
        with (self.path / "lock").open("wb") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def secret(self, name: str, size: int) -> bytes:
        """`size` random bytes kept under `<name>.key`, drawn at the first call; KeyFileExposed."""
        path = self.path / f"{name}.key"
        with self.locked():
            if not path.exists():
                write_durably(path, secrets.token_bytes(size), mode=KEY_MODE)
        return read_secret(path)

    def save(self, name: str, authority: Authority) -> Authority:
        """Write both files, the certificate last: its presence says that the pair is whole."""
        write_durably(self._key_path(name), to_pem(authority.key), mode=KEY_MODE)
        write_durably(self._path(name), authority.certificate.public_bytes(Encoding.PEM))
        return authority

    def load(self, name: str) -> Authority | None:
        """The pair, or None when it was never made; raises KeyFileExposed."""
        if not self._path(name).exists():
            return None
        key = from_pem(read_secret(self._key_path(name)))
        return Authority(key, x509.load_pem_x509_certificate(self._path(name).read_bytes()))

    def _path(self, name: str) -> Path:
        return self.path / f"{name}.pem"

    def _key_path(self, name: str) -> Path:
        return self.path / f"{name}.key.pem"


def read_secret(path: Path) -> bytes:
    """The content of a file that only its owner may read; raises KeyFileExposed."""
    with path.open("rb") as file:
        if os.fstat(file.fileno()).st_mode & 0o077:
            raise KeyFileExposed(path.name)
        return file.read()
