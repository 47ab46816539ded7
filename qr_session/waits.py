"""Threads that wait for news of a session: who waits, and how many may."""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Lock

from qr_session.bus import EVERYTHING

_PER_SESSION = 3
_IN_ALL = 12


class Waits:
    """The long polls of this process. Beyond a number they are answered at once instead."""

    def __init__(self) -> None:
        self._events: defaultdict[str, set[Event]] = defaultdict(set)
        self._held = 0
        self._lock = Lock()

    def wake(self, session_id: str, _seq: int) -> None:
        """News came: let those who wait for this session look again; after an outage, all."""
        with self._lock:
            ids = tuple(self._events) if session_id == EVERYTHING else (session_id,)
            events = [event for each in ids for event in self._events.get(each, ())]
        for event in events:
            event.set()

    @contextmanager
    def place(self, session_id: str) -> Iterator[Event | None]:
        """An event that news will set, or None when all places are taken."""
        event = Event()
        if not self._take(session_id, event):
            yield None
            return
        try:
            yield event
        finally:
            self._give_back(session_id, event)

    def _take(self, session_id: str, event: Event) -> bool:
        with self._lock:
            if self._held >= _IN_ALL or len(self._events.get(session_id, ())) >= _PER_SESSION:
                return False
            self._events[session_id].add(event)
            self._held += 1
            return True

    def _give_back(self, session_id: str, event: Event) -> None:
        with self._lock:
            self._held -= 1
            self._events[session_id].discard(event)
            if not self._events[session_id]:
                del self._events[session_id]
