"""What the browser that shows the QR may do, by its page token."""

from dataclasses import replace
from datetime import datetime
from time import monotonic
from typing import Final

from qr_session import frames as qr_frames
from qr_session import keys, moves, tickets
from qr_session.codes import Code, Purpose
from qr_session.engine import Engine, Move, require_page
from qr_session.errors import (
    OpenTokenExpired,
    OpenTokenRefused,
    PageTokenRefused,
    SlowDown,
    TicketRefused,
)
from qr_session.frames import Frame
from qr_session.pace import Pace
from qr_session.session import QrSession, State, require_open
from qr_session.views import PageView, Watch
from qr_session.waits import Waits

_LONGEST_WAIT: Final = 25.0
_REREAD_SECONDS: Final = 1.0
_MOST_FRAMES: Final = 30


class PageSide(Engine):
    """The page's moves and its ways to watch."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self._waits = Waits()
        self._polls = Pace(burst=10, per_second=1)
        self.bus.subscribe(self._waits.wake)

    def open_page(self, session_id: str, open_token: str) -> str:
        """Exchange the open token, once and within its life, for a new page token.

        A browser that held the session before loses it. Raises OpenTokenRefused, OpenTokenExpired,
        or what ended the session.
        """
        page_token = keys.new_secret()

        def bind(session: QrSession, now: datetime) -> QrSession:
            kept = session.secrets
            if not keys.matches(open_token, kept.open) or kept.open_until is None:
                raise OpenTokenRefused
            if now >= kept.open_until:
                raise OpenTokenExpired
            require_open(session)
            held = replace(kept, page=keys.hashed(page_token), open="", open_until=None)
            return session.changed(secrets=held)

        self._move(session_id, bind)
        return page_token

    def view(self, session_id: str, page_token: str) -> PageView:
        """The snapshot that the page shows; raises PageTokenRefused, SessionUnknown."""
        now = self.clock.now()
        session = self._read(session_id, now)
        require_page(session, page_token)
        return self._view(session, now)

    def wait(
        self, session_id: str, page_token: str, *, after: int, seconds: float = _LONGEST_WAIT
    ) -> PageView:
        """Long poll: the snapshot as soon as its `seq` is past `after`, or after `seconds`.

        Re-reads every second as well, so that lost news delays and never loses a state. Raises
        SlowDown when asked faster than once a second for long.
        """
        until = monotonic() + min(seconds, _LONGEST_WAIT)
        # The place is taken before the first reading, so that no news falls between the two.
        with self._waits.place(session_id) as news:
            view = self.view(session_id, page_token)
            # Counted after the token was proved: a stranger must not use up the page's pace.
            if not self._polls.allows(session_id, view.as_of.timestamp()):
                raise SlowDown
            while news is not None and view.seq <= after and (left := until - monotonic()) > 0:
                news.wait(min(left, _REREAD_SECONDS))
                news.clear()
                view = self.view(session_id, page_token)
        return view

    def watch_ticket(self, session_id: str, page_token: str, *, holder: str = "") -> str:
        """A stateless ticket of 60 s, by which a websocket proves that the page token was held.

        `holder`: the browser that it is good in; without one it is good in any.
        """
        now = self.clock.now()
        session = self._read(session_id, now)
        require_page(session, page_token)
        return tickets.issue(
            self._ticket_key,
            tickets.Kind.WATCH,
            (session_id, session.page_mark),
            holder=holder,
            until=now + self.lives.watch_ticket,
        )

    def watch(self, ticket: str, *, holder: str = "") -> Watch:
        """The proof behind a watch ticket; raises TicketRefused, TicketExpired."""
        try:
            session_id, mark = self._read_watch(ticket, holder)
        except TicketRefused:
            session_id, mark = self._read_watch(ticket, "")
        return Watch(session_id, mark)

    def snapshot(self, watch: Watch) -> PageView:
        """`view` for an adapter; raises PageTokenRefused once another browser took the page."""
        now = self.clock.now()
        return self._view(self._watched(watch, now), now)

    def frames_for(self, watch: Watch, *, count: int = 10) -> list[Frame]:
        """`frames` for an adapter; raises like `snapshot`."""
        now = self.clock.now()
        return self._frames(self._watched(watch, now), now, count)

    def frames(self, session_id: str, page_token: str, *, count: int = 10) -> list[Frame]:
        """The frame that shows now and those that follow, none after the deadline.

        An empty list unless the session is pending: a scanned session hides its QR.
        """
        now = self.clock.now()
        session = self._read(session_id, now)
        require_page(session, page_token)
        return self._frames(session, now, count)

    def refresh(self, session_id: str, page_token: str) -> PageView:
        """A new generation of frames before the old one expires, at most 4 times.

        Raises NoRefreshesLeft; WrongState once a phone has scanned.
        """
        return self._page_move(
            session_id, page_token, lambda s, now: moves.refresh(s, now, self.lives)
        )

    def use_another_phone(self, session_id: str, page_token: str) -> PageView:
        """Take a scanned session back from its phone, at most twice; then it expires."""
        return self._page_move(
            session_id, page_token, lambda s, now: moves.use_another_phone(s, now, self.lives)
        )

    def cancel_by_page(self, session_id: str, page_token: str) -> PageView:
        """The page gives up; final, and repeatable."""
        return self._page_move(
            session_id,
            page_token,
            lambda s, now: moves.end(s, State.CANCELLED, Code.CANCELLED_BY_PAGE, now, self.lives),
        )

    def consume(
        self, session_id: str, page_token: str, *, purpose: Purpose = Purpose.SIGN
    ) -> QrSession:
        """The page takes the result of a confirmed session of this purpose, once.

        A login is taken so only by the application's own pages, after the person has agreed to the
        masked name; a partner's takes `login_code`. Raises WrongPurpose, AuthorizationPending
        before the phone confirmed, AlreadyConsumed the second time.
        """

        def take(session: QrSession, now: datetime) -> QrSession:
            moves.require_confirmed(session, purpose)
            return moves.consume(session, now, self.lives)

        return self._move(session_id, self._as_page(take, page_token))

    def login_code(self, session_id: str, page_token: str) -> str:
        """A code of 60 s by which the partner's back end takes a login, once; it replaces the last.

        The page calls it after the person has agreed to the masked name.
        """
        secret = keys.new_secret()

        def mint(session: QrSession, now: datetime) -> QrSession:
            moves.require_confirmed(session, Purpose.LOGIN)
            until = min(now + self.lives.login_code, session.ends_at)
            kept = replace(session.secrets, login=keys.hashed(secret), login_until=until)
            return session.changed(secrets=kept, deadline=max(until, session.deadline))

        self._move(session_id, self._as_page(mint, page_token))
        return session_id + secret

    def _page_move(self, session_id: str, page_token: str, move: Move) -> PageView:
        moved = self._move(session_id, self._as_page(move, page_token))
        return self._view(moved, self.clock.now())

    def _read_watch(self, ticket: str, holder: str) -> list[str]:
        now = self.clock.now()
        return tickets.read(self._ticket_key, tickets.Kind.WATCH, ticket, holder=holder, now=now)

    def _watched(self, watch: Watch, now: datetime) -> QrSession:
        session = self._read(watch.session_id, now)
        if not keys.same(watch.mark, session.page_mark):
            raise PageTokenRefused
        return session

    def _frames(self, session: QrSession, now: datetime, count: int) -> list[Frame]:
        if session.state is not State.PENDING:
            return []
        key = qr_frames.frame_key(self._root_key, session.id, session.generation)
        length = self.lives.frame_step
        first = qr_frames.step_at(now, session.created_at, length)
        shown: list[Frame] = []
        for step in range(first, first + min(count, _MOST_FRAMES)):
            shows_at = session.created_at + (step - 1) * length
            if shows_at >= session.deadline:
                break
            token = qr_frames.build(key, session_id=session.id, step=step, purpose=session.purpose)
            shown.append(Frame(f"{self.base_url}/q/{token}", shows_at, shows_at + length))
        return shown
