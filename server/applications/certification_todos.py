"""待办: the certifications whose turn it is, for who is to certify and has an account (P-36)."""

from typing import Final

from sqlalchemy import select

from server.accounts.models import Account
from server.accounts.todos import Todo
from server.applications.certification_models import Certification, CertificationState
from server.applications.lifecycle import ApplicationState
from server.applications.models import Application
from server.applications.queries import Viewer, visible_to
from server.applications.telling import owner_name
from server.core.db import UnitOfWork

PROGRESS: Final = "/m/apply/{id}"
BY_TEXT: Final = (
    "{owner}申领印章，等待您认证：请打开发到您手机的认证短信办理",
    "{owner} applies for seals and waits for you: open the link in the text message",
)
BY_PAGE: Final = (
    "{owner}申领印章，等待您认证",
    "{owner} applies for seals and waits for your certification",
)
OVER: Final = (CertificationState.WAITING, CertificationState.DONE)


def todos(uow: UnitOfWork, account_id: str) -> list[Todo]:
    """Each certification by this person whose turn it is. Whoever may see the application comes to
    it by its page; an agent who may not has the link in his text message alone."""
    account = uow.session.get_one(Account, account_id)
    # Only a face gives an account this index: a number that was merely typed finds nothing.
    if account.id_number_index is None:
        return []
    waiting = (
        select(Certification, Application, visible_to(Viewer(account_id)))
        .join(Application, Application.id == Certification.application_id)
        .where(
            Certification.number_index == account.id_number_index,
            Certification.state.not_in(OVER),
            Application.state == ApplicationState.CERTIFYING,
        )
        .order_by(Certification.id)
    )
    found = uow.session.execute(waiting).all()
    return [_todo(uow, row, application, is_seen) for row, application, is_seen in found]


def _todo(uow: UnitOfWork, row: Certification, application: Application, is_seen: bool) -> Todo:
    return Todo(
        "certification",
        BY_PAGE if is_seen else BY_TEXT,
        PROGRESS.format(id=application.id) if is_seen else "",
        {"owner": owner_name(uow, application)},
        enterprise_id=application.owner_id if application.is_of_company else None,
        ends_at=row.link_expires_at,
        icon="pen",
    )
