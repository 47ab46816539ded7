"""A QR session as a value: its states, which may follow which, and what deadlines do."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from qr_session.codes import Code, Purpose
from qr_session.errors import AlreadyConsumed, SessionEnded, SessionExpired
from qr_session.lives import Lives


class State(StrEnum):
    """Where a session stands."""

    PENDING = "pending"
    SCANNED = "scanned"
    CONFIRMED = "confirmed"
    CONSUMED = "consumed"
    DECLINED = "declined"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    FAILED = "failed"


class Status(StrEnum):
    """What an outsider needs to know of a state."""

    PENDING = "pending"
    COMPLETE = "complete"
    FAILED = "failed"


OPEN: Final = frozenset({State.PENDING, State.SCANNED, State.CONFIRMED})
_ENDS_EARLY: Final = frozenset({State.CANCELLED, State.EXPIRED, State.FAILED})

FOLLOWERS: Final[dict[State, frozenset[State]]] = {
    State.PENDING: _ENDS_EARLY | {State.SCANNED},
    State.SCANNED: _ENDS_EARLY | {State.PENDING, State.CONFIRMED, State.DECLINED},
    State.CONFIRMED: _ENDS_EARLY | {State.CONSUMED, State.DECLINED},
    State.CONSUMED: frozenset(),
    State.DECLINED: frozenset(),
    State.CANCELLED: frozenset(),
    State.EXPIRED: frozenset(),
    State.FAILED: frozenset(),
}
"""Which state may follow which (qr-session.md, "States")."""


@dataclass(frozen=True, slots=True)
class Phone:
    """The phone account that scanned: `account` is the application's id, `name` is masked."""

    account: str
    name: str


@dataclass(frozen=True, slots=True)
class Secrets:
    """SHA-256 of what others hold; empty means nobody holds one."""

    page: str = ""
    open: str = ""
    open_until: datetime | None = None
    login: str = ""
    login_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class QrSession:
    """One session. `seq` grows by every change; (state, seq) is what a store compares.

    `deadline` ends the present state, `ends_at` the whole; `forget_at` is when a store may drop it.
    `subject` is the application's own name for what is logged in to or signed. `user_codes` are the
    keyed digests of the letters that may be typed, one for each generation; none without letters.
    """

    id: str
    purpose: Purpose
    subject: str
    created_at: datetime
    deadline: datetime
    ends_at: datetime
    forget_at: datetime
    state: State = State.PENDING
    seq: int = 1
    generation: int = 0
    hint: Code = Code.OUTSTANDING
    progress: str = ""
    phone: Phone | None = None
    scanned_at: datetime | None = None
    reference_ok: bool = False
    named_signer: str | None = None
    refreshes: int = 0
    other_phones: int = 0
    user_codes: tuple[str, ...] = ()
    secrets: Secrets = field(default_factory=Secrets, repr=False)

    @property
    def status(self) -> Status:
        """The three-valued status: complete means consumed, never "sealed"."""
        if self.state in OPEN:
            return Status.PENDING
        return Status.COMPLETE if self.state is State.CONSUMED else Status.FAILED

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def user_code(self) -> str:
        """The digest of the letters that count now; empty when there are none."""
        if self.state is not State.PENDING or self.generation >= len(self.user_codes):
            return ""
        return self.user_codes[self.generation]

    @property
    def page_mark(self) -> str:
        """Names the browser that holds the page, without saying anything of its token."""
        return self.secrets.page[:16]

    def changed(self, **changes: Any) -> "QrSession":
        """A copy with `changes` and the next `seq`."""
        return replace(self, seq=self.seq + 1, **changes)

    def ended(self, state: State, hint: Code, *, at: datetime, lives: Lives) -> "QrSession":
        """A copy that ended `at` that moment and can be read a while longer."""
        followed = state is State.CONSUMED and self.purpose is Purpose.SIGN
        stays = lives.followed if followed else lives.readable
        return self.changed(state=state, hint=hint, deadline=at, forget_at=at + stays)

    def reopened(self, *, at: datetime, lives: Lives) -> "QrSession":
        """Give the code back to any phone, or end when that was done too often.

        Both the page's "use another phone" and a scanned session's deadline come here.
        """
        if self.other_phones >= lives.other_phones or at >= self.ends_at:
            return self.ended(State.EXPIRED, Code.EXPIRED_UNCONFIRMED, at=at, lives=lives)
        return self.changed(
            state=State.PENDING,
            hint=Code.OUTSTANDING,
            generation=self.generation + 1,
            other_phones=self.other_phones + 1,
            phone=None,
            scanned_at=None,
            reference_ok=False,
            deadline=min(at + lives.pending, self.ends_at),
        )


def at_time(session: QrSession, now: datetime, lives: Lives) -> QrSession:
    """What the stored session is at `now`, by its deadlines alone; the same object if unchanged.

    Every reader computes the same answer, so a lapse need not be written to be true.
    """
    while session.is_open and now >= session.deadline:
        session = _after_deadline(session, lives)
    return session


def _after_deadline(session: QrSession, lives: Lives) -> QrSession:
    at = session.deadline
    if session.state is State.SCANNED:
        return session.reopened(at=at, lives=lives)
    unscanned = session.state is State.PENDING
    hint = Code.EXPIRED_UNSCANNED if unscanned else Code.EXPIRED_UNCONSUMED
    return session.ended(State.EXPIRED, hint, at=at, lives=lives)


def require_open(session: QrSession) -> None:
    """Raise AlreadyConsumed, SessionExpired or SessionEnded unless the session is open."""
    if session.state is State.CONSUMED:
        raise AlreadyConsumed
    if session.state is State.EXPIRED:
        raise SessionExpired(session.hint)
    if not session.is_open:
        raise SessionEnded(session.hint)
