"""A clock that stands still until a test moves it, and one that is off."""

from datetime import UTC, datetime, timedelta

from server.core.clock import SystemClock


class FakeClock:
    """Starts at a fixed moment; `advance` moves it."""

    def __init__(self, start: datetime | None = None) -> None:
        self._now = start or datetime(2026, 11, 20, 8, 0, tzinfo=UTC)

    def now(self) -> datetime:
        return self._now

    def advance(self, **amount: float) -> None:
        self._now += timedelta(**amount)


class WrongClock:
    """The clock of a machine that is off by so much."""

    def __init__(self, by: timedelta) -> None:
        self._by = by

    def now(self) -> datetime:
        return SystemClock().now() + self._by
