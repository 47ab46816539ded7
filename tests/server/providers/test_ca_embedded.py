"""The embedded authority: what is particular to keys and register in a folder."""

import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from server.pki.authority import Addresses, Period, Subject
from server.pki.revocation import RevocationReason
from server.pki.subject_keys import Algorithm
from server.providers.ca import CaUnavailable
from server.providers.ca.embedded import EmbeddedCa

ADDRESSES = dict.fromkeys(
    Algorithm, Addresses("http://ca.example/c", "http://ca.example/o", "http://ca.example/i")
)
COMPANY = Subject.of_company("南宁桂印科技有限公司", "91450100MA5K8Q2X13")


def new_key() -> bytes:
    key = ec.generate_private_key(ec.SECP256R1()).public_key()
    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


@pytest.mark.row("R-08")
def test_certificates_revocations_and_keys_survive_a_restart(tmp_path: Path, clock) -> None:
    first = EmbeddedCa(tmp_path, ADDRESSES, clock)
    key, year = new_key(), Period(clock.now(), clock.now() + timedelta(days=365))
    issued = first.issue("r-1", COMPANY, key, year)
    first.revoke(issued.serial, RevocationReason.SUPERSEDED)
    again = EmbeddedCa(tmp_path, ADDRESSES, clock)
    assert all(again.chain(kind) == first.chain(kind) for kind in Algorithm)
    assert again.issue("r-1", COMPANY, key, year) == issued
    assert again.status(issued.serial) == first.status(issued.serial)
    assert not again.status(issued.serial).good


ISSUE = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from server.core.clock import SystemClock
from server.pki.authority import Addresses, Period, Subject
from server.pki.subject_keys import Algorithm
from server.providers.ca.embedded import EmbeddedCa
addresses = dict.fromkeys(Algorithm, Addresses("http://c", "http://o", "http://i"))
ca = EmbeddedCa(Path(sys.argv[1]), addresses, SystemClock())
period = Period(datetime(2026, 1, 1, tzinfo=UTC), datetime(2028, 1, 1, tzinfo=UTC))
print("ready", flush=True)
sys.stdin.readline()
for n in range(10):
    subject = Subject.of_person("韦志远", f"acc-{n}")
    print(ca.issue(f"r-{n}", subject, bytes.fromhex(sys.argv[2]), period).serial)
"""


@pytest.mark.row("R-08")
def test_two_processes_that_ask_for_the_same_give_out_one_certificate(tmp_path: Path) -> None:
    command = [sys.executable, "-c", ISSUE, str(tmp_path), new_key().hex()]
    pipe = subprocess.PIPE
    started = [subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) for _ in range(2)]
    for process in started:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in started:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    answers = [process.communicate(timeout=30)[0].split() for process in started]
    assert [process.returncode for process in started] == [0, 0]
    assert answers[0] == answers[1]
    assert len(set(answers[0])) == 10


def test_a_register_that_cannot_be_read_is_named(tmp_path: Path, clock) -> None:
    ca = EmbeddedCa(tmp_path, ADDRESSES, clock)
    for file in tmp_path.glob("ca.sqlite3*"):
        file.unlink()
    (tmp_path / "ca.sqlite3").mkdir()
    with pytest.raises(CaUnavailable):
        ca.status("abc")


def test_the_same_moments_in_another_zone_are_the_same_request(tmp_path: Path, clock) -> None:
    ca = EmbeddedCa(tmp_path, ADDRESSES, clock)
    key, ends = new_key(), clock.now() + timedelta(days=365)
    first = ca.issue("r-1", COMPANY, key, Period(clock.now(), ends))
    nanning = ZoneInfo("Asia/Shanghai")
    period = Period(clock.now().astimezone(nanning), ends.astimezone(nanning))
    assert ca.issue("r-1", COMPANY, key, period) == first
