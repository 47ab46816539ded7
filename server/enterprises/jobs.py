"""Asking the registry: for the companies of a proven person (F-12), and whether they are as before.

What the registry says is kept by `service.keep`, which ends rights at once and tells what changed.
"""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select

from server.accounts.id_documents import document_index, open_number, read_number
from server.accounts.models import Account
from server.core import jobs
from server.core.db import Database, UnitOfWork
from server.core.jobs import Claim, Job, JobState
from server.enterprises import queries, service
from server.enterprises.service import Facts
from server.providers.keys import Keys
from server.providers.registry import Company, CompanyNotFound, Registry

log = logging.getLogger(__name__)

# `accounts.registration` asks for it by this name: it knows nothing of companies.
LOOK_UP = "enterprises.look_up"
FOLLOW = "enterprises.follow_registry"
ASK_AGAIN_AFTER = timedelta(days=1)
# With a registry that needs its whole time for each answer, a job still ends within its lease.
AT_ONCE = 15


@dataclass(frozen=True)
class RegistryDesk:
    """Asks the registry outside any transaction, then keeps what it said."""

    db: Database
    keys: Keys
    registry: Registry

    def ask_again(self, code: str) -> None:
        """Bring one company in line. BadIdNumber, RegistryUnavailable.

        A code that the registry knows no more is left as it is: it strikes off by saying so.
        """
        try:
            company = self.registry.company(code)
        except CompanyNotFound:
            log.warning("company_not_in_registry", extra={"company": code})
            with self.db.begin() as uow:
                queries.by_code(uow, code).checked_at = uow.now
            return
        self.keep([company])

    def keep(self, companies: Iterable[Company]) -> None:
        """Keep these companies in one transaction.

        By code, as the registry lists them, so that two jobs never wait for each other.
        """
        heard = [Facts.of(company, self._index(company)) for company in companies]
        with self.db.begin() as uow:
            for facts in sorted(heard, key=lambda one: one.code):
                uow.queue_up(f"company {facts.code}")
                service.keep(uow, facts)

    def _index(self, company: Company) -> str:
        return document_index(self.keys, read_number(company.representative_id_number))


class CompanyFinder:
    """The handler of `enterprises.look_up`; doing it twice changes nothing."""

    def __init__(self, desk: RegistryDesk) -> None:
        self.desk = desk

    def __call__(self, job: Claim) -> None:
        """Keep the companies in Guangxi (A5) that this person represents. RegistryUnavailable.

        Those that he represented by our rows and no more by the registry's word are asked again.
        """
        job.require_tries_left()
        desk = self.desk
        with desk.db.read() as uow:
            account = uow.session.get_one(Account, job.payload["account_id"])
            ours = set(queries.codes_of(uow, account))
        index, sealed = account.id_number_index, account.id_number_sealed
        if not account.proven or account.closed_at or index is None or sealed is None:
            return
        companies = desk.registry.companies_of(open_number(desk.keys, account.id, sealed))
        desk.keep(company for company in companies if company.in_guangxi)
        for code in sorted(ours - {company.code for company in companies}):
            desk.ask_again(code)


class RegistryFollower:
    """The handler of `enterprises.follow_registry`: one company, or those not asked for a day."""

    def __init__(self, desk: RegistryDesk, at_once: int = AT_ONCE) -> None:
        self.desk = desk
        self.at_once = at_once

    def __call__(self, job: Claim) -> None:
        """Ask again; what was asked is not asked twice when the job is tried again."""
        job.require_tries_left()
        if code := job.payload.get("code"):
            self.desk.ask_again(code)
            return
        with self.desk.db.read() as uow:
            due = queries.codes_unasked_since(uow, uow.now - ASK_AGAIN_AFTER, self.at_once)
        for code in due:
            self.desk.ask_again(code)
        if len(due) == self.at_once:
            with self.desk.db.begin() as uow:
                jobs.enqueue(uow, FOLLOW)


def follow_registry(uow: UnitOfWork) -> None:
    """Ask for a round, unless one waits or runs; the worker does so every hour."""
    on_its_way = (Job.kind == FOLLOW, Job.state.in_((JobState.QUEUED, JobState.RUNNING)))
    if uow.session.scalar(select(Job.id).where(*on_its_way).limit(1)) is None:
        jobs.enqueue(uow, FOLLOW)


def follow(uow: UnitOfWork, code: str) -> None:
    """There is news about this company: ask at once."""
    jobs.enqueue(uow, FOLLOW, code=code)
