"""The tree of errors: what happened, as a stable code with a sentence and a next step."""

from typing import ClassVar

from qr_session.codes import Code, Purpose
from qr_session.wording import Pair, words, words_on_phone


class QrSessionError(Exception):
    """Anything the library refuses. An application maps the seven direct subclasses to answers.

    `code` is stable; `message` and `next_step` are (zh, en). Never holds a token or a code.
    """

    code: ClassVar[Code]

    def __str__(self) -> str:
        return self.code

    @property
    def message(self) -> Pair:
        return words(self.code).message

    @property
    def next_step(self) -> Pair:
        return words(self.code).next_step


class Invalid(QrSessionError):
    """The input cannot be read."""


class Forbidden(QrSessionError):
    """The caller is not the one who may do this."""


class NotFound(QrSessionError):
    """There is no such session, or its readable time has passed."""


class Conflict(QrSessionError):
    """The state forbids it."""


class Gone(QrSessionError):
    """Its time has passed."""


class TooMany(QrSessionError):
    """A stated limit was passed."""


class Unavailable(QrSessionError):
    """Nothing was changed; trying again helps."""


class NotASigningCode(Invalid):
    """The text is not our address or token."""

    code = Code.NOT_A_CODE


class FrameForged(Invalid):
    """The token's MAC was not made by this server for this session and purpose."""

    code = Code.FRAME_FORGED


class TextTooLong(Invalid):
    """The text does not fit the fixed QR version."""

    code = Code.TEXT_TOO_LONG


class FrameStale(Gone):
    """The frame is older than allowed, or of an earlier generation."""

    code = Code.FRAME_STALE


class ForwardedPicture(Forbidden):
    """The client says the code came from an album or a long press."""

    code = Code.FORWARDED_PICTURE


class UserCodeRefused(NotFound):
    """Not the letters that a waiting page shows now; it is not told whether they ever were."""

    code = Code.USER_CODE_REFUSED


class SessionUnknown(NotFound):
    """No such session, or it ended longer ago than its readable time."""

    code = Code.SESSION_UNKNOWN


class WrongSigner(Forbidden):
    """The session names another signer; its state stays."""

    code = Code.WRONG_SIGNER


class AlreadyScanned(Forbidden):
    """Another phone owns the session."""

    code = Code.ALREADY_SCANNED


class PageTokenRefused(Forbidden):
    """The page token is not the one bound to this session."""

    code = Code.PAGE_TOKEN_REFUSED


class OpenTokenRefused(Forbidden):
    """The open token is unknown, replaced or used."""

    code = Code.OPEN_TOKEN_REFUSED


class OpenTokenExpired(Gone):
    """The open token came too late."""

    code = Code.OPEN_TOKEN_EXPIRED


class TicketRefused(Forbidden):
    """The ticket was not made here, or for another holder."""

    code = Code.TICKET_REFUSED


class TicketExpired(Gone):
    """The ticket came too late, or its phone was replaced."""

    code = Code.TICKET_EXPIRED


class LoginCodeRefused(Forbidden):
    """The login code is unknown, used or too old."""

    code = Code.LOGIN_CODE_REFUSED


class WrongState(Conflict):
    """The move is not allowed from the present state."""

    code = Code.WRONG_STATE


class AuthorizationPending(WrongState):
    """The phone has not confirmed yet (RFC 8628)."""

    code = Code.AUTHORIZATION_PENDING


class WrongPurpose(Conflict):
    """A login move on a signing session, or the reverse."""

    code = Code.WRONG_PURPOSE


class AlreadyConsumed(Conflict):
    """The result was taken, which happens once."""

    code = Code.ALREADY_CONSUMED


class ReferenceNeeded(Conflict):
    """Confirmed before the reference code was picked."""

    code = Code.REFERENCE_NEEDED


class WrongReference(Conflict):
    """The wrong one of three was picked; the session has ended by it."""

    code = Code.WRONG_REFERENCE

    @property
    def next_step(self) -> Pair:
        """What the phone can do, which alone is told of it by an error."""
        return words_on_phone(self.code, Purpose.SIGN).next_step


class NoRefreshesLeft(Conflict):
    """The page has used all its refreshes."""

    code = Code.NO_REFRESHES_LEFT


class SlowDown(TooMany):
    """Polled too fast (RFC 8628)."""

    code = Code.SLOW_DOWN


class Busy(Unavailable):
    """Other moves kept winning the compare-and-set, or the process holds all the pages it can."""

    code = Code.BUSY


class StoreAway(Unavailable):
    """The store is down, still loading, full, or did not answer in time."""

    code = Code.TEMPORARILY_UNAVAILABLE


class _Ended(QrSessionError):
    """The session is over; `hint` says how, and gives the sentence."""

    def __init__(self, hint: Code) -> None:
        super().__init__(hint)
        self.hint = hint

    @property
    def message(self) -> Pair:
        return words(self.hint).message

    @property
    def next_step(self) -> Pair:
        return words(self.hint).next_step


class SessionEnded(_Ended, Conflict):
    """Declined, cancelled or failed (RFC 8628's `access_denied`)."""

    code = Code.ACCESS_DENIED


class SessionExpired(_Ended, Gone):
    """A stored deadline has passed (RFC 8628's `expired_token`)."""

    code = Code.EXPIRED_TOKEN
