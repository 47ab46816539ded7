"""What every time-stamp authority must do: in our process, and over HTTP on loopback."""

import hashlib
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from server.pki.chain import load_certificates
from server.pki.timestamp import TimestampRequest
from server.pki.timestamp_authority import TimestampAuthority
from server.pki.timestamp_check import check_token
from server.providers.tsa import Tsa
from server.providers.tsa.embedded import EmbeddedTsa
from server.providers.tsa.rfc3161 import Rfc3161Tsa, TsaService
from standins.tsa import TsaServer


@pytest.fixture(params=["embedded", "rfc3161"])
def tsa(request, tmp_path: Path, clock) -> Iterator[Tsa]:
    if request.param == "embedded":
        yield EmbeddedTsa(tmp_path, clock)
        return
    authority = TimestampAuthority.open(tmp_path, clock)
    with TsaServer(0, authority) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        client = Rfc3161Tsa(TsaService([server.address], [authority.root]))
        yield client
        client.close()
        server.shutdown()
        thread.join()


@pytest.mark.parametrize("hash_name", ["sha256", "sha384", "sha512"])
def test_a_token_proves_the_digest_at_the_time(tsa: Tsa, clock, hash_name: str) -> None:
    imprint = hashlib.new(hash_name, b"contract").digest()
    token = tsa.stamp(imprint, hash_name)
    roots = [load_certificates(der)[0] for der in tsa.roots()]
    said = check_token(token, TimestampRequest(hash_name, imprint), roots)
    assert said.time == clock.now()


def test_each_token_has_a_number_of_its_own(tsa: Tsa) -> None:
    imprint = hashlib.sha256(b"contract").digest()
    roots = [load_certificates(der)[0] for der in tsa.roots()]
    asked = TimestampRequest("sha256", imprint)
    serials = {check_token(tsa.stamp(imprint), asked, roots).serial for _ in range(3)}
    assert len(serials) == 3


def test_what_is_no_digest_is_a_fault_of_the_caller(tsa: Tsa) -> None:
    for imprint, hash_name in ((b"short", "sha256"), (bytes(32), "sha512"), (bytes(16), "md5")):
        with pytest.raises(ValueError, match="digest"):
            tsa.stamp(imprint, hash_name)
