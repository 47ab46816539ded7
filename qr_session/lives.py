"""Every duration and count of the QR session in one place."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True)
class Lives:
    """How long things live and how often they may be renewed (qr-session.md, "States")."""

    pending: timedelta = timedelta(seconds=120)
    scanned: timedelta = timedelta(seconds=180)
    scanned_at_most: timedelta = timedelta(seconds=300)
    confirmed: timedelta = timedelta(seconds=60)
    in_all: timedelta = timedelta(minutes=15)
    # Ended sessions can still be read, so that a page that reconnects learns the end.
    readable: timedelta = timedelta(minutes=10)
    # A consumed signing session also carries the task's progress: 30 min of grant and the above.
    followed: timedelta = timedelta(minutes=40)

    open_token: timedelta = timedelta(seconds=120)
    resolve_ticket: timedelta = timedelta(minutes=3)
    watch_ticket: timedelta = timedelta(seconds=60)
    login_code: timedelta = timedelta(seconds=60)

    frame_step: timedelta = timedelta(seconds=2)
    frame_steps_late: int = 3
    photo_grace: timedelta = timedelta(seconds=20)

    refreshes: int = 4
    other_phones: int = 2
