"""What the service hands out: values for the page, the phone and the partner."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from qr_session.codes import Code, Purpose
from qr_session.lives import Lives
from qr_session.session import QrSession, State, Status
from qr_session.wording import words


@dataclass(frozen=True)
class Created:
    """A new session; `open_token` is None when the browser's own page token was bound."""

    id: str
    open_token: str | None
    expires_at: datetime


@dataclass(frozen=True)
class Resolved:
    """A code that was fresh when it came; `ticket` is good for one holder, for 3 minutes."""

    session_id: str
    purpose: Purpose
    subject: str
    ticket: str


@dataclass(frozen=True)
class OnThisDevice:
    """The page's own browser in the phone's place: a `ticket` as from a scan, and the `proof` that
    it is the page's browser, both good for that browser alone."""

    session_id: str
    ticket: str
    proof: str


@dataclass(frozen=True)
class Watch:
    """A proof that somebody held the page token: made only by `QrSessionService.watch`.

    `mark` changes when another browser takes the page, and ends the watching.
    """

    session_id: str
    mark: str


@dataclass(frozen=True)
class PageView:
    """A snapshot for the page. `as_of` is the server's time, so that a count-down needs no clock.

    The masked name shows from scanning on. The reference code shows only while the phone has it
    to pick, so a picture of the waiting page that is passed on does not carry it. The user code,
    if the session has one, shows until a phone has scanned.
    """

    id: str
    purpose: Purpose
    status: Status
    state: State
    hint: Code
    seq: int
    masked_name: str | None
    reference_code: str | None
    user_code: str | None
    progress: str
    expires_at: datetime
    as_of: datetime
    refreshes_left: int
    other_phones_left: int

    def as_dict(self) -> dict[str, Any]:
        """Ready for JSON: moments as ISO 8601, with the hint's sentence and next step."""
        said = words(self.hint)
        return {
            "id": self.id,
            "purpose": self.purpose.value,
            "status": self.status.value,
            "state": self.state.value,
            "hint_code": self.hint.value,
            "message": dict(zip(("zh", "en"), said.message, strict=True)),
            "next_step": dict(zip(("zh", "en"), said.next_step, strict=True)),
            "seq": self.seq,
            "masked_name": self.masked_name,
            "reference_code": self.reference_code,
            "user_code": self.user_code,
            "progress": self.progress,
            "expires_at": self.expires_at.isoformat(),
            "as_of": self.as_of.isoformat(),
            "refreshes_left": self.refreshes_left,
            "other_phones_left": self.other_phones_left,
        }


def page_view(
    session: QrSession, *, reference_code: str, user_code: str, now: datetime, lives: Lives
) -> PageView:
    """What the page may know of a session at `now`."""
    picking = session.state is State.SCANNED and not session.reference_ok
    return PageView(
        id=session.id,
        purpose=session.purpose,
        status=session.status,
        state=session.state,
        hint=session.hint,
        seq=session.seq,
        masked_name=None if session.phone is None else session.phone.name,
        reference_code=reference_code if picking else None,
        user_code=user_code if session.user_code else None,
        progress=session.progress,
        expires_at=session.deadline,
        as_of=now,
        refreshes_left=lives.refreshes - session.refreshes,
        other_phones_left=lives.other_phones - session.other_phones,
    )
