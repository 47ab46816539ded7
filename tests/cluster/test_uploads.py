"""Uploads over real connections: the limit holds however a body is sent, and nothing is left."""

import http.client
import os
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, suppress
from hashlib import sha256
from pathlib import Path
from time import monotonic
from urllib.parse import urlsplit

import pytest

from tests.cluster.people import Crowd
from tests.cluster.stack import Cluster, Program
from tests.factories.devices import multipart
from tests.factories.pdf import make_pdf, padded_pdf
from tests.factories.product import PartnerProgram
from tests.qr_session.patience import within

MIB = 1024 * 1024
LARGEST = 20 * MIB
PATH = "/partner/v1/documents"
TYPE = "multipart/form-data; boundary=limit"
# What a stalled body may cost anybody else.
LONGEST_WAIT = 1.0


def body_of(content: bytes) -> bytes:
    data: bytes = multipart("file", "a.pdf", content)["data"]
    return data


def chunks(body: bytes) -> Iterator[bytes]:
    return (body[start : start + MIB] for start in range(0, len(body), MIB))


def send(
    cluster: Cluster,
    base: str,
    body: bytes | Iterator[bytes],
    length: dict[str, str] | None = None,
) -> int:
    """The status; an iterator without `length` goes in chunks: nobody is told how long it is."""
    headers = {"Authorization": f"Bearer {cluster.key}", "Content-Type": TYPE, **(length or {})}
    with closing(http.client.HTTPConnection(urlsplit(base).netloc, timeout=60)) as connection:
        connection.request("POST", PATH, body, headers)
        return connection.getresponse().status


def send_and_lie(cluster: Cluster, base: str, body: bytes, told: int) -> bytes:
    """The first line of the answer to a body that is longer or shorter than its stated length."""
    with socket.create_connection(address_of(base), timeout=60) as line:
        line.sendall(head(cluster, told) + body)
        line.shutdown(socket.SHUT_WR)
        return line.makefile("rb").readline()


def head(cluster: Cluster, length: int) -> bytes:
    lines = [
        f"POST {PATH} HTTP/1.1",
        "Host: 127.0.0.1",
        f"Authorization: Bearer {cluster.key}",
        f"Content-Type: {TYPE}",
        f"Content-Length: {length}",
    ]
    return "\r\n".join([*lines, "", ""]).encode()


def address_of(base: str) -> tuple[str, int]:
    parts = urlsplit(base)
    assert parts.hostname
    assert parts.port
    return parts.hostname, parts.port


def processes(cluster: Cluster) -> list[int]:
    return [pid for web in cluster.webs for pid in web.children()]


def nameless_files(cluster: Cluster) -> list[str]:
    """Open files of the web processes that have no name any more: where bodies are spooled.

    Not the one by which gunicorn sees that its worker lives.
    """
    found = []
    for pid in processes(cluster):
        for one in Path(f"/proc/{pid}/fd").iterdir():
            try:
                target = os.readlink(one)
            except FileNotFoundError:
                continue
            if "/wgunicorn-" not in target and target.endswith("(deleted)"):
                found.append(target)
    return found


def left_over(cluster: Cluster) -> list[str]:
    waiting = (cluster.data.parent / "nginx" / "body_temp").rglob("*")
    return [*nameless_files(cluster), *(str(one) for one in waiting if one.is_file())]


def memory(pid: int, what: str) -> int:
    """MiB: `VmRSS` is what a process has now, `VmHWM` the most that it had lately."""
    kib = Path(f"/proc/{pid}/status").read_text().split(f"{what}:")[1].split()[0]
    return int(kib) // 1024


def peak(cluster: Cluster, act: Callable[[], object]) -> int:
    """How many MiB more the first process had for a moment while something was done."""
    [pid] = cluster.webs[0].children()
    before = memory(pid, "VmRSS")
    Path(f"/proc/{pid}/clear_refs").write_text("5")  # the peak starts again from here
    act()
    return memory(pid, "VmHWM") - before


class FarTooMuch:
    """A body of 100 MiB that counts what was taken of it before it was refused."""

    def __init__(self, cluster: Cluster, *, stated: bool) -> None:
        self.cluster, self.taken = cluster, 0
        self.length = {"Content-Length": str(100 * MIB)} if stated else {}

    def send(self) -> None:
        """Until it is cut off: the answer may be lost, as nobody reads the rest."""
        with suppress(BrokenPipeError, ConnectionResetError):
            assert send(self.cluster, self.cluster.direct(0), self.parts(), self.length) == 413

    def parts(self) -> Iterator[bytes]:
        yield body_of(make_pdf())[:300]
        for _ in range(100):
            yield bytes(MIB)
            self.taken += 1


def stored(cluster: Cluster) -> set[Path]:
    return {one for one in (cluster.data / "blobs").rglob("*") if one.is_file()}


@pytest.mark.row("S-32", "F-46")
@pytest.mark.parametrize("way", ["stated", "in chunks"])
@pytest.mark.parametrize("through", ["nginx", "the process"])
def test_twenty_mebibytes_are_taken_and_one_byte_more_is_refused(
    cluster: Cluster, way: str, through: str
) -> None:
    base = cluster.base if through == "nginx" else cluster.direct(0)
    largest, more = body_of(padded_pdf(LARGEST)), body_of(padded_pdf(LARGEST) + b"\n")

    def status(body: bytes) -> int:
        return send(cluster, base, chunks(body) if way == "in chunks" else body)

    assert status(largest) == 202
    before = stored(cluster)
    assert status(more) == 413
    assert stored(cluster) == before
    assert within(5, lambda: left_over(cluster) == []), left_over(cluster)


@pytest.mark.row("S-32")
@pytest.mark.parametrize("told", [100, LARGEST], ids=["longer than told", "shorter than told"])
def test_a_body_that_is_not_as_long_as_it_says_is_no_upload(cluster: Cluster, told: int) -> None:
    before = stored(cluster)
    body = body_of(make_pdf()) + bytes(2 * MIB)

    for base in (cluster.base, cluster.direct(0)):
        said = send_and_lie(cluster, base, body, told)
        assert not said or said.split()[1] in (b"400", b"413", b"422"), said

    assert stored(cluster) == before
    assert within(5, lambda: left_over(cluster) == []), left_over(cluster)


@pytest.mark.row("S-32")
def test_memory_is_for_what_is_allowed_and_none_for_what_is_too_much(
    cluster: Cluster, first_web: Program
) -> None:
    """A body is spooled to the disk as it comes, and read into memory once it is short enough.

    The process is a fresh one: memory that was used and is kept would hide what is taken again.
    """
    first_web.stop()
    cluster.start_web(0)
    assert send(cluster, cluster.direct(0), body_of(make_pdf())) == 202
    largest = body_of(padded_pdf(LARGEST))

    stated, chunked = (FarTooMuch(cluster, stated=stated) for stated in (True, False))
    # Read into memory it would take 20 and more; the first refusals need some for themselves.
    assert max(peak(cluster, stated.send), peak(cluster, chunked.send)) < 10
    # What the sender's and the receiver's buffers hold comes on top.
    assert stated.taken < 20
    assert 20 <= chunked.taken < 60
    peaks = [peak(cluster, lambda: send(cluster, cluster.direct(0), largest)) for _ in range(6)]

    assert sum(peaks) < 3 * 20, peaks
    assert within(5, lambda: left_over(cluster) == []), left_over(cluster)


@pytest.mark.row("S-32")
def test_bodies_that_never_come_keep_nobody_waiting(cluster: Cluster, crowd: Crowd) -> None:
    """nginx takes in a whole body before it asks a process; so many stall in the middle of one."""
    body, client = body_of(make_pdf()), crowd.client()
    with ExitStack() as lines:
        for _ in range(100):
            line = lines.enter_context(socket.create_connection(address_of(cluster.base)))
            line.sendall(head(cluster, LARGEST) + body[:200])
        worst = 0.0
        for _ in range(20):
            begun = monotonic()
            assert client.get("/livez").status_code == 200
            worst = max(worst, monotonic() - begun)
        assert send(cluster, cluster.base, body) == 202

    assert worst < LONGEST_WAIT
    assert within(5, lambda: left_over(cluster) == []), left_over(cluster)


@pytest.mark.row("R-20", "R-12")
def test_what_was_answered_is_there_although_the_process_was_killed_at_once(
    cluster: Cluster, crowd: Crowd, first_web: Program
) -> None:
    content, key = padded_pdf(MIB), {"Idempotency-Key": "k-killed"}
    client = PartnerProgram(crowd.client(cluster.direct(0)), cluster.key, cluster)

    told = client.upload(content, **key)
    first_web.stop(signal.SIGKILL)

    assert told.status_code == 202
    partner = crowd.partner()
    # A process that is just dying may take a request along; whoever sent it sends it again.
    assert within(5, lambda: partner.upload(content, **key).status_code == 202)
    assert partner.upload(content, **key).get_json()["id"] == told.get_json()["id"]
    cluster.work()
    document = partner.get(f"/documents/{told.get_json()['id']}").get_json()
    assert (document["status"], document["sha256"]) == ("ready", sha256(content).hexdigest())
