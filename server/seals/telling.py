"""Telling the owner of a seal: a person himself, or the one who represents the company."""

from server.accounts.models import Account
from server.accounts.news import News
from server.accounts.notices import About, tell
from server.certificates.models import OwnerKind
from server.core.clock import CHINA
from server.core.db import UnitOfWork
from server.enterprises.models import Enterprise
from server.seals.models import Seal


def tell_owner(
    uow: UnitOfWork, seal: Seal, news: News, *, once: str | None = None, text: str | None = None
) -> None:
    """Put news of a seal into its owner's 消息中心; `text` is a template that goes to his phone.

    A company whose representative is not known yet is told nothing.
    """
    of_company = seal.owner_kind == OwnerKind.ENTERPRISE
    company = uow.session.get_one(Enterprise, seal.owner_id) if of_company else None
    account_id = company.representative_id if company else seal.owner_id
    if account_id is None:
        return
    owner = company.name if company else uow.session.get_one(Account, account_id).masked_name
    day = f"{seal.valid_until.astimezone(CHINA):%Y-%m-%d}"
    about: About = {
        "subject": seal.id,
        "words": {"owner": owner, "seal": seal.name, "day": day},
        "enterprise_id": company.id if company else None,
    }
    if once is not None:
        about["once"] = once
    if text is not None:
        about["text"] = text
    tell(uow, account_id, news, **about)
