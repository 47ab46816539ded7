"""Waiting for what other threads and servers do: until it is true, not for a guessed time."""

from collections.abc import Callable
from threading import Event
from time import monotonic


def within(seconds: float, check: Callable[[], bool]) -> bool:
    """Whether `check()` became true in that time; looks every 10 ms."""
    until = monotonic() + seconds
    while not (true := check()) and monotonic() < until:
        Event().wait(0.01)
    return true
