"""Two processes on one PostgreSQL; the clock of one machine is off by an hour or a day (R-06)."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest

from qr_session import Phone, Purpose, QrSessionService
from server.assembly import assemble
from server.core.clock import SteadyClock
from server.settings import Settings
from tests.fakes.clock import WrongClock

BROWSER = "browser-of-the-phone"
ALICE = Phone(account="acc-1", name="张*")


@contextmanager
def sessions_of(settings: Settings, by: timedelta) -> Iterator[QrSessionService]:
    """The QR sessions as a process has them whose machine is off by so much."""
    parts = assemble(settings, SteadyClock(WrongClock(by)))
    yield parts.qr_sessions
    parts.sandbox.close()
    parts.bus.close()
    parts.db.close()


@pytest.mark.row("R-06", "S-04")
@pytest.mark.parametrize("days", [-1, -1 / 24, 1 / 24, 1])
def test_a_code_made_here_is_fresh_there_and_dies_when_it_should(
    settings: Settings, postgres_url: str, days: float
) -> None:
    shared = settings.model_copy(update={"database_url": postgres_url})
    with (
        sessions_of(shared, timedelta()) as right,
        sessions_of(shared, timedelta(days=days)) as wrong,
    ):
        made = wrong.create(purpose=Purpose.SIGN, subject="task-1")
        page = right.open_page(made.id, made.open_token or "")
        frame = right.frames(made.id, page)[0].text

        ticket = wrong.resolve(frame, holder=BROWSER).ticket
        scanned = right.scan(ticket, holder=BROWSER, phone=ALICE)

        assert scanned.state == wrong.peek(made.id).state == "scanned"
        assert scanned.scanned_at is not None
        assert abs(made.expires_at - scanned.scanned_at - timedelta(minutes=2)) < timedelta(
            seconds=9
        )
