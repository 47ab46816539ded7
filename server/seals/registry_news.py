"""What the registry's news do to seals (P-39): what fits no more stops, and people are told.

The company's row has changed by then, and with it who may use its seals; this is what stays on.
"""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Select, delete, select

from server.accounts.news import News
from server.accounts.notices import About, tell
from server.certificates.models import HeldCopy, KeyCopy, KeyRing, MethodCopy, OwnerKind
from server.certificates.rekeying import take_over_represented
from server.core.db import Database, UnitOfWork
from server.core.jobs import Claim
from server.enterprises.models import Enterprise
from server.enterprises.service import CHANGED, RENAMED, STRUCK_OFF
from server.providers.keys import Keys
from server.seals import lifecycle
from server.seals.models import Reason, Seal, SealKind
from server.seals.queries import of_owner

TOLD = {
    CHANGED: News.REPRESENTATIVE_CHANGED,
    RENAMED: News.COMPANY_RENAMED,
    STRUCK_OFF: News.COMPANY_STRUCK_OFF,
}
STOPS = {RENAMED: Reason.NAME_CHANGED, STRUCK_OFF: Reason.STRUCK_OFF}


@dataclass(frozen=True)
class NewsOfCompanies:
    """The handler of `enterprises.news`; doing it twice changes nothing."""

    db: Database
    keys: Keys

    def __call__(self, job: Claim) -> None:
        job.require_tries_left()
        news: list[str] = job.payload["news"]
        with self.db.begin() as uow:
            company = uow.session.get_one(Enterprise, job.payload["enterprise_id"])
            for kind in news:
                _stop(uow, company, kind)
            if CHANGED in news:
                _forget_former(uow, company)
            if RENAMED in news:
                _retire_rings(uow, company)
            if company.representative_id is not None:
                take_over_represented(uow, self.keys, company.representative_id)
            people = {company.representative_id, job.payload["former"]} - {None}
            _tell(uow, company, news, people, job.id)


def _stop(uow: UnitOfWork, company: Enterprise, kind: str) -> None:
    for seal in of_owner(uow, OwnerKind.ENTERPRISE, company.id):
        lifecycle.stop(uow, [seal], STOPS.get(kind) or _of_new_representative(seal))


def _of_new_representative(seal: Seal) -> Reason:
    if seal.kind == SealKind.LEGAL_REPRESENTATIVE:
        return Reason.NAMES_FORMER_REPRESENTATIVE
    return Reason.REPRESENTATIVE_CHANGED


def _forget_former(uow: UnitOfWork, company: Enterprise) -> None:
    """Who represented the company opens its keys no more; others hold their copies by a grant."""
    for table in (KeyCopy, HeldCopy, MethodCopy):
        own = (table.grant_id == "", table.ring_id.in_(_rings(company)))
        kept = company.representative_id
        uow.session.execute(delete(table).where(*own, table.account_id.is_distinct_from(kept)))


def _retire_rings(uow: UnitOfWork, company: Enterprise) -> None:
    """Certificates with the former name are for no further seal."""
    for ring in uow.session.scalars(select(KeyRing).where(KeyRing.id.in_(_rings(company)))):
        ring.retired_at = ring.retired_at or uow.now


def _tell(
    uow: UnitOfWork, company: Enterprise, news: list[str], people: Collection[str], occasion: str
) -> None:
    words = {"owner": company.name}
    for kind in news:
        for account_id in sorted(people):
            once = f"{occasion} {kind}"
            about = About(subject=company.id, words=words, enterprise_id=company.id, once=once)
            tell(uow, account_id, TOLD[kind], **about)


def _rings(company: Enterprise) -> Select[str]:
    of_company = KeyRing.owner_kind == OwnerKind.ENTERPRISE
    return select(KeyRing.id).where(of_company, KeyRing.owner_id == company.id)
