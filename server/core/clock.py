"""The one clock: everything that asks for the time is given one of these."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

# Where people read their dates.
CHINA = ZoneInfo("Asia/Shanghai")


def in_china(at: datetime) -> datetime:
    """The same moment on a Chinese wall clock (UTC+8).

    The last hours of the year 9999, which say "no end" (RFC 5280 4.1.2.5), stay as they are: the
    calendar has none behind them.
    """
    try:
        return at.astimezone(CHINA)
    except OverflowError:
        return at


class Clock(Protocol):
    """Tells the time as an aware UTC datetime."""

    def now(self) -> datetime: ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


# Where the system has it, the counter that runs on while a virtual machine is suspended.
_COUNTER = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)


def uptime() -> float:
    """Seconds on a counter that nobody can set."""
    return time.clock_gettime(_COUNTER)


class SteadyClock:
    """Runs on by the machine's uptime, so that setting the machine's clock moves no deadline.

    It starts at the machine's time. A database that several machines share sets it to its own
    (`Database`), so that all of them count by one clock.
    """

    def __init__(self, machine: Clock | None = None, uptime: Callable[[], float] = uptime) -> None:
        self._machine, self._uptime = machine or SystemClock(), uptime
        self._mark = (self._machine.now(), uptime())

    def now(self) -> datetime:
        at, since = self._mark
        return at + timedelta(seconds=self._uptime() - since)

    def set(self, at: datetime) -> None:
        """Go on from this time."""
        self._mark = (at, self._uptime())

    @property
    def age(self) -> float:
        """Seconds since it was set, or made."""
        return self._uptime() - self._mark[1]

    @property
    def machine_is_ahead(self) -> timedelta:
        """By how much the machine's own clock is ahead of this one; what an alarm watches."""
        return self._machine.now() - self.now()
