"""The page is open on the phone itself: its own browser takes the code, and proves that it is it.

A person cannot scan his own screen. What a scan shows across two devices, that the phone and the
page are in one pair of hands, the page token shows here: a browser that holds it is the page. The
proof is bound to that browser's own name and to the page token of the moment, and no address
carries it, so it cannot be passed on to anybody else (docs/decisions/0017).
"""

from datetime import datetime

from qr_session import moves, tickets
from qr_session.engine import require_page
from qr_session.errors import SessionUnknown, TicketExpired, TicketRefused
from qr_session.phone_side import PhoneSide
from qr_session.session import QrSession
from qr_session.views import OnThisDevice


class SameDevice(PhoneSide):
    """What the page's browser may do as the phone; `holder` is that browser's own secret name."""

    def take_on_this_device(self, session_id: str, page_token: str, *, holder: str) -> OnThisDevice:
        """The page goes and its browser scans instead; the frames that it showed are over.

        While scanned it gives the browser its way back to the phone's side, and moves nothing.
        Raises PageTokenRefused, WrongState, or what ended the session.
        """

        def take(session: QrSession, now: datetime) -> QrSession:
            require_page(session, page_token)
            return moves.take_on_this_device(session, now, self.lives)

        session = self._move(session_id, take)
        return OnThisDevice(
            session_id=session.id,
            ticket=self._resolved(session, holder, self.clock.now()).ticket,
            proof=tickets.issue(
                self._ticket_key,
                tickets.Kind.PAGE_BROWSER,
                (session.id, session.page_mark),
                holder=holder,
                until=session.ends_at,
            ),
        )

    def page_of_this_browser(self, session_id: str, proof: str, *, holder: str) -> str | None:
        """The session's `subject`, if this very browser shows its page; None otherwise."""
        try:
            session = self.peek(session_id)
            self._require_proof(session, proof, holder)
        except (SessionUnknown, TicketRefused, TicketExpired):
            return None
        return session.subject

    def accept_page_browser(
        self, session_id: str, account: str, proof: str, *, holder: str
    ) -> QrSession:
        """The proof stands in for the reference code, which compares two screens.

        Raises TicketRefused, TicketExpired, AlreadyScanned, WrongState, or what ended the session.
        """

        def accept(session: QrSession, now: datetime) -> QrSession:
            accepted = moves.accept_reference(session, account)
            self._require_proof(session, proof, holder)
            return accepted

        return self._move(session_id, accept)

    def _require_proof(self, session: QrSession, proof: str, holder: str) -> None:
        now, kind = self.clock.now(), tickets.Kind.PAGE_BROWSER
        fields = tickets.read(self._ticket_key, kind, proof, holder=holder, now=now)
        # Another browser may have taken the page since: then this one shows nothing any more.
        if fields != [session.id, session.page_mark]:
            raise TicketRefused
