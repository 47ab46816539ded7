"""PostgreSQL stopped at once in the middle of many sealings, and started again."""

import signal
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from time import monotonic

import pytest
from sqlalchemy import func, select

from server.core.jobs import Job, Runner
from server.signing.jobs import Sealer
from server.worker import handlers
from tests.factories.product import LI, Product
from tests.fakes.clock import FakeClock
from tests.faults.ledger import check_ended
from tests.faults.mortal import SEAL
from tests.services import Server, postgres_at

SEALINGS, WORKERS = 20, 3
LEASE = timedelta(seconds=2)
PATIENCE_S = 40


@pytest.fixture
def server() -> Iterator[Server]:
    """A PostgreSQL of the test's own, in a folder that its user may enter."""
    with tempfile.TemporaryDirectory() as folder, postgres_at(Path(folder)) as own:
        yield own


@pytest.fixture
def database(server: Server) -> str:
    return server.url.replace("postgresql", "postgresql+psycopg", 1)


@dataclass
class Disaster:
    """Stops the server when a step is passed for the n-th time; workers get no word of it."""

    server: Server
    step: str
    left: int
    struck: threading.Event = field(default_factory=threading.Event)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self, step: str) -> None:
        with self._lock:
            if step == self.step and not self.struck.is_set():
                self.left -= 1
                if not self.left:
                    self.server.stop(signal.SIGQUIT)
                    self.struck.set()


@contextmanager
def at_work(runner: Runner) -> Iterator[None]:
    """Workers, each in a thread of its own, until the end of the block."""
    stop = threading.Event()
    workers = [threading.Thread(target=runner.run_until, args=(stop,)) for _ in range(WORKERS)]
    for worker in workers:
        worker.start()
    try:
        yield
    finally:
        stop.set()
        for worker in workers:
            worker.join(PATIENCE_S)


def open_jobs(product: Product) -> int:
    with product.parts.db.read() as uow:
        waiting = select(func.count()).where(Job.kind == SEAL, Job.state != "done")
        return uow.session.scalar(waiting) or 0


@pytest.mark.row("R-02")
@pytest.mark.parametrize("step", ["taken_up", "before_commit"])
def test_sealings_go_on_when_postgresql_was_stopped_at_once(
    product: Product, clock: FakeClock, server: Server, step: str
) -> None:
    for signing in [product.signing(person=LI) for _ in range(SEALINGS)]:
        signing.start_sealing()
    disaster = Disaster(server, step, SEALINGS // 3)
    sealer = handlers(product.parts)[SEAL]
    assert isinstance(sealer, Sealer)
    sealer = replace(sealer, step=disaster)

    with at_work(Runner(product.parts.db, {SEAL: sealer}, lease=LEASE)):
        assert disaster.struck.wait(PATIENCE_S)
        server.start()
        until = monotonic() + PATIENCE_S
        while open_jobs(product) and monotonic() < until:
            clock.advance(seconds=1)
            threading.Event().wait(0.2)

    check_ended(product, SEALINGS)
