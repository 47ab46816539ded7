"""Who applies for whose seals, and whether what an application says is as registered."""

from collections.abc import Sequence

from sqlalchemy import select

from server.accounts.errors import RealNameNeeded
from server.accounts.models import Account
from server.applications import parties
from server.applications.errors import CannotApply, NotRepresentative
from server.applications.models import Application, PartyRole
from server.core.db import UnitOfWork
from server.enterprises import service as enterprises
from server.enterprises.models import Enterprise, EnterpriseStatus
from server.providers.registry import GUANGXI


def companies(uow: UnitOfWork, account_id: str) -> Sequence[Enterprise]:
    """The companies for whose seals this person may apply: his, registered in Guangxi (A5).

    Raises CannotApply where there is none.
    """
    found = uow.session.scalars(
        select(Enterprise)
        .where(
            Enterprise.representative_id == account_id,
            Enterprise.status == EnterpriseStatus.ACTIVE,
            Enterprise.place.startswith(GUANGXI),
        )
        .order_by(Enterprise.name)
    ).all()
    if not found:
        raise CannotApply()
    return found


def require_proven(uow: UnitOfWork, account_id: str) -> None:
    """Raise RealNameNeeded for whoever has not proved his name by a face check (P-37)."""
    if not uow.session.get_one(Account, account_id).proven:
        raise RealNameNeeded()


def require_represented(uow: UnitOfWork, enterprise_id: str, account_id: str) -> Enterprise:
    """Raise NotRepresentative, CompanyStruckOff, or CannotApply for one outside Guangxi."""
    company = uow.session.get(Enterprise, enterprise_id)
    if company is None or company.representative_id != account_id:
        raise NotRepresentative()
    enterprises.require_open(company)
    if not company.place.startswith(GUANGXI):
        raise CannotApply()
    return company


def unit(uow: UnitOfWork, enterprise_id: str) -> tuple[str, str]:
    """The registered name and code of a company."""
    company = uow.session.get_one(Enterprise, enterprise_id)
    return company.name, company.code


def differences(uow: UnitOfWork, row: Application) -> list[str]:
    """What an application says otherwise than is registered: of `name`, `code`,
    `representative`, `person`. Numbers are compared by their digests.
    """
    people = parties.of(uow, row.id)
    if not row.is_of_company:
        account, person = uow.session.get_one(Account, row.owner_id), people[PartyRole.PERSON]
        named = (person.name, person.number_index)
        return [] if named == (account.name, account.id_number_index) else ["person"]
    company = uow.session.get_one(Enterprise, row.owner_id)
    agrees = {
        "name": enterprises.plain(row.unit_name) == enterprises.plain(company.name),
        "code": row.unit_number == company.code,
    }
    if said := people.get(PartyRole.REPRESENTATIVE):
        kept = (company.representative_name, company.representative_index)
        agrees["representative"] = (said.name, said.number_index) == kept
    return [part for part, is_so in agrees.items() if not is_so]
