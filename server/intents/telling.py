"""The owner of seals hears that uses of them are verified by another method (P-36)."""

from typing import Final

from server.accounts.models import Account
from server.accounts.news import News
from server.accounts.notices import About, tell
from server.certificates.models import OwnerKind
from server.core.db import UnitOfWork
from server.enterprises.models import Enterprise
from server.intents.models import VerificationMethod

# Their English is in `server/web/words.py`.
METHOD_WORDS: Final = {
    VerificationMethod.PIN: "签名口令",
    VerificationMethod.PASSWORD: "密码核验",
    VerificationMethod.SMS: "短信核验",
    VerificationMethod.FACE: "人脸核验",
}


def tell_method(
    uow: UnitOfWork, owner_kind: OwnerKind, owner_id: str, method: VerificationMethod
) -> None:
    """A person himself; of a company its representative, where there is one."""
    of_company = owner_kind == OwnerKind.ENTERPRISE
    company = uow.session.get(Enterprise, owner_id) if of_company else None
    account_id = company.representative_id if company else owner_id
    account = uow.session.get(Account, account_id) if account_id else None
    if account is None:
        return
    owner = company.name if company else account.masked_name
    about: About = {
        "subject": owner_id,
        "words": {"owner": owner, "method": METHOD_WORDS[method]},
        "enterprise_id": company.id if company else None,
    }
    tell(uow, account.id, News.METHOD_SET, **about)
