"""The time-stamp client against authorities that are slow, down, wrong or false."""

import hashlib
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx
import pytest

from server.pki.timestamp import TimestampRequest, build_request
from server.pki.timestamp_authority import TimestampAuthority
from server.providers.tsa import TsaAnswerRejected, TsaTimeout, TsaUnavailable, TsaUnreachable
from server.providers.tsa.rfc3161 import Rfc3161Tsa, TsaService

IMPRINT = hashlib.sha256(b"sealed").digest()
FIRST, SECOND = "http://one.example/", "http://two.example/"
OK = b"HTTP/1.1 200 OK\r\n"
Answer = Callable[[httpx.Request], httpx.Response]


@pytest.fixture
def authority(tmp_path: Path, clock) -> TimestampAuthority:
    return TimestampAuthority.open(tmp_path / "tsa", clock)


@contextmanager
def asking(
    authority: TimestampAuthority, *answers: Answer, addresses: tuple[str, ...] = (FIRST, SECOND)
) -> Iterator[tuple[Rfc3161Tsa, list[str]]]:
    """A client whose network gives the answers in turn, and the addresses that were asked."""
    asked: list[str] = []

    def handle(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url))
        return answers[len(asked) - 1](request)

    transport = httpx.MockTransport(handle)
    client = Rfc3161Tsa(TsaService(addresses, [authority.root]), transport)
    yield client, asked
    client.close()


def reply(content: bytes, status: int = 200) -> Answer:
    return lambda _request: httpx.Response(status, content=content)


def honest(authority: TimestampAuthority) -> Answer:
    return lambda request: httpx.Response(200, content=authority.respond(request.read()))


def to_another_request(authority: TimestampAuthority, imprint: bytes, nonce: int) -> Answer:
    other = TimestampRequest("sha256", imprint, nonce=nonce)
    return reply(authority.respond(build_request(other)))


def failing(error: Exception) -> Answer:
    def fail(_request: httpx.Request) -> httpx.Response:
        raise error

    return fail


@pytest.mark.row("R-07")
def test_answers_that_do_not_stand_are_named_by_the_rule_that_they_break(
    authority, tmp_path, clock
) -> None:
    stranger = TimestampAuthority.open(tmp_path / "stranger", clock)
    wrong = hashlib.sha256(b"other").digest()
    for answer, cause in (
        (reply(b"<html>maintenance</html>"), "timestamp_unreadable"),
        (reply(b""), "timestamp_unreadable"),
        (reply(authority.respond(b"junk")), "timestamp_refused"),
        (to_another_request(authority, IMPRINT, nonce=1), "timestamp_wrong_nonce"),
        (to_another_request(authority, wrong, nonce=1), "timestamp_wrong_imprint"),
        (honest(stranger), "timestamp_untrusted"),
    ):
        with asking(authority, answer, answer) as (tsa, asked):
            with pytest.raises(TsaAnswerRejected) as rejected:
                tsa.stamp(IMPRINT)
            assert rejected.value.details == {"cause": cause}
            assert asked == [FIRST, SECOND]


@pytest.mark.row("R-07")
@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (failing(httpx.ConnectError("refused")), TsaUnreachable),
        (reply(b"error", status=500), TsaUnreachable),
        (reply(b"", status=302), TsaUnreachable),
        (reply(b"x" * (64 * 1024 + 1)), TsaUnreachable),
        (failing(httpx.ReadTimeout("slow")), TsaTimeout),
    ],
)
def test_the_second_address_helps_when_the_first_fails(authority, answer, error) -> None:
    with asking(authority, answer, honest(authority)) as (tsa, asked):
        assert tsa.stamp(IMPRINT)
        assert asked == [FIRST, SECOND]
    with asking(authority, answer, answer) as (tsa, _asked), pytest.raises(error):
        tsa.stamp(IMPRINT)


def test_a_good_answer_is_asked_for_once(authority) -> None:
    with asking(authority, honest(authority)) as (tsa, asked):
        assert tsa.stamp(IMPRINT)
        assert asked == [FIRST]


def test_a_single_address_is_tried_twice(authority) -> None:
    down = failing(httpx.ConnectError("refused"))
    with asking(authority, down, honest(authority), addresses=(FIRST,)) as (tsa, asked):
        assert tsa.stamp(IMPRINT)
        assert asked == [FIRST, FIRST]


def test_an_address_that_cannot_be_one_is_named(authority) -> None:
    client = Rfc3161Tsa(TsaService(["http://[broken"], [authority.root]))
    with pytest.raises(TsaUnavailable):
        client.stamp(IMPRINT)
    client.close()
    with pytest.raises(ValueError, match="address"):
        Rfc3161Tsa(TsaService([], [authority.root]))


@contextmanager
def dripping(line: bytes) -> Iterator[str]:
    """A server on loopback whose answer starts with `line` and then comes byte by byte."""
    listener = socket.create_server(("127.0.0.1", 0))
    over = threading.Event()

    def serve() -> None:
        with suppress(OSError):
            while not over.is_set():
                connection, _ = listener.accept()
                threading.Thread(target=drip, args=(connection,), daemon=True).start()

    def drip(connection: socket.socket) -> None:
        with connection, suppress(OSError):
            connection.sendall(line)
            while not over.wait(0.05):
                connection.sendall(b"a")

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{listener.getsockname()[1]}/"
    over.set()
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()
    thread.join()


@pytest.mark.row("R-07")
@pytest.mark.parametrize(
    "line",
    [b"", b"HTTP/1.1 200 OK\r\nX-Long: ", b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n"],
)
def test_an_answer_that_drips_in_is_cut_off_at_the_limit_of_two_tries(authority, line) -> None:
    with dripping(line) as address:
        client = Rfc3161Tsa(TsaService([address], [authority.root], timeout_s=0.3))
        begun = time.monotonic()
        with pytest.raises(TsaTimeout):
            client.stamp(IMPRINT)
        assert 0.5 < time.monotonic() - begun < 2
    client.close()
