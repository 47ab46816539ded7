"""What follows for grants when somebody has downloaded his certificate (A note 3, F-34)."""

from dataclasses import dataclass

from sqlalchemy import select

from server.certificates import held_copies
from server.core import audit
from server.core.db import Database
from server.core.jobs import Claim
from server.grants.models import Grant, GrantStatus
from server.providers.keys import Keys


@dataclass(frozen=True)
class CertificateFollower:
    """Runs `certificates.downloaded`: 未注册 becomes 待接收, and what is active gets its copies.

    A grant that waits for its acceptance leaves its copy where it is held.
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
                    audit.record(uow, "grant.certified", actor=account_id, subject=grant.id)
                elif grant.status == GrantStatus.ACTIVE:
                    active.append(grant.id)
        held_copies.settle(self.db, self.keys, account_id, ("", *active))
