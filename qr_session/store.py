"""Where sessions are kept: the Store protocol, and the store of a single process."""

from datetime import datetime
from threading import Lock
from typing import Protocol

from qr_session.session import QrSession


class Store(Protocol):
    """Keeps sessions. Each call is atomic; a session is replaced whole or not at all."""

    def add(self, session: QrSession) -> None:
        """Keep a new session; its id is random and has never been used."""

    def get(self, session_id: str) -> QrSession | None:
        """The session as it was last written, or None."""

    def by_user_code(self, digest: str) -> QrSession | None:
        """The session that was added with `digest` among its `user_codes`, or None.

        Kept for as long as the session may be open, `ends_at`; which of its codes counts, and
        whether any does, is the caller's to judge.
        """

    def swap(self, old: QrSession, new: QrSession) -> bool:
        """Replace `old` by `new` if the stored (state, seq) is still that of `old`."""

    def forget(self, now: datetime) -> int:
        """Drop every session whose `forget_at` has come; returns how many."""


class MemoryStore:
    """Sessions in a dict: for tests, and for a server that is one process."""

    def __init__(self) -> None:
        self._sessions: dict[str, QrSession] = {}
        self._user_codes: dict[str, str] = {}
        self._lock = Lock()

    def add(self, session: QrSession) -> None:
        with self._lock:
            self._sessions[session.id] = session
            self._user_codes |= dict.fromkeys(session.user_codes, session.id)

    def get(self, session_id: str) -> QrSession | None:
        return self._sessions.get(session_id)

    def by_user_code(self, digest: str) -> QrSession | None:
        return self._sessions.get(self._user_codes.get(digest, ""))

    def swap(self, old: QrSession, new: QrSession) -> bool:
        with self._lock:
            stored = self._sessions.get(old.id)
            if stored is None or (stored.state, stored.seq) != (old.state, old.seq):
                return False
            self._sessions[old.id] = new
            return True

    def forget(self, now: datetime) -> int:
        with self._lock:
            past = [key for key, held in self._sessions.items() if now >= held.forget_at]
            for key in past:
                del self._sessions[key]
            self._user_codes = {
                digest: key
                for digest, key in self._user_codes.items()
                if key in self._sessions and now < self._sessions[key].ends_at
            }
            return len(past)
