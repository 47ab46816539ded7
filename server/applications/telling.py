"""What people hear of their applications in 消息中心 and by SMS, and what waits for them (P-36)."""

from sqlalchemy import select

from server.accounts import notices
from server.accounts.models import Account
from server.accounts.news import News
from server.accounts.todos import Todo
from server.applications.lifecycle import ApplicationState
from server.applications.models import Application
from server.applications.queries import Viewer, visible_to
from server.core.db import UnitOfWork
from server.enterprises.models import Enterprise

MEND = ("{owner}的印章申请需要补正材料", "Mend what is missing in the application of {owner}")


def done(uow: UnitOfWork, row: Application) -> None:
    """The seals are there."""
    _tell(uow, row, News.APPLICATION_DONE, text="application_done")


def sent_back(uow: UnitOfWork, row: Application) -> None:
    """A reviewer asks for a correction."""
    _tell(uow, row, News.APPLICATION_CORRECTION)


def refused(uow: UnitOfWork, row: Application) -> None:
    """By a reviewer, or by the registry's word."""
    _tell(uow, row, News.APPLICATION_REJECTED)


def expired(uow: UnitOfWork, row: Application) -> None:
    """Its time was over."""
    _tell(uow, row, News.APPLICATION_EXPIRED)


def todos(uow: UnitOfWork, account_id: str) -> list[Todo]:
    """The applications of this person that came back and wait for a correction."""
    back = Application.state == ApplicationState.CORRECTION
    mine = select(Application).where(visible_to(Viewer(account_id)), back).order_by(Application.id)
    return [
        Todo(
            "application_correction",
            MEND,
            f"/m/apply/{row.id}",
            {"owner": owner_name(uow, row)},
            enterprise_id=row.owner_id if row.is_of_company else None,
            ends_at=row.expires_at,
        )
        for row in uow.session.scalars(mine)
    ]


def owner_name(uow: UnitOfWork, row: Application) -> str:
    """The company's name; a person's masked."""
    if row.is_of_company:
        return uow.session.get_one(Enterprise, row.owner_id).name
    return uow.session.get_one(Account, row.owner_id).masked_name


def _tell(uow: UnitOfWork, row: Application, news: News, text: str = "") -> None:
    words = {"owner": owner_name(uow, row), "reason": row.reason}
    of_company = row.owner_id if row.is_of_company else None
    by_text = {"text": text} if text else {}
    notices.tell(
        uow,
        row.applicant_id,
        news,
        subject=row.id,
        words=words,
        enterprise_id=of_company,
        **by_text,
    )
