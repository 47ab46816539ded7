"""The companies of a person who has just proved himself: asked of the registry, kept (F-12)."""

from server.accounts.id_documents import open_number
from server.accounts.models import Account
from server.core.db import Database
from server.core.jobs import Claim
from server.enterprises import service
from server.enterprises.service import Facts
from server.providers.keys import Keys
from server.providers.registry import Registry

# `accounts.registration` asks for it by this name: it knows nothing of companies.
LOOK_UP = "enterprises.look_up"


class CompanyFinder:
    """The handler of `enterprises.look_up`; doing it twice changes nothing."""

    def __init__(self, db: Database, keys: Keys, registry: Registry) -> None:
        self.db = db
        self.keys = keys
        self.registry = registry

    def __call__(self, job: Claim) -> None:
        """Keep the companies in Guangxi (A5) that this person represents. RegistryUnavailable."""
        job.require_tries_left()
        with self.db.read() as uow:
            account = uow.session.get_one(Account, job.payload["account_id"])
        index, sealed = account.id_number_index, account.id_number_sealed
        if not account.proven or account.closed_at or index is None or sealed is None:
            return
        companies = self.registry.companies_of(open_number(self.keys, account.id, sealed))
        with self.db.begin() as uow:
            # By code, as the registry lists them, so that two jobs never wait for each other.
            for company in companies:
                if company.in_guangxi:
                    uow.queue_up(f"company {company.code}")
                    service.keep(uow, Facts.of(company, index))
