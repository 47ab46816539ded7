"""待办: the certifications whose turn it is, for who is to certify and has an account (P-36)."""

from typing import Final

from sqlalchemy import select

from server.accounts.models import Account
from server.accounts.todos import Todo
from server.applications.certification_models import Certification, CertificationState
from server.applications.lifecycle import ApplicationState
from server.applications.models import Application
from server.applications.telling import owner_name
from server.core.db import UnitOfWork

RECORDS: Final = "/m/me/certifications"
WORDS: Final = (
    "{owner}申领印章，等待您认证",
    "{owner} applies for seals and waits for your certification",
)
OVER: Final = (CertificationState.WAITING, CertificationState.DONE)


def todos(uow: UnitOfWork, account_id: str) -> list[Todo]:
    """Each certification by this person whose turn it is; in 认证记录 he goes on with it, also an
    agent who may not see the application."""
    account = uow.session.get_one(Account, account_id)
    # Only a face gives an account this index: a number that was merely typed finds nothing.
    if account.id_number_index is None:
        return []
    waiting = (
        select(Certification, Application)
        .join(Application, Application.id == Certification.application_id)
        .where(
            Certification.number_index == account.id_number_index,
            Certification.state.not_in(OVER),
            Application.state == ApplicationState.CERTIFYING,
        )
        .order_by(Certification.id)
    )
    return [_todo(uow, row, application) for row, application in uow.session.execute(waiting)]


def _todo(uow: UnitOfWork, row: Certification, application: Application) -> Todo:
    return Todo(
        "certification",
        WORDS,
        RECORDS,
        {"owner": owner_name(uow, application)},
        enterprise_id=application.owner_id if application.is_of_company else None,
        ends_at=row.link_expires_at,
        icon="pen",
    )
