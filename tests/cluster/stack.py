"""The product as several machines run it: nginx, two web processes, a worker, Redis, PostgreSQL."""

import os
import shutil
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from time import monotonic

import psycopg

from qr_session import InProcessBus, QrSessionService
from qr_session.redis_store import RedisStore
from server.core.clock import SystemClock
from server.providers.sms.console import ConsoleSms
from tests import services
from tests.services import Server

ROOT = Path(__file__).parents[2]
START_SECONDS = 60
STOP_SECONDS = 20


@dataclass
class Program:
    """One of our programs in a session of its own, so that it can be killed with its children."""

    command: list[str]
    environment: dict[str, str]
    log: Path
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command,
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def stop(self, by: signal.Signals = signal.SIGTERM) -> float:
        """Send the signal and wait for the end; the seconds that it took."""
        assert self.process is not None
        begun = monotonic()
        if self.process.poll() is None:
            if by is signal.SIGKILL:
                os.killpg(self.process.pid, by)
            else:
                self.process.send_signal(by)
            self.process.wait(STOP_SECONDS)
        return monotonic() - begun

    def children(self) -> list[int]:
        """The processes that it has started: gunicorn's worker."""
        assert self.process is not None
        pid = self.process.pid
        return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


@dataclass
class Cluster:
    """The running product; `base` is nginx, `ports` are those of the web processes behind it."""

    base: str
    ports: tuple[int, int]
    data: Path
    redis: Server
    postgres: Server
    webs: list[Program]
    environment: dict[str, str]

    @property
    def key(self) -> str:
        """The demo partner's API key."""
        return (self.data / "partner.key").read_text()

    @property
    def sms(self) -> ConsoleSms:
        return ConsoleSms(self.data / "outbox", SystemClock())

    @contextmanager
    def sessions(self) -> Iterator[QrSessionService]:
        """The QR sessions, as one more process sees them: the store itself tells the others."""
        clock = SystemClock()
        key = bytes.fromhex((self.data / "secrets" / "guiyin_master_key").read_text())
        with closing(RedisStore(self.redis.url, clock=clock)) as store:
            yield QrSessionService(
                store, InProcessBus(), clock=clock, master_key=key, base_url=self.base
            )

    def work(self) -> None:
        """Wait until the worker has done all that is due."""
        left = "SELECT count(*) FROM jobs WHERE state IN ('queued', 'running')"
        with psycopg.connect(self.postgres.url, autocommit=True) as connection:
            until = monotonic() + START_SECONDS
            while connection.execute(left).fetchone() != (0,):
                assert monotonic() < until, "the worker does not get its jobs done"
                Event().wait(0.05)

    def direct(self, web: int) -> str:
        """The address of one web process, past nginx."""
        return f"http://127.0.0.1:{self.ports[web]}"

    def figure(self, web: int, name: str) -> int:
        """The sum of what one web process says under a name in its figures."""
        with urllib.request.urlopen(f"{self.direct(web)}/metrics", timeout=5) as answer:
            lines = answer.read().decode().splitlines()
        return int(sum(float(one.rsplit(" ", 1)[1]) for one in lines if one.startswith(name)))

    def waiting_pages(self, web: int) -> int:
        """How many pages one web process holds."""
        return self.figure(web, "guiyin_waiting_pages")

    def start_web(self, web: int) -> None:
        """Start one web process and wait until nginx has found it again."""
        self.webs[web].start()
        wait_until_ready(self.direct(web), self.webs[web])
        livez = 'guiyin_request_seconds_count{endpoint="health.livez"'
        until = monotonic() + START_SECONDS
        while self.figure(web, livez) == 0:
            assert monotonic() < until, "nginx does not send it anything"
            urllib.request.urlopen(f"{self.base}/livez", timeout=5).close()


def wait_until_ready(address: str, program: Program) -> None:
    until = monotonic() + START_SECONDS
    while not _is_ready(address):
        assert program.process is not None
        assert program.process.poll() is None, program.log.read_text()[-2000:]
        assert monotonic() < until, f"{address} did not get ready"
        Event().wait(0.1)


def _is_ready(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/readyz", timeout=2) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


@contextmanager
def cluster_at(folder: Path) -> Iterator[Cluster]:
    """All of it in a folder that the servers' own users may enter; ended at the end."""
    for name in ("redis", "postgres"):
        (folder / name).mkdir()
    with ExitStack() as running:
        redis = running.enter_context(services.redis_at(folder / "redis", keeps=True))
        postgres = running.enter_context(services.postgres_at(folder / "postgres"))
        ports = [services.free_port() for _ in range(3)]
        base = f"http://127.0.0.1:{ports[0]}"
        environment = environment_of(folder / "data", base, redis.url, postgres.url)
        _prepare(folder / "data", environment)
        webs = [_web(port, environment, folder) for port in ports[1:]]
        worker = Program([sys.executable, "-m", "server.worker"], environment, folder / "log.txt")
        front = front_of(folder / "nginx", ports, folder / "log.txt")
        for program in (worker, *webs, front):
            program.start()
            running.callback(program.stop)
        for port, web in zip(ports[1:], webs, strict=True):
            wait_until_ready(f"http://127.0.0.1:{port}", web)
        wait_until_ready(base, front)
        data, both = folder / "data", (ports[1], ports[2])
        yield Cluster(base, both, data, redis, postgres, webs, environment)


def environment_of(data: Path, base: str, redis: str, postgres: str) -> dict[str, str]:
    """The settings of every process, in the development profile; nothing of the caller's own."""
    inherited = {key: one for key, one in os.environ.items() if not key.startswith("GUIYIN_")}
    return {
        **inherited,
        "GUIYIN_DATA_DIR": str(data),
        "GUIYIN_SECRETS_DIR": str(data / "secrets"),
        "GUIYIN_PUBLIC_URL": base,
        "GUIYIN_DEMO_PARTNER_URL": "http://127.0.0.1:8322",
        "GUIYIN_REDIS_URL": redis,
        "GUIYIN_QR_STORE": "redis",
        "GUIYIN_DATABASE_URL": postgres.replace("postgresql", "postgresql+psycopg", 1),
        "GUIYIN_TRUSTED_HOPS": "1",
        # All the tests come from one address.
        "GUIYIN_REQUESTS_PER_MINUTE": "100000",
    }


def _prepare(data: Path, environment: dict[str, str]) -> None:
    steps = (
        ["server.cli", "make-secrets", str(data / "secrets")],
        ["alembic", "upgrade", "head"],
        ["server.cli", "seed", "--key-file", str(data / "partner.key")],
    )
    for step in steps:
        command = [sys.executable, "-m", *step]
        subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True)


def _web(port: int, environment: dict[str, str], folder: Path) -> Program:
    config = str(ROOT / "deploy" / "gunicorn_production.py")
    command = [sys.executable, "-m", "gunicorn", "--config", config]
    command += ["--bind", f"127.0.0.1:{port}", "wsgi:app"]
    return Program(command, environment, folder / f"web-{port}.txt")


def front_of(folder: Path, ports: list[int], log: Path) -> Program:
    """nginx with the very file that is deployed, on our ports: its own, then those behind it."""
    nginx = shutil.which("nginx") or services.missing("nginx")
    folder.mkdir()
    text = (ROOT / "deploy" / "nginx.conf").read_text()
    for deployed, ours in zip(("8000", "8001", "8002"), ports, strict=True):
        assert f"127.0.0.1:{deployed}" in text
        text = text.replace(f"127.0.0.1:{deployed}", f"127.0.0.1:{ours}")
    (folder / "nginx.conf").write_text(text)
    command = [nginx, "-p", str(folder), "-c", "nginx.conf", "-g", "daemon off;"]
    return Program(command, dict(os.environ), log)
