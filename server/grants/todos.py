"""待办 of a grantee: to accept what he was granted, or first to download his certificate (P-36)."""

from typing import Final

from sqlalchemy import select

from server.accounts.todos import Todo
from server.core.db import UnitOfWork
from server.enterprises.models import Enterprise
from server.grants.models import Grant, GrantStatus

WORDS: Final = {
    GrantStatus.PENDING_CERTIFICATE: (
        "{company} 授权您使用印章：请先下载个人数字证书",
        "{company} lets you use its seals: download your certificate first",
    ),
    GrantStatus.PENDING_ACCEPTANCE: (
        "{company} 授权您使用印章：请在首页切换到该企业后接收授权",
        "{company} lets you use its seals: switch to it on the home page and accept",
    ),
}
PLACES: Final = {
    GrantStatus.PENDING_CERTIFICATE: "/m/me/certificate",
    GrantStatus.PENDING_ACCEPTANCE: "/m/",
}


def todos(uow: UnitOfWork, account_id: str) -> list[Todo]:
    """Each grant of this person that waits for him and has not ended."""
    his = select(Grant).where(Grant.grantee_id == account_id, Grant.status.in_(WORDS))
    waiting = uow.session.scalars(his.order_by(Grant.id)).all()
    return [_todo(uow, one) for one in waiting if one.ends_at is None or one.ends_at > uow.now]


def _todo(uow: UnitOfWork, grant: Grant) -> Todo:
    company = uow.session.get_one(Enterprise, grant.enterprise_id)
    status = GrantStatus(grant.status)
    return Todo(
        f"grant_{status}",
        WORDS[status],
        PLACES[status],
        {"company": company.name},
        company.id,
        grant.ends_at,
        icon="people",
    )
