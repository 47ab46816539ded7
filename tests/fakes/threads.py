"""Many callers at once."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any


def together(acts: Sequence[Callable[[], Any]]) -> list[Any]:
    """Start each act in a thread of its own at one moment; what it returned, or its error."""
    gate = threading.Barrier(len(acts))

    def outcome(act: Callable[[], Any]) -> Any:
        gate.wait(10)
        try:
            return act()
        except Exception as error:
            return error

    with ThreadPoolExecutor(len(acts)) as threads:
        return list(threads.map(outcome, acts))


def at_once(act: Callable[[], object]) -> None:
    """What goes on aside is done before the answer, so that a test can see it."""
    act()
