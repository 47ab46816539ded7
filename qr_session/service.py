"""QrSessionService: the whole library behind one door; this file holds the application's side."""

from dataclasses import replace
from datetime import datetime

from qr_session import frames, keys, moves, user_code
from qr_session.codes import Code, Purpose
from qr_session.errors import LoginCodeRefused, SessionUnknown
from qr_session.page_side import PageSide
from qr_session.same_device import SameDevice
from qr_session.session import QrSession, Secrets, State, require_open
from qr_session.views import Created

_ID_LENGTH = 16


class QrSessionService(PageSide, SameDevice):
    """Sessions from creation to their end; every method is safe to call from any process.

    The page's methods ask for its page token, the phone's for the account that scanned; those in
    this file trust their caller, who has checked the partner, the administrator or the job.
    """

    def create(
        self,
        *,
        purpose: Purpose,
        subject: str,
        named_signer: str | None = None,
        page_token: str | None = None,
    ) -> Created:
        """A new pending session for `subject`, the application's own name of what is asked.

        `named_signer`: only the phone of this account, or of somebody `known_as` this, may scan.
        `page_token`: of the browser that asks for the session, or held an earlier one; it holds
        this one, and no open token is made.
        """
        now = self.clock.now()
        ends_at = now + self.lives.in_all
        open_token = None if page_token else keys.new_secret()
        session_id, user_codes = self._names(purpose)
        session = QrSession(
            id=session_id,
            purpose=purpose,
            subject=subject,
            created_at=now,
            deadline=now + self.lives.pending,
            ends_at=ends_at,
            forget_at=ends_at + self.lives.readable,
            named_signer=named_signer,
            user_codes=user_codes,
            secrets=self._first_secrets(open_token, page_token or "", now),
        )
        self.store.add(session)
        return Created(session.id, open_token, session.deadline)

    def new_open_token(self, session_id: str) -> str:
        """Another open token, for an idempotent replay of creation; the earlier one dies."""
        open_token = keys.new_secret()

        def offer(session: QrSession, now: datetime) -> QrSession:
            require_open(session)
            until = now + self.lives.open_token
            kept = replace(session.secrets, open=keys.hashed(open_token), open_until=until)
            return session.changed(secrets=kept)

        self._move(session_id, offer)
        return open_token

    def cancel(self, session_id: str, *, hint: Code) -> QrSession:
        """Cancelled by a partner, an administrator, a suspended seal or a revoked grant; final."""
        return self._end(session_id, State.CANCELLED, hint)

    def fail(self, session_id: str, *, hint: Code) -> QrSession:
        """Ended by a failed verification, such as `pin_locked`; final."""
        return self._end(session_id, State.FAILED, hint)

    def redeem_login_code(self, code: str) -> QrSession:
        """The partner's back end takes a login, once; the session holds the phone's account.

        Raises LoginCodeRefused for a code that is unknown, used, replaced or too old.
        """
        session_id, secret = code[:_ID_LENGTH], code[_ID_LENGTH:]

        def take(session: QrSession, now: datetime) -> QrSession:
            kept = session.secrets
            in_time = kept.login_until is not None and now < kept.login_until
            if not keys.matches(secret, kept.login) or not in_time:
                raise LoginCodeRefused
            taken = moves.consume(session, now, self.lives)
            return replace(taken, secrets=replace(kept, login="", login_until=None))

        try:
            return self._move(session_id, take)
        except SessionUnknown:
            raise LoginCodeRefused from None

    def annotate(self, session_id: str, progress: str) -> QrSession:
        """Note the application's own progress word on a consumed session and tell its watchers."""
        return self._move(session_id, lambda s, now: moves.annotate(s, progress, now, self.lives))

    def sweep(self) -> int:
        """Drop what is past its readable time; returns how many. Call it once a minute or so."""
        return self.store.forget(self.clock.now())

    def _names(self, purpose: Purpose) -> tuple[str, tuple[str, ...]]:
        """A new id and its typed codes, of which no other session has any."""
        generations = 1 + self.lives.refreshes + self.lives.other_phones
        while True:
            session_id = frames.new_session_id()
            if purpose not in self.user_code_for:
                return session_id, ()
            codes = user_code.digests(self._root_key, session_id, generations)
            if not any(self.store.by_user_code(code) for code in codes):
                return session_id, codes

    def _first_secrets(self, open_token: str | None, page_token: str, now: datetime) -> Secrets:
        if open_token is not None:
            return Secrets(open=keys.hashed(open_token), open_until=now + self.lives.open_token)
        return Secrets(page=keys.hashed(page_token))

    def _end(self, session_id: str, state: State, hint: Code) -> QrSession:
        return self._move(session_id, lambda s, now: moves.end(s, state, hint, now, self.lives))
