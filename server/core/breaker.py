"""A circuit breaker: while a service fails, its callers are told so without waiting (R-09).

Our own, as the known library (pybreaker) holds its lock while a call runs: fifty callers of a
silent service would wait one after the other.
"""

import logging
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final, ParamSpec, TypeVar

from server.core.clock import Clock
from server.core.errors import DomainError, Unavailable

log = logging.getLogger(__name__)
P = ParamSpec("P")
T = TypeVar("T")

FAILURES: Final = 5
PAUSE: Final = timedelta(seconds=30)


class Breaker:
    """Opens after five failures in a row; half a minute later one call tries whether it may close.

    A failure is an Unavailable that concerns all callers. Every other DomainError is an answer of a
    service that is well, and any other error tells nothing of it. One breaker is for one process.
    """

    def __init__(self, name: str, clock: Clock, refusal: Callable[[], Unavailable]) -> None:
        self._name, self._clock, self._refusal = name, clock, refusal
        self._lock = threading.Lock()
        self._failures = 0
        self._opened_at: datetime | None = None
        self._is_tried = False

    def call(self, act: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """What `act` returns or raises; `refusal` without a call while the breaker is open."""
        is_trial = self._admit()
        failed: bool | None = None
        try:
            answer = act(*args, **kwargs)
            failed = False
        except DomainError as error:
            failed = isinstance(error, Unavailable) and error.concerns_all
            raise
        finally:
            self._learn(is_trial, failed)
        return answer

    def _admit(self) -> bool:
        """Whether this call is the one that tries; raises the refusal for all others."""
        with self._lock:
            if self._opened_at is None:
                return False
            if self._is_tried or self._clock.now() < self._opened_at + PAUSE:
                raise self._refusal()
            self._is_tried = True
            return True

    def _learn(self, is_trial: bool, failed: bool | None) -> None:
        with self._lock:
            if is_trial:
                self._is_tried = False
            elif self._opened_at is not None:
                return  # Begun before it opened: too old to say anything of now.
            if failed is None:
                return
            was_open = self._opened_at is not None
            self._failures = self._failures + 1 if failed else 0
            is_open = self._failures >= FAILURES
            self._opened_at = self._clock.now() if is_open else None
        if is_open:
            log.warning("breaker_opened", extra={"service": self._name})
        elif was_open:
            log.warning("breaker_closed", extra={"service": self._name})
