"""The time-stamp authority as a program of its own."""

import hashlib
import http.client
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from server.pki.timestamp import TimestampRequest, build_request, token_of_response
from server.pki.timestamp_authority import TimestampAuthority
from standins.tsa import REQUEST_BYTES, main

IMPRINT = hashlib.sha256(b"sealed").digest()
QUERY = {"Content-Type": "application/timestamp-query"}


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("tsa")
    command = [sys.executable, "-m", "standins.tsa", "--port", "0", "--folder", str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield process.stdout.readline().strip()
        process.terminate()


def post(address: str, body: bytes, headers: dict[str, str]) -> tuple[int, str | None, bytes]:
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=10)
    connection.request("POST", "/", body, headers)
    answer = connection.getresponse()
    found = (answer.status, answer.getheader("Content-Type"), answer.read())
    connection.close()
    return found


def test_a_query_is_answered_by_a_reply_of_the_right_kind(address: str) -> None:
    query = build_request(TimestampRequest("sha256", IMPRINT, nonce=7))
    status, kind, body = post(address, query, QUERY)
    assert (status, kind) == (200, "application/timestamp-reply")
    assert IMPRINT in token_of_response(body)


def test_what_is_no_query_is_refused(address: str) -> None:
    assert post(address, b"{}", {"Content-Type": "application/json"})[0] == 415
    assert post(address, b"x" * (REQUEST_BYTES + 1), QUERY)[0] == 413
    assert post(address, b"", QUERY | {"Content-Length": "-1"})[0] == 413


def test_the_stand_in_refuses_production(tmp_path: Path, capsys) -> None:
    assert main(["--folder", str(tmp_path), "--profile", "production"]) == 2
    assert "refuses production" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_the_stand_in_and_the_product_share_keys_by_the_folder(tmp_path: Path, clock) -> None:
    first = TimestampAuthority.open(tmp_path, clock)
    assert TimestampAuthority.open(tmp_path, clock).root == first.root
