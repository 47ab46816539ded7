"""The moves of a session, pure: a session and the time in, the next session out, or an error.

A move that changes nothing returns the very object it was given. Conditions: qr-session.md,
"States".
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final

from qr_session.codes import Code, Purpose
from qr_session.errors import (
    AlreadyScanned,
    AuthorizationPending,
    NoRefreshesLeft,
    ReferenceNeeded,
    WrongPurpose,
    WrongState,
)
from qr_session.lives import Lives
from qr_session.session import FOLLOWERS, Phone, QrSession, State, require_open

_WORTH_A_WRITE: Final = timedelta(seconds=5)


def require_phone(session: QrSession, account: str) -> None:
    """Raise unless `account` is the phone that scanned."""
    if session.phone is None:
        require_open(session)
        raise WrongState
    if session.phone.account != account:
        raise AlreadyScanned


def require_open_phone(session: QrSession, account: str) -> None:
    """Raise unless `account` scanned and the session is still open."""
    require_phone(session, account)
    require_open(session)


def scan(session: QrSession, phone: Phone, now: datetime, lives: Lives) -> QrSession:
    """The first phone takes a pending session; the same phone may repeat it."""
    require_open(session)
    if session.phone is not None:
        require_phone(session, phone.account)
        return session
    return session.changed(
        state=State.SCANNED,
        hint=Code.SCANNED,
        phone=phone,
        scanned_at=now,
        deadline=min(now + lives.scanned, session.ends_at),
    )


def is_for_others(session: QrSession, known_as: Collection[str]) -> bool:
    """Whether it waits for a named signer who is called nothing in `known_as`."""
    waits = session.state is State.PENDING and session.named_signer is not None
    return waits and session.named_signer not in known_as


def note_wrong_signer(session: QrSession) -> QrSession:
    """Tell the page, once, that somebody else has tried; the state stays."""
    if session.hint is Code.WRONG_SIGNER:
        return session
    return session.changed(hint=Code.WRONG_SIGNER)


def extend(session: QrSession, account: str, now: datetime, lives: Lives) -> QrSession:
    """Activity on the phone's preview keeps a scanned session, up to a fixed end."""
    require_open_phone(session, account)
    if session.state is not State.SCANNED or session.scanned_at is None:
        return session
    longest = min(session.scanned_at + lives.scanned_at_most, session.ends_at)
    deadline = min(now + lives.scanned, longest)
    # A preview reports every page that is turned; a moment gained is not worth a write.
    if deadline - session.deadline < _WORTH_A_WRITE:
        return session
    return session.changed(deadline=deadline)


def accept_reference(session: QrSession, account: str) -> QrSession:
    """The right pick opens the way to the PIN."""
    require_open_phone(session, account)
    if session.reference_ok:
        return session
    return session.changed(reference_ok=True, hint=Code.ENTER_PIN)


def note_wrong_pin(session: QrSession, account: str) -> QrSession:
    """Tell the page that a PIN was wrong; the state stays."""
    require_open_phone(session, account)
    if session.state is not State.SCANNED:
        raise WrongState
    return session.changed(hint=Code.PIN_WRONG)


def confirm(session: QrSession, account: str, now: datetime, lives: Lives) -> QrSession:
    """The phone that scanned, having picked the reference code, confirms; repeatable."""
    require_phone(session, account)
    if session.state in (State.CONFIRMED, State.CONSUMED):
        return session
    require_open(session)
    if not session.reference_ok:
        raise ReferenceNeeded
    return session.changed(
        state=State.CONFIRMED,
        hint=Code.CONFIRMED,
        deadline=min(now + lives.confirmed, session.ends_at),
    )


def require_confirmed(session: QrSession, purpose: Purpose) -> None:
    """Raise unless the session serves `purpose` and its result can be taken now."""
    if session.purpose is not purpose:
        raise WrongPurpose
    require_open(session)
    if session.state is not State.CONFIRMED:
        raise AuthorizationPending


def consume(session: QrSession, now: datetime, lives: Lives) -> QrSession:
    """Take the result of a confirmed session, once."""
    require_confirmed(session, session.purpose)
    return session.ended(State.CONSUMED, Code.CONSUMED, at=now, lives=lives)


def refresh(session: QrSession, now: datetime, lives: Lives) -> QrSession:
    """A new generation of frames and a new deadline for a session nobody has scanned."""
    require_open(session)
    if session.state is not State.PENDING:
        raise WrongState
    if session.refreshes >= lives.refreshes:
        raise NoRefreshesLeft
    return session.changed(
        hint=Code.OUTSTANDING,
        generation=session.generation + 1,
        refreshes=session.refreshes + 1,
        deadline=min(now + lives.pending, session.ends_at),
    )


def take_on_this_device(session: QrSession, now: datetime, lives: Lives) -> QrSession:
    """The page's own browser goes on as the phone: what the page showed dies with the page.

    It cannot refresh while it is away, so it has as long as a scan that is not lost by logging in.
    That is a refresh; where none is left, the code that shows and its time stay as they are.
    """
    require_open(session)
    if session.state is State.SCANNED:
        return session
    if session.state is not State.PENDING:
        raise WrongState
    if session.refreshes >= lives.refreshes:
        return session
    return session.changed(
        generation=session.generation + 1,
        refreshes=session.refreshes + 1,
        deadline=min(now + lives.resolve_ticket, session.ends_at),
    )


def use_another_phone(session: QrSession, now: datetime, lives: Lives) -> QrSession:
    """The page gives the code back; the third time the session expires."""
    require_open(session)
    if session.state is not State.SCANNED:
        raise WrongState
    return session.reopened(at=now, lives=lives)


def end(session: QrSession, state: State, hint: Code, now: datetime, lives: Lives) -> QrSession:
    """Decline, cancel or fail; repeating the same end changes nothing."""
    if session.state is state:
        return session
    require_open(session)
    if state not in FOLLOWERS[session.state]:
        raise WrongState
    return session.ended(state, hint, at=now, lives=lives)


def annotate(session: QrSession, progress: str, now: datetime, lives: Lives) -> QrSession:
    """Note the application's progress on a consumed session, and keep it readable from now on."""
    if session.state is not State.CONSUMED:
        require_open(session)
        raise AuthorizationPending
    if session.progress == progress:
        return session
    return session.changed(progress=progress, forget_at=now + lives.followed)
