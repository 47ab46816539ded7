"""Keys on disk: made once, read by their owner only."""

import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from server.pki.key_folder import KeyFileExposed, KeyFolder


def test_a_pair_comes_back_as_it_was_saved(tmp_path: Path, root) -> None:
    keys = KeyFolder(tmp_path / "keys")
    keys.save("root", root)
    loaded = keys.load("root")
    assert loaded is not None
    assert loaded.certificate == root.certificate
    assert loaded.key.private_numbers() == root.key.private_numbers()


def test_a_pair_that_was_never_made_is_none(tmp_path: Path) -> None:
    assert KeyFolder(tmp_path).load("root") is None


def test_a_key_without_its_certificate_is_not_a_pair_yet(tmp_path: Path, root) -> None:
    keys = KeyFolder(tmp_path)
    keys.save("root", root)
    (tmp_path / "root.pem").unlink()
    assert keys.load("root") is None


@pytest.mark.row("S-22")
def test_only_the_owner_may_read_keys(tmp_path: Path, root) -> None:
    keys = KeyFolder(tmp_path / "keys")
    keys.save("root", root)
    keys.secret("master", 32)
    for name in ("root.key.pem", "master.key"):
        assert (tmp_path / "keys" / name).stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "keys").stat().st_mode & 0o777 == 0o700


@pytest.mark.row("S-22")
def test_a_key_that_others_may_read_is_not_used(tmp_path: Path, root) -> None:
    keys = KeyFolder(tmp_path)
    keys.save("root", root)
    keys.secret("master", 32)
    (tmp_path / "root.key.pem").chmod(0o640)
    (tmp_path / "master.key").chmod(0o604)
    with pytest.raises(KeyFileExposed):
        keys.load("root")
    with pytest.raises(KeyFileExposed):
        keys.secret("master", 32)


def test_a_secret_is_drawn_once(tmp_path: Path) -> None:
    drawn = KeyFolder(tmp_path).secret("master", 32)
    assert len(drawn) == 32
    assert KeyFolder(tmp_path).secret("master", 32) == drawn
    assert KeyFolder(tmp_path).secret("other", 32) != drawn


OPEN = """
import sys, hashlib
from pathlib import Path
from server.pki.timestamp_authority import TimestampAuthority
sys.stdin.read()
print(hashlib.sha256(TimestampAuthority.open(Path(sys.argv[1])).root).hexdigest())
"""


def test_processes_that_start_together_share_one_set_of_keys(tmp_path: Path) -> None:
    started = [
        subprocess.Popen(
            [sys.executable, "-c", OPEN, tmp_path / "tsa"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )
        for _ in range(3)
    ]  # fmt: skip
    for process in started:
        assert process.stdin is not None
        process.stdin.close()
        process.stdin = None
    seen = {process.communicate(timeout=30)[0] for process in started}
    assert [process.returncode for process in started] == [0, 0, 0]
    assert len(seen) == 1


def test_a_certificate_is_written_as_pem(tmp_path: Path, root) -> None:
    KeyFolder(tmp_path).save("root", root)
    assert (tmp_path / "root.pem").read_bytes() == root.certificate.public_bytes(Encoding.PEM)
