"""What a grantee hears of his grants: one that ends soon, one that has ended; each once (P-36)."""

from datetime import timedelta
from typing import Final

from sqlalchemy import select

from server.accounts.news import News
from server.accounts.notices import About, tell
from server.core.clock import CHINA
from server.core.db import UnitOfWork
from server.enterprises.models import Enterprise
from server.grants.models import Grant, GrantStatus

SOON: Final = timedelta(days=3)
# After a standstill of the worker nobody hears of what ended long ago.
LATE: Final = timedelta(days=7)


def remind(uow: UnitOfWork) -> None:
    """Tell those whose grants end within three days or have ended; the worker does so hourly."""
    near = (Grant.ends_at > uow.now - LATE, Grant.ends_at <= uow.now + SOON)
    active = select(Grant).where(Grant.status == GrantStatus.ACTIVE, *near).order_by(Grant.id)
    for grant in uow.session.scalars(active).all():
        _tell(uow, grant)


def _tell(uow: UnitOfWork, grant: Grant) -> None:
    if grant.ends_at is None:
        return
    company = uow.session.get_one(Enterprise, grant.enterprise_id).name
    day = f"{grant.ends_at.astimezone(CHINA):%Y-%m-%d %H:%M}"
    news = News.GRANT_ENDED if grant.ends_at <= uow.now else News.GRANT_ENDS
    about: About = {
        "subject": grant.id,
        "words": {"company": company, "day": day},
        "once": f"grant {grant.id} {news} {day}",
    }
    tell(uow, grant.grantee_id, news, **about)
