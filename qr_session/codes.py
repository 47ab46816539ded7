"""The words both sides of the wire use: purposes and the one list of error and hint codes."""

from enum import StrEnum


class Purpose(StrEnum):
    """What the phone is asked for."""

    LOGIN = "login"
    SIGN = "sign"


class Code(StrEnum):
    """Every error code and every hint code. The list may grow.

    `slow_down`, `authorization_pending`, `access_denied` and `expired_token` are the words of
    RFC 8628 section 3.5, with its meaning.
    """

    # Hints while a session is open.
    OUTSTANDING = "outstanding"
    SCANNED = "scanned"
    ENTER_PIN = "enter_pin"
    PIN_WRONG = "pin_wrong"
    CONFIRMED = "confirmed"
    # Hints that say how a session ended.
    CONSUMED = "consumed"
    USER_DECLINED = "user_declined"
    NOT_STARTED_BY_ME = "not_started_by_me"
    CANCELLED_BY_PAGE = "cancelled_by_page"
    CANCELLED_BY_PARTNER = "cancelled_by_partner"
    CANCELLED_BY_ADMIN = "cancelled_by_admin"
    SEAL_SUSPENDED = "seal_suspended"
    GRANT_REVOKED = "grant_revoked"
    EXPIRED_UNSCANNED = "expired_unscanned"
    EXPIRED_UNCONFIRMED = "expired_unconfirmed"
    EXPIRED_UNCONSUMED = "expired_unconsumed"
    PIN_LOCKED = "pin_locked"
    VERIFICATION_FAILED = "verification_failed"
    WRONG_REFERENCE = "wrong_reference"
    # Errors: the code that was scanned.
    NOT_A_CODE = "not_a_code"
    FRAME_FORGED = "frame_forged"
    FRAME_STALE = "frame_stale"
    FORWARDED_PICTURE = "forwarded_picture"
    USER_CODE_REFUSED = "user_code_refused"
    # Errors: who may act.
    SESSION_UNKNOWN = "session_unknown"
    WRONG_SIGNER = "wrong_signer"
    ALREADY_SCANNED = "already_scanned"
    PAGE_TOKEN_REFUSED = "page_token_refused"  # noqa: S105 - a name
    OPEN_TOKEN_REFUSED = "open_token_refused"  # noqa: S105 - a name
    OPEN_TOKEN_EXPIRED = "open_token_expired"  # noqa: S105 - a name
    TICKET_REFUSED = "ticket_refused"
    TICKET_EXPIRED = "ticket_expired"
    LOGIN_CODE_REFUSED = "login_code_refused"
    # Errors: what the state forbids.
    AUTHORIZATION_PENDING = "authorization_pending"
    ACCESS_DENIED = "access_denied"
    EXPIRED_TOKEN = "expired_token"  # noqa: S105 - a name
    WRONG_STATE = "wrong_state"
    WRONG_PURPOSE = "wrong_purpose"
    ALREADY_CONSUMED = "already_consumed"
    REFERENCE_NEEDED = "reference_needed"
    NO_REFRESHES_LEFT = "no_refreshes_left"
    # Errors: load and limits.
    SLOW_DOWN = "slow_down"
    BUSY = "busy"
    TEMPORARILY_UNAVAILABLE = "temporarily_unavailable"
    TEXT_TOO_LONG = "text_too_long"
