"""What people hear of signings: a seal used in their name, and a request that was not theirs."""

from server.accounts import notices
from server.accounts.models import Account
from server.accounts.news import News
from server.accounts.notices import About
from server.core import outbox
from server.core.db import UnitOfWork
from server.documents.models import Document
from server.enterprises.models import Enterprise
from server.grants.models import Grant, SealUse
from server.signing.models import SigningTask


def tell_used(uow: UnitOfWork, use: SealUse) -> None:
    """The representative hears of each use by somebody whom the company let use its seals (P-36);
    who has used up his number hears of that too."""
    if not use.grant_id:
        return
    company = uow.session.get_one(Enterprise, use.enterprise_id)
    grant = uow.session.get_one(Grant, use.grant_id)
    of_company = {"company": company.name}
    if company.representative_id is not None:
        signer = uow.session.get_one(Account, use.account_id).masked_name
        words = {"signer": signer, "document": use.document_name, **of_company}
        about: About = {"subject": use.id, "words": words, "enterprise_id": company.id}
        notices.tell(uow, company.representative_id, News.SEAL_USED, **about)
    if grant.most_uses is not None and grant.uses >= grant.most_uses:
        words = {"uses": str(grant.uses), **of_company}
        spent: About = {"subject": grant.id, "words": words, "once": f"{grant.id} used up"}
        notices.tell(uow, grant.grantee_id, News.GRANT_USED_UP, **spent)


def tell_partner(uow: UnitOfWork, topic: str, task: SigningTask, **facts: str) -> None:
    """The partner whose task it is hears of it; of people's own files nobody does."""
    if task.partner_id is not None:
        outbox.publish(uow, topic, audience=task.partner_id, subject=task.id, **facts)


def tell_not_mine(uow: UnitOfWork, task_id: str, session_id: str, account_id: str) -> None:
    """不是我发起的: what to look at now stands in his 消息中心."""
    task = uow.session.get_one(SigningTask, task_id)
    document = uow.session.get_one(Document, task.document_id).name
    about: About = {"subject": task_id, "words": {"document": document}, "once": session_id}
    notices.tell(uow, account_id, News.SIGNING_NOT_MINE, **about)
