"""Tables of reviewers and of their logins."""

from datetime import datetime, timedelta

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from server.core.db import Base

IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=12)


class Reviewer(Base):
    """Somebody who decides on applications; made and disabled by the operator's commands.

    `one_time_until` is set while the password is the one that was printed for him: until then it
    lets him in to set his own.
    """

    __tablename__ = "reviewers"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    login: Mapped[str] = mapped_column(String(32), unique=True)
    name: Mapped[str] = mapped_column(String(64))
    password_digest: Mapped[str] = mapped_column(String(200))
    one_time_until: Mapped[datetime | None]
    created_at: Mapped[datetime]
    disabled_at: Mapped[datetime | None]

    @property
    def needs_own_password(self) -> bool:
        return self.one_time_until is not None

    def may_come_in(self, now: datetime) -> bool:
        """Whether the right password lets him in."""
        too_late = self.one_time_until is not None and now >= self.one_time_until
        return self.disabled_at is None and not too_late


class ReviewerSession(Base):
    """One login of one browser; the token is kept as a digest. Thirty minutes idle end it."""

    __tablename__ = "reviewer_sessions"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    reviewer_id: Mapped[str] = mapped_column(ForeignKey("reviewers.id"), index=True)
    token_digest: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    def is_open(self, now: datetime) -> bool:
        fresh = now < self.seen_at + IDLE and now < self.created_at + LONGEST
        return self.ended_at is None and fresh
