"""Real Redis and PostgreSQL for the tests: installed programs, free ports, temporary folders."""

import os
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import sample
from threading import Event
from time import monotonic
from typing import NoReturn

import psycopg
import pytest
from psycopg import sql
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

START_SECONDS = 20
STOP_SECONDS = 20
# Below the ports that the system hands to clients: one that keeps knocking at the closed port of a
# server that was killed could otherwise be given that very port and be answered by itself.
PORTS = range(20_000, 30_000)
POSTGRES_FOLDERS = Path("/usr/lib/postgresql")
INITDB = ("--username=postgres", "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C")
TRIES = 3


class PortTaken(Exception):
    """The server ended while it started; most often somebody else took the port."""


@dataclass
class Server:
    """A program that a test may stop, pause and start again; `url` holds a password of its own."""

    command: list[str]
    folder: Path
    url: str
    answers: Callable[[], bool]
    user: str | None = None
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    def start(self) -> None:
        """Start and wait until it answers. Raises PortTaken when it ended instead."""
        with (self.folder / "log.txt").open("ab") as log:
            self.process = subprocess.Popen(
                self.command, cwd=self.folder, stdout=log, stderr=log, user=self.user
            )
        until = monotonic() + START_SECONDS
        while not self.answers():
            if self.process.poll() is not None or monotonic() > until:
                self.stop()
                raise PortTaken((self.folder / "log.txt").read_text(errors="replace")[-500:])
            Event().wait(0.02)

    def stop(self, by: signal.Signals = signal.SIGKILL) -> None:
        """Send the signal and wait for the end; nothing when it has ended before."""
        if self.process is not None:
            self.process.send_signal(by)
            self.process.wait(STOP_SECONDS)

    def pause(self) -> None:
        """Let it stand still: connections stay open and nobody answers."""
        assert self.process is not None
        self.process.send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        assert self.process is not None
        self.process.send_signal(signal.SIGCONT)


def missing(what: str) -> NoReturn:
    """Skip, visibly; with REQUIRE_SERVICES=1 fail instead."""
    if os.environ.get("REQUIRE_SERVICES") == "1":
        pytest.fail(f"{what} is not installed", pytrace=False)
    pytest.skip(f"{what} is not installed")


def free_port() -> int:
    """A port of loopback that nobody listens on now."""
    for port in sample(PORTS, 100):
        with socket.socket() as knock:
            if knock.connect_ex(("127.0.0.1", port)) != 0:
                return port
    raise AssertionError("no free port")


def started(make: Callable[[int], Server]) -> Server:
    """A server on a free port; another port when somebody was quicker."""
    for left in reversed(range(TRIES)):
        server = make(free_port())
        try:
            server.start()
        except PortTaken:
            if not left:
                raise
        else:
            return server
    raise AssertionError


@contextmanager
def redis_at(folder: Path, *, keeps: bool = False) -> Iterator[Server]:
    """A Redis server; one that `keeps` has written every change to its file before it answers."""
    program = shutil.which("redis-server") or missing("redis-server")
    password = secrets.token_hex(16)

    def make(port: int) -> Server:
        settings = {
            "bind": "127.0.0.1",
            "port": port,
            "dir": folder,
            "requirepass": password,
            "save": '""',
            "appendonly": "yes" if keeps else "no",
            "appendfsync": "always",
        }
        lines = [f"{name} {value}\n" for name, value in settings.items()]
        (folder / "redis.conf").write_text("".join(lines))
        url = f"redis://:{password}@127.0.0.1:{port}/0"
        return Server([program, str(folder / "redis.conf")], folder, url, lambda: pings(url))

    server = started(make)
    try:
        yield server
    finally:
        server.stop()


def pings(url: str) -> bool:
    """Whether Redis answers, and to our password: another's server at the port would refuse it."""
    try:
        with Redis.from_url(url, retry=Retry(NoBackoff(), 0)) as client:
            return bool(client.ping())
    except RedisError:
        return False


def emptied(url: str) -> None:
    with Redis.from_url(url) as client:
        client.flushall()


def postgres_programs() -> Path:
    """The folder of the newest PostgreSQL; Debian keeps the servers out of the PATH."""
    found = sorted(POSTGRES_FOLDERS.glob("*/bin/initdb"), key=lambda path: float(path.parts[-3]))
    if found:
        return found[-1].parent
    return Path(shutil.which("initdb") or missing("postgresql")).parent


@contextmanager
def postgres_at(folder: Path) -> Iterator[Server]:
    """A PostgreSQL server. It does not wait for the disk: a killed process loses nothing by that.

    `stop(signal.SIGQUIT)` ends it at once, as a crash would. It refuses to run as root: then it is
    the user `postgres`, who must be allowed into the folder.
    """
    programs = postgres_programs()
    user = "postgres" if os.geteuid() == 0 else None
    password = secrets.token_hex(16)
    secret = folder / "password"
    secret.write_text(password)
    if user is not None:
        shutil.chown(folder, user)
        shutil.chown(secret, user)
    subprocess.run(
        [programs / "initdb", "-D", folder / "data", f"--pwfile={secret}", "--no-sync", *INITDB],
        cwd=folder,
        user=user,
        check=True,
        capture_output=True,
    )

    def make(port: int) -> Server:
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": port,
            "unix_socket_directories": "",
            "fsync": "off",
            "shared_buffers": "32MB",
        }
        command = [str(programs / "postgres"), "-D", str(folder / "data")]
        command += [f"--{name}={value}" for name, value in settings.items()]
        url = f"postgresql://postgres:{password}@127.0.0.1:{port}/postgres"
        return Server(command, folder, url, lambda: connects(url), user)

    server = started(make)
    try:
        yield server
    finally:
        server.stop(signal.SIGINT)


def connects(url: str) -> bool:
    """Whether PostgreSQL answers, and to our password."""
    try:
        psycopg.connect(url).close()
    except psycopg.OperationalError:
        return False
    return True


@pytest.fixture(scope="session")
def redis_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One Redis for the whole run; a test that stops or pauses one takes `own_redis`."""
    with redis_at(tmp_path_factory.mktemp("redis")) as server:
        yield server


@pytest.fixture
def redis_url(redis_server: Server) -> str:
    """Address of an empty Redis."""
    emptied(redis_server.url)
    return redis_server.url


@pytest.fixture
def own_redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A Redis of the test's own, which keeps everything when it is killed."""
    with redis_at(tmp_path_factory.mktemp("redis"), keeps=True) as server:
        yield server


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Server]:
    """One PostgreSQL for the whole run."""
    # Not a folder of pytest's: those are closed to the user that the server runs as.
    with tempfile.TemporaryDirectory() as folder, postgres_at(Path(folder)) as server:
        yield server


@pytest.fixture
def postgres_url(postgres_server: Server) -> Iterator[str]:
    """SQLAlchemy address of an empty database of the test's own."""
    name = f"test_{secrets.token_hex(6)}"
    with psycopg.connect(postgres_server.url, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        address = postgres_server.url.removesuffix("/postgres")
        yield f"{address.replace('postgresql', 'postgresql+psycopg', 1)}/{name}"
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def listens(port: int) -> bool:
    """Whether somebody listens on a port of loopback."""
    with socket.socket() as knock:
        return knock.connect_ex(("127.0.0.1", port)) == 0
