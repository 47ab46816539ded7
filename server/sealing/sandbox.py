"""Child processes, limited in memory, CPU and time, in which every foreign file is opened."""

import ctypes
import logging
import multiprocessing
import os
import pickle
import resource
from collections.abc import Callable
from concurrent.futures import CancelledError
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from threading import Lock
from typing import Any, ParamSpec, TypeVar, cast

from pebble import ProcessExpired, ProcessPool

from server.core.errors import DomainError, Unavailable
from server.sealing.errors import PdfTooComplex
from server.sealing.lending import lent, returned

P = ParamSpec("P")
T = TypeVar("T")

WARM_MODULES = (
    "server.sealing.checks",
    "server.sealing.inspection",
    "server.sealing.pdf_revision",
    "server.sealing.pictures",
    "server.sealing.reader",
    "server.sealing.skeleton",
)
TASKS_PER_CHILD = 64
PATIENCE = 10  # wall times that a call waits in the queue before the pool is taken for dead
CLONE_NEWUSER, CLONE_NEWNET = 0x10000000, 0x40000000
PR_SET_DUMPABLE, PR_SET_NO_NEW_PRIVS = 4, 38


class SandboxDown(Unavailable):
    """The child processes could not be started or were ended from outside."""

    code = "sandbox_down"


@dataclass(frozen=True)
class _Refused:
    """A domain error on its way home: exceptions with keyword arguments do not pickle."""

    error: type[DomainError]
    details: dict[str, Any]


class Sandbox:
    """A pool of warmed children; safe to share between threads.

    `memory_mb` is what one file may take on top of the warmed child, `cpu_s` and `wall_s` what
    one call may take. Children are started afresh (never forked), so they inherit no keys, no
    open files, no environment; they write no files and, where the system permits, see no network.
    """

    def __init__(
        self, *, memory_mb: int = 400, cpu_s: int = 20, wall_s: float = 30, workers: int = 2
    ) -> None:
        self._memory_mb = memory_mb
        self._cpu_s = cpu_s
        self._wall_s = wall_s
        self._workers = workers
        self._lock = Lock()
        self._pool: ProcessPool | None = None

    def run(self, function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Call a module-level function in a child; arguments and result are pickled.

        Raises what the function raises when that is a domain error; PdfTooComplex when the child
        ran out of memory or time or crashed; SandboxDown when no child can be had.
        """
        with lent(args) as handed:
            task = partial(_limited, self._cpu_s, function, *handed, **kwargs)
            outcome = self._outcome(task)
        if isinstance(outcome, _Refused):
            raise outcome.error(**outcome.details)
        return cast(T, outcome)

    def _outcome(self, task: Callable[[], Any]) -> Any:
        try:
            future = self._live_pool().schedule(task, timeout=self._wall_s)
        except RuntimeError as error:
            raise SandboxDown from error
        try:
            outcome = future.result(timeout=self._wall_s * PATIENCE)
        except (TimeoutError, ProcessExpired, MemoryError, RecursionError) as error:
            if future.done():
                raise PdfTooComplex from error
            self.close()  # no child took the task: the pool hangs, the next call makes another
            raise SandboxDown from error
        except (BrokenProcessPool, CancelledError) as error:
            raise SandboxDown from error
        return pickle.loads(outcome)  # noqa: S301  (what our own child has written)

    def warm(self) -> None:
        """Start the children now, so that the first file does not wait for them."""
        self.run(os.getpid)

    def close(self) -> None:
        """End the children; calls under way fail."""
        with self._lock:
            pool, self._pool = self._pool, None
        if pool is not None:
            pool.stop()  # type: ignore[no-untyped-call]
            pool.join()

    def __enter__(self) -> "Sandbox":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _live_pool(self) -> ProcessPool:
        with self._lock:
            # An idle child that is killed from outside breaks the whole pool: make another.
            if self._pool is not None and not self._pool.active:
                self._pool.stop()  # type: ignore[no-untyped-call]
                self._pool = None
            if self._pool is None:
                self._pool = ProcessPool(
                    max_workers=self._workers,
                    max_tasks=TASKS_PER_CHILD,
                    initializer=_confine,
                    initargs=(self._memory_mb,),
                    context=multiprocessing.get_context("spawn"),
                )
            return self._pool


def _confine(memory_mb: int) -> None:
    """Warm the child, then take away what it does not need."""
    _forget_environment()
    for module in WARM_MODULES:
        import_module(module)
    logging.disable()  # parsers log what stands in the file, which is nobody's business
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)
    libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    # Not every system permits this; then the unit file or the container has to do it.
    libc.unshare(CLONE_NEWUSER | CLONE_NEWNET)
    limit = _address_space() + memory_mb * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _forget_environment() -> None:
    """Secrets may have come by the environment, which a child can also read from its own stack."""
    os.environ.clear()
    with open("/proc/self/stat", "rb") as stat:
        fields = stat.read().rpartition(b")")[2].split()
    start, end = int(fields[47]), int(fields[48])  # env_start, env_end: fields 50 and 51 of proc(5)
    ctypes.memset(start, 0, end - start)


def _address_space() -> int:
    with open("/proc/self/statm", "rb") as statm:
        return int(statm.read().split()[0]) * resource.getpagesize()


def _limited(cpu_s: int, function: Callable[..., Any], *args: Any, **kwargs: Any) -> bytes:
    """Run in the child: the CPU limit counts from here, as a child serves many files.

    What comes out is pickled here, as one thing that cannot be read at home would otherwise break
    the whole pool, and with it the files of others.
    """
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(used.ru_utime + used.ru_stime) + 1 + cpu_s
    resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.RLIM_INFINITY))
    try:
        outcome = function(*returned(args), **kwargs)
    except DomainError as error:
        outcome = _Refused(type(error), error.details)
    except (MemoryError, RecursionError):
        raise
    except Exception as error:
        if _travels(error):
            raise
        raise RuntimeError(f"{type(error).__name__}: {error}") from None
    return pickle.dumps(outcome)


def _travels(error: Exception) -> bool:
    try:
        pickle.loads(pickle.dumps(error))  # noqa: S301  (what was written the moment before)
    except Exception:
        return False
    return True
