"""A limit on how often one key may ask, within one process."""

from threading import Lock

_KEYS_HELD = 10_000


class Pace:
    """A bucket per key: `burst` at once, refilled by `per_second`."""

    def __init__(self, *, burst: int, per_second: float) -> None:
        self._burst = burst
        self._per_second = per_second
        self._levels: dict[str, tuple[float, float]] = {}
        self._lock = Lock()

    def allows(self, key: str, now: float) -> bool:
        """Whether `key` may ask at `now` (seconds, any origin); counts the asking."""
        with self._lock:
            level, since = self._levels.get(key, (float(self._burst), now))
            level = min(self._burst, level + (now - since) * self._per_second)
            allowed = level >= 1
            self._levels[key] = (level - 1 if allowed else level, now)
            if len(self._levels) > _KEYS_HELD:
                self._drop_full(now)
            return allowed

    def _drop_full(self, now: float) -> None:
        seconds_to_full = self._burst / self._per_second
        self._levels = {
            key: held for key, held in self._levels.items() if now - held[1] < seconds_to_full
        }
