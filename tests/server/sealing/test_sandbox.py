"""Foreign files are opened by children that can do little, and for a short time."""

import contextlib
import os
import select
import signal
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from server.sealing.errors import PdfDamaged, PdfTooComplex
from server.sealing.sandbox import Sandbox, SandboxDown
from tests.fakes import naughty


@pytest.fixture(scope="module")
def tight() -> Iterator[Sandbox]:
    with Sandbox(memory_mb=100, cpu_s=1, wall_s=1.5, workers=1) as sandbox:
        sandbox.warm()
        yield sandbox


@pytest.mark.row("R-15", "S-34")
@pytest.mark.parametrize("deed", [naughty.spin, naughty.hang, naughty.crash, naughty.recurse])
def test_a_file_that_breaks_its_child_is_too_complex_and_the_next_is_served(
    tight: Sandbox, deed: Callable[[], None]
) -> None:
    with pytest.raises(PdfTooComplex):
        tight.run(deed)
    assert tight.run(len, b"next") == 4


@pytest.mark.row("S-34")
def test_a_child_has_the_memory_it_was_given_and_no_more(tight: Sandbox) -> None:
    assert tight.run(naughty.eat_memory, 50 * 2**20) == 50 * 2**20
    with pytest.raises(PdfTooComplex):
        tight.run(naughty.eat_memory, 150 * 2**20)


def test_the_cpu_limit_is_for_one_file_not_for_the_life_of_the_child(tight: Sandbox) -> None:
    pids = {tight.run(naughty.burn, 0.5) for _ in range(5)}
    assert len(pids) == 1


def test_a_domain_error_travels_home_with_its_details(tight: Sandbox) -> None:
    with pytest.raises(PdfDamaged) as caught:
        tight.run(naughty.refuse)
    assert caught.value.details == {"where": "here"}


def test_another_error_of_the_child_is_not_taken_for_a_bad_file(tight: Sandbox) -> None:
    with pytest.raises(ZeroDivisionError):
        tight.run(divmod, 1, 0)


@pytest.mark.row("R-15")
def test_what_cannot_be_read_at_home_fails_alone_and_breaks_no_pool(tight: Sandbox) -> None:
    child = tight.run(os.getpid)
    with pytest.raises(AttributeError):
        tight.run(naughty.bring_what_nobody_can_read)
    with pytest.raises(RuntimeError, match="Untold: here"):
        tight.run(naughty.fail_in_a_way_that_does_not_travel)
    assert tight.run(os.getpid) == child


def test_a_child_killed_while_idle_is_replaced(tight: Sandbox) -> None:
    child = tight.run(os.getpid)
    pidfd = os.pidfd_open(child)
    os.kill(child, signal.SIGKILL)
    select.select([pidfd], [], [], 5)
    os.close(pidfd)
    answers = []
    while 4 not in answers:  # the call that meets the dead child may fail, the one after may not
        with contextlib.suppress(SandboxDown):
            answers.append(tight.run(len, b"next"))
        assert len(answers) < 3


def test_a_child_knows_no_secret_of_its_parent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MASTER_KEY", "very secret")
    with Sandbox(workers=1) as sandbox:
        environment, memory = sandbox.run(naughty.read_environment)
    assert environment == {}
    assert memory.strip(b"\0") == b""


def test_a_child_inherits_no_open_file(tight: Sandbox, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("key")
    with secret.open():
        assert str(secret) not in tight.run(naughty.open_files)


def test_a_child_writes_no_file(tight: Sandbox, tmp_path: Path) -> None:
    assert "too large" in tight.run(naughty.write_file, str(tmp_path / "out"))


@pytest.mark.row("S-38")
def test_a_child_reaches_no_network(tight: Sandbox) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        answer = tight.run(naughty.connect, server.getsockname()[1])
    if answer == "connected":
        pytest.skip("this system lets no process give up its network")
    assert "unreachable" in answer
