"""Workers that are killed: forked from a warm mother, each dies by SIGKILL where it is told to.

The mother is a process of her own that holds no connection and no thread, so that her children
begin like a fresh worker, without the seconds that a fresh worker takes to import everything.
"""

import gc
import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from importlib import import_module
from multiprocessing.connection import Connection
from pathlib import Path
from threading import Event
from typing import Any, ParamSpec, TypeVar

from sqlalchemy.orm import configure_mappers

from server.assembly import assemble
from server.core import jobs
from server.pki.durable import Disk
from server.providers.storage.local import LocalStorage
from server.sealing.sandbox import WARM_MODULES
from server.settings import Settings
from server.signing.jobs import Sealer
from server.worker import handlers
from tests.fakes.clock import FakeClock
from tests.fakes.outside import EventfulTsa

P = ParamSpec("P")
T = TypeVar("T")
SEAL = "signing.seal_document"
LEASE = timedelta(seconds=2)
# In the order in which a sealing passes them; the others are told by `Sealer.step`.
AT_TIME_STAMP, AT_RENAME, AT_FINISH = "time_stamp", "renamed", "finished"
STEPS = (
    "claimed", "taken_up", AT_TIME_STAMP, "signed", AT_RENAME, "stored", "before_commit",
    "committed", AT_FINISH,
)  # fmt: skip


@dataclass(frozen=True)
class Order:
    """One worker's life: seal what is due, and die at a step, or after so many seconds of it."""

    settings: Settings
    clock: FakeClock
    step: str = ""
    seconds: float | None = None


class OpenRoom:
    """In place of the sandbox: runs in the worker itself, as its children need a second each."""

    def run(self, function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        return function(*args, **kwargs)


class FatalDisk(Disk):
    """Somebody dies before a written file gets its name."""

    def __init__(self, die: Callable[[str], None]) -> None:
        self._die = die

    def rename(self, source: Path, target: Path) -> None:
        self._die(AT_RENAME)
        super().rename(source, target)


@dataclass
class Mother:
    """Asks the process that forks the workers."""

    pipe: Connection

    def bear(self, order: Order) -> bool:
        """Let one worker live; whether it was killed."""
        self.pipe.send(order)
        assert self.pipe.poll(30), "the worker neither ended nor died"
        status: int = self.pipe.recv()
        assert status in (0, signal.SIGKILL), f"the worker ended by {status}"
        return status == signal.SIGKILL


@contextmanager
def warm_mother() -> Iterator[Mother]:
    """Start the mother; she has imported all that a worker needs by coming here."""
    context = multiprocessing.get_context("spawn")
    ours, hers = context.Pipe()
    process = context.Process(target=_bear_children, args=(hers,), daemon=True)
    process.start()
    hers.close()
    yield Mother(ours)
    ours.close()
    process.join(10)
    assert process.exitcode == 0


def _bear_children(pipe: Connection) -> None:
    configure_mappers()
    for module in ("sqlalchemy.dialects.postgresql.psycopg", *WARM_MODULES):
        import_module(module)
    gc.freeze()
    while True:
        try:
            order: Order = pipe.recv()
        except EOFError:
            return
        pipe.send(_one_life(order))


def _one_life(order: Order) -> int:
    """Fork a worker, kill it in time, and say by which signal it ended (0: by itself)."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            _work(order, lambda: os.write(writer, b"!"))
            code = 0
        finally:
            os._exit(code)
    os.close(writer)
    os.read(reader, 1)  # it has begun, or is dead already
    if order.seconds is not None:
        Event().wait(order.seconds)
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    os.close(reader)
    return status


def _work(order: Order, say_begun: Callable[[], object]) -> None:
    def die(step: str) -> None:
        if step == order.step:
            os.kill(os.getpid(), signal.SIGKILL)

    parts = assemble(order.settings, order.clock)
    outside = replace(
        parts.providers,
        storage=LocalStorage(order.settings.data_dir / "blobs", FatalDisk(die)),
        tsa=EventfulTsa(parts.providers.tsa, lambda: die(AT_TIME_STAMP)),
    )
    parts = replace(parts, sandbox=OpenRoom(), providers=outside)  # type: ignore[arg-type]
    sealer: Any = handlers(parts)[SEAL]
    assert isinstance(sealer, Sealer)
    sealer = replace(sealer, step=die)
    say_begun()
    while job := jobs.claim(parts.db, [SEAL], LEASE):
        die("claimed")
        sealer(job)
        die(AT_FINISH)
        jobs.finish(parts.db, job)
