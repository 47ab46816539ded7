"""What the phone may do: bring a code, scan, pick the reference code, confirm or decline."""

from collections.abc import Collection
from datetime import datetime
from typing import Final

from qr_session import frames as qr_frames
from qr_session import keys, moves, tickets, user_code
from qr_session.codes import Code
from qr_session.engine import Engine
from qr_session.errors import (
    AlreadyScanned,
    ForwardedPicture,
    FrameForged,
    FrameStale,
    TicketExpired,
    TicketRefused,
    UserCodeRefused,
    WrongReference,
    WrongSigner,
)
from qr_session.reference import choices
from qr_session.session import Phone, QrSession, State, at_time, require_open
from qr_session.views import Resolved

# The scenes in which WeChat opened a code from the album or by a long press.
_FORWARDED_SCENES: Final = frozenset({1012, 1013, 1048, 1049})


class PhoneSide(Engine):
    """The phone's moves; `account` is the application's id of the logged-in phone."""

    def resolve(
        self,
        text_or_token: str,
        *,
        holder: str,
        account: str | None = None,
        photo_taken_at: datetime | None = None,
        launch_scene: int | None = None,
    ) -> Resolved:
        """Judge a code at the moment the server first sees it; changes no state.

        `holder`: the browser id or account that the ticket will be bound to. `account`: who is
        logged in there, if anybody, so that a phone may open its own code again. `photo_taken_at`:
        given when the code came as a picture, which gets 20 s instead of three steps, however the
        client dates it. Raises NotASigningCode, SessionUnknown, FrameForged, FrameStale,
        ForwardedPicture, AlreadyScanned, or what ended the session.
        """
        token = qr_frames.read(self._token_of(text_or_token))
        now = self.clock.now()
        session = self._read(token.session_id, now)
        self._require_genuine(session, token)
        if launch_scene in _FORWARDED_SCENES:
            raise ForwardedPicture
        require_open(session)
        if session.phone is not None and session.phone.account not in (holder, account):
            raise AlreadyScanned
        self._require_fresh(session, token, now, photo_taken_at)
        return self._resolved(session, holder, now)

    def resolve_user_code(self, typed: str, *, holder: str) -> Resolved:
        """`resolve` for letters that were typed; they say nothing of how old they are.

        They are good while the page shows them: until a phone has scanned, the page has a new code,
        or the session has ended. The application counts the tries before it asks. Raises
        UserCodeRefused, whatever the reason.
        """
        given, now = user_code.digest(self._root_key, typed), self.clock.now()
        found = self.store.by_user_code(given)
        session = None if found is None else at_time(found, now, self.lives)
        if session is None or not keys.same(session.user_code, given):
            raise UserCodeRefused
        return self._resolved(session, holder, now)

    def scan(
        self,
        ticket: str,
        *,
        holder: str,
        phone: Phone,
        session_id: str | None = None,
        known_as: Collection[str] = (),
    ) -> QrSession:
        """Take the session for `phone`: the only move from pending to scanned, the first wins.

        `session_id`: the one that the caller speaks of; the ticket of another is refused.
        `known_as`: by what names beside its account a named signer may have been meant.

        Raises TicketRefused, TicketExpired, AlreadyScanned, WrongSigner (the state stays, the page
        is told that somebody tried), or what ended the session. The same phone may repeat it.
        """
        names = {phone.account, *known_as}
        resolved_id, turn = tickets.read(
            self._ticket_key, tickets.Kind.RESOLVE, ticket, holder=holder, now=self.clock.now()
        )
        if session_id not in (None, resolved_id):
            raise TicketRefused

        def take(session: QrSession, now: datetime) -> QrSession:
            # A refreshed code is the same turn; a phone that was sent away must scan again.
            if str(session.other_phones) != turn:
                raise TicketExpired
            if moves.is_for_others(session, names):
                return moves.note_wrong_signer(session)
            return moves.scan(session, phone, now, self.lives)

        session = self._move(resolved_id, take)
        if session.phone is None:
            raise WrongSigner
        return session

    def as_phone(self, session_id: str, account: str) -> QrSession:
        """The session, if `account` scanned it and it is still open.

        Raises AlreadyScanned for any other account, WrongState before a scan, or what ended it.
        """
        session = self.peek(session_id)
        moves.require_open_phone(session, account)
        return session

    def extend(self, session_id: str, account: str) -> QrSession:
        """Activity on the phone's preview: 180 s from now, at most 300 s after the scan."""
        return self._move(session_id, lambda s, now: moves.extend(s, account, now, self.lives))

    def reference_choices(self, session_id: str, account: str) -> list[str]:
        """Three codes of two digits, one of them on the page, in an order that stays."""
        _, three = choices(self._root_key, self.as_phone(session_id, account))
        return three

    def check_reference(self, session_id: str, account: str, code: str) -> QrSession:
        """Record the pick; a wrong one ends the session and raises WrongReference."""

        def pick(session: QrSession, now: datetime) -> QrSession:
            accepted = moves.accept_reference(session, account)
            right, _ = choices(self._root_key, session)
            if keys.same(code, right):
                return accepted
            return moves.end(session, State.FAILED, Code.WRONG_REFERENCE, now, self.lives)

        session = self._move(session_id, pick)
        if session.state is State.FAILED:
            raise WrongReference
        return session

    def note_wrong_pin(self, session_id: str, account: str) -> QrSession:
        """Tell the page of a wrong PIN; the application counts them and calls `fail`."""
        return self._move(session_id, lambda s, _: moves.note_wrong_pin(s, account))

    def confirm(self, session_id: str, account: str) -> QrSession:
        """The application has verified the phone's person; repeatable by the same phone.

        Raises ReferenceNeeded, AlreadyScanned, WrongState, or what ended the session.
        """
        return self._move(session_id, lambda s, now: moves.confirm(s, account, now, self.lives))

    def decline(
        self, session_id: str, account: str, *, not_started_by_me: bool = False
    ) -> QrSession:
        """The phone refuses; final. Raising an alert is the application's part."""
        hint = Code.NOT_STARTED_BY_ME if not_started_by_me else Code.USER_DECLINED

        def refuse(session: QrSession, now: datetime) -> QrSession:
            moves.require_phone(session, account)
            return moves.end(session, State.DECLINED, hint, now, self.lives)

        return self._move(session_id, refuse)

    def _resolved(self, session: QrSession, holder: str, now: datetime) -> Resolved:
        ticket = tickets.issue(
            self._ticket_key,
            tickets.Kind.RESOLVE,
            (session.id, str(session.other_phones)),
            holder=holder,
            until=now + self.lives.resolve_ticket,
        )
        return Resolved(session.id, session.purpose, session.subject, ticket)

    def _token_of(self, text: str) -> str:
        """Our own address or the bare token (a `scene`); any other text stays what it is."""
        return text.strip().removeprefix(f"{self.base_url}/q/")

    def _require_genuine(self, session: QrSession, token: qr_frames.Token) -> None:
        for generation in range(session.generation, -1, -1):
            key = qr_frames.frame_key(self._root_key, session.id, generation)
            if qr_frames.is_genuine(token, key, session.purpose):
                if generation != session.generation:
                    raise FrameStale
                return
        raise FrameForged

    def _require_fresh(
        self,
        session: QrSession,
        token: qr_frames.Token,
        now: datetime,
        photo_taken_at: datetime | None,
    ) -> None:
        length, grace = self.lives.frame_step, self.lives.photo_grace
        late = self.lives.frame_steps_late
        if photo_taken_at is not None:
            late = grace // length
            if now - photo_taken_at > grace:
                raise FrameStale
        age = qr_frames.step_at(now, session.created_at, length) - token.step
        # A page may be one step ahead of us; frames pushed for later must not be used early.
        # Step 0, the static code, is off.
        if not -1 <= age <= late or token.step == 0:
            raise FrameStale
