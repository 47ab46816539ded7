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
from select import select
from time import monotonic
from typing import Any, ParamSpec, TypeVar

from sqlalchemy.orm import configure_mappers

from server.assembly import assemble
from server.core.jobs import Claim, Runner
from server.pki.durable import Disk
from server.providers.keys.local import LocalKeys
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
    """One worker's life: do what is due, and die at a step of sealing, or after so many seconds.

    With a `poison` it dies whenever a file is opened that holds it.
    """

    settings: Settings
    clock: FakeClock
    step: str = ""
    seconds: float | None = None
    poison: bytes = b""


@dataclass(frozen=True)
class OpenRoom:
    """In place of the sandbox: runs in the worker itself, as its children need a second each."""

    poison: bytes

    def run(self, function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        if self.poison and isinstance(args[0], bytes) and self.poison in args[0]:
            os.kill(os.getpid(), signal.SIGKILL)
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
    """Asks the process that forks the workers; `seconds` is how long the last one lived."""

    pipe: Connection
    seconds: float = 0.0

    def bear(self, order: Order) -> bool:
        """Let one worker live; whether it was killed."""
        self.pipe.send(order)
        assert self.pipe.poll(30), "the worker neither ended nor died"
        status, self.seconds = self.pipe.recv()
        assert status in (0, signal.SIGKILL), f"the worker ended by {status}"
        return bool(status == signal.SIGKILL)


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


def _one_life(order: Order) -> tuple[int, float]:
    """Fork a worker and kill it in time: the signal that ended it (0: none), its seconds of work.

    One that ends before its kill is not waited for: its end of the pipe closes.
    """
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
    begun = monotonic()
    if order.seconds is not None:
        select([reader], [], [], order.seconds)
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    os.close(reader)
    return status, monotonic() - begun


def _work(order: Order, say_begun: Callable[[], object]) -> None:
    def die(step: str) -> None:
        if step == order.step:
            os.kill(os.getpid(), signal.SIGKILL)

    parts = assemble(order.settings, order.clock)
    outside = replace(
        parts.providers,
        keys=LocalKeys(order.settings.data_dir / "keys", order.clock, calls_per_minute=10_000),
        storage=LocalStorage(order.settings.data_dir / "blobs", FatalDisk(die)),
        tsa=EventfulTsa(parts.providers.tsa, lambda: die(AT_TIME_STAMP)),
    )
    room: Any = OpenRoom(order.poison)
    parts = replace(parts, sandbox=room, providers=outside)
    kinds = handlers(parts)
    sealer: Any = kinds[SEAL]
    assert isinstance(sealer, Sealer)
    sealer = replace(sealer, step=die)

    def seal(job: Claim) -> None:
        die("claimed")
        sealer(job)
        die(AT_FINISH)

    say_begun()
    Runner(parts.db, {**kinds, SEAL: seal}, lease=LEASE).run_all()
