"""What follows for grants when somebody has downloaded his certificate (A note 3, F-34)."""

from dataclasses import dataclass

from sqlalchemy import select

from server.accounts.news import News
from server.accounts.notices import About, tell
from server.certificates import held_copies
from server.certificates.rekeying import take_over_represented
from server.core import audit
from server.core.db import Database, UnitOfWork
from server.core.jobs import Claim
from server.enterprises.models import Enterprise
from server.grants.models import Grant, GrantStatus
from server.providers.keys import Keys


@dataclass(frozen=True)
class CertificateFollower:
    """Runs `certificates.downloaded`: 未注册 becomes 待接收, and what is active gets its copies.

    A grant that waits for its acceptance leaves its copy where it is held. Companies that he came
    to represent before he had a certificate get keys of his now (P-39).
    """

    db: Database
    keys: Keys

    def __call__(self, job: Claim) -> None:
        account_id = job.payload["account_id"]
        with self.db.begin() as uow:
            his = select(Grant).where(Grant.grantee_id == account_id).with_for_update()
            active = []
            for grant in uow.session.scalars(his):
                if grant.status == GrantStatus.PENDING_CERTIFICATE:
                    grant.status = GrantStatus.PENDING_ACCEPTANCE
                    _tell_to_accept(uow, grant)
                    audit.record(uow, "grant.certified", actor=account_id, subject=grant.id)
                elif grant.status == GrantStatus.ACTIVE:
                    active.append(grant.id)
            take_over_represented(uow, self.keys, account_id)
        held_copies.settle(self.db, self.keys, account_id, ("", *active))


def _tell_to_accept(uow: UnitOfWork, grant: Grant) -> None:
    company = uow.session.get_one(Enterprise, grant.enterprise_id).name
    about: About = {"subject": grant.id, "words": {"company": company}}
    tell(uow, grant.grantee_id, News.GRANT_TO_ACCEPT, **about)
