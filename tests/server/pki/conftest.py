"""The openssl command as an independent judge, and authorities made for one test."""

import subprocess
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from server.core.clock import SystemClock
from server.pki.authority import Addresses, Authority, Period, create_root

# The openssl command tells the time by the machine, so the lives are wide around today.
LIFE = Period(datetime(2020, 1, 1, tzinfo=UTC), datetime(2049, 1, 1, tzinfo=UTC))


@pytest.fixture
def openssl(tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    def run(*arguments: object) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["openssl", *map(str, arguments)],
            cwd=tmp_path, capture_output=True, text=True, check=False, timeout=20,
        )  # fmt: skip

    return run


@pytest.fixture
def addresses() -> Addresses:
    at = "http://ca.example"
    return Addresses(f"{at}/issuing.crl", f"{at}/ocsp", f"{at}/issuing.cer")


@pytest.fixture
def root() -> Authority:
    return create_root("根", ec.generate_private_key(ec.SECP256R1()), LIFE)


@pytest.fixture
def issuing(root: Authority) -> Authority:
    key = ec.generate_private_key(ec.SECP256R1())
    return Authority(key, root.issue_issuing("签发", key.public_key(), LIFE))


@pytest.fixture
def year() -> Period:
    start = SystemClock().now() - timedelta(days=1)
    return Period(start, start + timedelta(days=365))


@pytest.fixture
def public_key() -> bytes:
    key = ec.generate_private_key(ec.SECP256R1()).public_key()
    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


@pytest.fixture
def pem(tmp_path: Path) -> Callable[..., Path]:
    def write(name: str, *certificates: object) -> Path:
        path = tmp_path / name
        path.write_bytes(b"".join(c.public_bytes(Encoding.PEM) for c in certificates))  # type: ignore[attr-defined]
        return path

    return write


@pytest.fixture
def responder(issuing: Authority) -> Authority:
    key = ec.generate_private_key(ec.SECP256R1())
    return Authority(key, issuing.issue_ocsp_responder("OCSP", key.public_key(), LIFE))
