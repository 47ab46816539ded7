"""Tables of 消息中心: what a person is told, and the text messages that go to his phone (P-36)."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from server.core.db import Base


class TextState(StrEnum):
    """`unsent`: given up, as its words had lost their meaning before the gateway took them."""

    WAITING = "waiting"
    SENT = "sent"
    UNSENT = "unsent"


class Notice(Base):
    """One piece of news for one person; `words` fill the gaps of its sentences (`news.NEWS`).

    `enterprise_id` is set where it concerns a company: its own login sees these alone.
    `once` names the occasion, which is told a single time however often it is noticed.
    """

    __tablename__ = "notices"
    __table_args__ = (
        Index("ix_notices_account_id_id", "account_id", "id"),
        Index("ix_notices_account_id_enterprise_id_id", "account_id", "enterprise_id", "id"),
        Index("ix_notices_account_id_read_at", "account_id", "read_at"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    enterprise_id: Mapped[str | None] = mapped_column(String(32))
    news: Mapped[str] = mapped_column(String(48))
    subject: Mapped[str] = mapped_column(String(64), default="")
    words: Mapped[dict[str, str]] = mapped_column(JSON)
    once: Mapped[str | None] = mapped_column(String(160), unique=True)
    text_id: Mapped[str | None] = mapped_column(String(32), index=True)
    text_unsent: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(index=True)
    read_at: Mapped[datetime | None]


class TextMessage(Base):
    """One text message on its way, to an account's phone or to one that the caller named.

    `sealed` holds phone and words of the latter under the service's key, as they may hold a link
    that opens something; it is wiped when the message is settled. `asker_id` is the account that
    hears of a message that could not be sent.
    """

    __tablename__ = "texts"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    account_id: Mapped[str | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    template: Mapped[str] = mapped_column(String(48))
    words: Mapped[dict[str, str]] = mapped_column(JSON)
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    asker_id: Mapped[str | None] = mapped_column(ForeignKey("accounts.id"))
    state: Mapped[str] = mapped_column(String(16), default=TextState.WAITING)
    created_at: Mapped[datetime] = mapped_column(index=True)
    expires_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]

    def settle(self, state: TextState, now: datetime) -> None:
        """The end of it, whichever; what was sealed is gone. A second end changes nothing."""
        if self.state == TextState.WAITING:
            self.state, self.settled_at = state, now
            self.sealed, self.words = None, {}
