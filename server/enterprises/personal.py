"""What companies know of a person: for his own eyes, and when he closes his account."""

from sqlalchemy import Select, select

from server.accounts import sessions
from server.accounts.closing import Obstacle, Tie
from server.accounts.personal_data import Records, rows
from server.core import audit
from server.core.db import UnitOfWork
from server.enterprises.models import Enterprise, EnterpriseLogin


def nothing_open(_uow: UnitOfWork, _account_id: str) -> list[Obstacle]:
    """Representing a company holds nobody back; its seals do (`seals/personal.py`)."""
    return []


def let_go(uow: UnitOfWork, account_id: str) -> bool:
    """Nobody acts in his place until somebody proves to be the representative.

    A login that acted through him ends with him.
    """
    for enterprise in uow.session.scalars(_represented(account_id)).all():
        enterprise.representative_id = None
        told = {"company": enterprise.code}
        audit.record(
            uow, "enterprise.representative_left", actor=account_id, subject=enterprise.id, **told
        )
    uow.session.flush()
    for login, enterprise in uow.session.execute(_logins_through(account_id)).all():
        sessions.end_all_of_login(uow, login.id)
        if enterprise.representative_id is None:
            uow.session.delete(login)
        else:
            login.account_id = enterprise.representative_id
    return False


def records(uow: UnitOfWork, account_id: str) -> Records:
    """The companies that he represents, and their logins that act through him."""
    logins = select(EnterpriseLogin).where(EnterpriseLogin.account_id == account_id)
    return {
        "companies": rows(uow, _represented(account_id), ("code", "name", "status", "checked_at")),
        "company_logins": rows(uow, logins, ("legal_form", "created_at", "opened_at")),
    }


def _represented(account_id: str) -> Select[Enterprise]:
    return select(Enterprise).where(Enterprise.representative_id == account_id)


def _logins_through(account_id: str) -> Select[EnterpriseLogin, Enterprise]:
    return (
        select(EnterpriseLogin, Enterprise)
        .join(Enterprise, Enterprise.id == EnterpriseLogin.enterprise_id)
        .where(EnterpriseLogin.account_id == account_id)
    )


TIE = Tie(nothing_open, let_go)
