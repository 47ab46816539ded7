"""News for the outside world, written in the transaction that makes it true."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, String
from sqlalchemy.orm import Mapped, mapped_column

from server.core.db import Base, UnitOfWork
from server.core.ids import new_id


class OutboxEvent(Base):
    """One piece of news about `subject`, to be delivered to `audience` at least once."""

    __tablename__ = "outbox_events"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    topic: Mapped[str] = mapped_column(String(64))
    audience: Mapped[str] = mapped_column(String(64), index=True)
    subject: Mapped[str] = mapped_column(String(64), index=True)
    payload: Mapped[dict[str, Any]] = mapped_column(JSON)
    created_at: Mapped[datetime]
    delivered_at: Mapped[datetime | None]


def publish(uow: UnitOfWork, topic: str, *, audience: str, subject: str, **payload: Any) -> None:
    """Write one piece of news; `payload` holds ids and states, never a secret or a name."""
    uow.session.add(
        OutboxEvent(
            id=new_id("evt"),
            topic=topic,
            audience=audience,
            subject=subject,
            payload=payload,
            created_at=uow.now,
        )
    )
