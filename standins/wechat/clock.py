"""The one clock of the stand-in, which tests move."""

import time
from collections.abc import Callable


def machine() -> float:
    """Seconds since 1970 by the machine's clock."""
    return time.clock_gettime(time.CLOCK_REALTIME)


class Clock:
    """Seconds since 1970; `shift` moves it."""

    def __init__(self, source: Callable[[], float] = machine) -> None:
        self._source = source
        self.shift = 0.0

    def now(self) -> float:
        return self._source() + self.shift
