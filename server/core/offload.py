"""Where heavy work is done: stretching a PIN or a password takes 64 MiB and a tenth of a second.

Two at once in a process, so that a flood of them waits rather than exhausts the memory. A server
that serves everybody with one thread has it done by others, which its composition root names.
"""

from collections.abc import Callable
from threading import BoundedSemaphore
from typing import Any, Final, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

AT_ONCE: Final = 2

Elsewhere = Callable[[Callable[..., Any], tuple[Any, ...], dict[str, Any]], Any]
"""Calls a function with these arguments in another thread, and returns or raises what it does."""


class HeavyWork:
    """The heavy work of one process; safe to share between threads."""

    def __init__(self) -> None:
        self._turns = BoundedSemaphore(AT_ONCE)
        self._elsewhere: Elsewhere | None = None

    def do(self, work: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Call `work`, which gives up the interpreter lock, when it is its turn."""
        with self._turns:
            if self._elsewhere is None:
                return work(*args, **kwargs)
            done: T = self._elsewhere(work, args, kwargs)
            return done

    def have_it_done(self, elsewhere: Elsewhere) -> None:
        """From now on by other threads; by the caller's own before."""
        self._elsewhere = elsewhere


heavy: Final = HeavyWork()
"""One for the process, because the bound is one of the process."""
