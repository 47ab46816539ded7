"""Reading and moving a session: the one compare-and-set that every transition goes through."""

from collections.abc import Callable
from dataclasses import KW_ONLY, dataclass, field
from datetime import datetime

from qr_session import keys, user_code
from qr_session.bus import Bus
from qr_session.clock import Clock
from qr_session.codes import Purpose
from qr_session.errors import Busy, PageTokenRefused, QrSessionError, SessionUnknown
from qr_session.lives import Lives
from qr_session.reference import choices
from qr_session.session import QrSession, at_time
from qr_session.store import Store
from qr_session.views import PageView, page_view

Move = Callable[[QrSession, datetime], QrSession]

# Each lost race means that another move won, and a session has few moves in its life.
_TRIES = 50


@dataclass(eq=False, repr=False)
class Engine:
    """What the page's, the phone's and the application's side share.

    `master_key`: at least 32 bytes, the same in every process. `base_url`: scheme and host of the
    addresses inside the QR, without a slash at the end. `user_code_for`: sessions of these purposes
    have letters that can be typed instead. Whoever shows a page can dictate its letters to somebody
    by telephone, so they are for what can be undone.
    """

    store: Store
    bus: Bus
    _: KW_ONLY
    clock: Clock
    master_key: bytes
    base_url: str
    lives: Lives = field(default_factory=Lives)
    user_code_for: frozenset[Purpose] = frozenset({Purpose.LOGIN})

    def __post_init__(self) -> None:
        self.base_url = self.base_url.rstrip("/")
        self._root_key = keys.root_key(self.master_key)
        self._ticket_key = keys.expand(self._root_key, b"ticket")

    def peek(self, session_id: str) -> QrSession:
        """The session as it is now, for the application's own decisions; asks no credential."""
        return self._read(session_id, self.clock.now())

    def _read(self, session_id: str, now: datetime) -> QrSession:
        return self._present(self._stored(session_id), now)

    def _stored(self, session_id: str) -> QrSession:
        # Ids come from addresses and bodies: text that is no id must not trouble the store.
        stored = self.store.get(session_id) if session_id.isascii() else None
        if stored is None:
            raise SessionUnknown
        return stored

    def _present(self, stored: QrSession, now: datetime) -> QrSession:
        session = at_time(stored, now, self.lives)
        if not session.is_open and now >= session.forget_at:
            raise SessionUnknown
        return session

    def _move(self, session_id: str, move: Move) -> QrSession:
        """Apply `move` to the present session, write it by compare-and-set, tell the watchers.

        A race that was lost is tried again from the new state, where the move may be refused.
        """
        for _ in range(_TRIES):
            now = self.clock.now()
            stored = self._stored(session_id)
            present = self._present(stored, now)
            try:
                moved = move(present, now)
            except QrSessionError:
                self._write(stored, present)
                raise
            if self._write(stored, moved):
                return moved
        raise Busy

    def _write(self, stored: QrSession, moved: QrSession) -> bool:
        if moved is stored:
            return True
        if not self.store.swap(stored, moved):
            return False
        self.bus.publish(moved.id, moved.seq)
        return True

    def _as_page(self, move: Move, page_token: str) -> Move:
        """`move`, for the holder of the page token only."""

        def checked(session: QrSession, now: datetime) -> QrSession:
            require_page(session, page_token)
            return move(session, now)

        return checked

    def _view(self, session: QrSession, now: datetime) -> PageView:
        right, _ = choices(self._root_key, session)
        letters = user_code.shown(self._root_key, session.id, session.generation)
        return page_view(
            session, reference_code=right, user_code=letters, now=now, lives=self.lives
        )


def require_page(session: QrSession, page_token: str) -> None:
    """Raise unless `page_token` is the one bound to the session."""
    if not keys.matches(page_token, session.secrets.page):
        raise PageTokenRefused
