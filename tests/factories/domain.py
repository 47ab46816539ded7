"""The seeded people and companies as rows, and rights and uses made for them."""

from dataclasses import replace
from typing import Any

from sqlalchemy import select

from server.accounts.models import Account
from server.certificates.models import KeyRing
from server.certificates.unlock import OpenedPerson, open_person
from server.core.db import UnitOfWork
from server.core.ids import new_id
from server.enterprises.models import Enterprise
from server.grants.models import Grant, GrantRole, GrantStatus
from server.grants.service import Use
from server.runtime import Runtime
from server.seals.models import Seal, SealKind
from server.seed import DemoPerson

GUIYIN = "南宁桂印科技有限公司"
YONGJIANG = "广西邕江建设工程有限责任公司"


def account_of(uow: UnitOfWork, person: DemoPerson) -> Account:
    return uow.session.scalars(select(Account).where(Account.name == person.name)).one()


def company(uow: UnitOfWork, name: str = GUIYIN) -> Enterprise:
    return uow.session.scalars(select(Enterprise).where(Enterprise.name == name)).one()


def ring_of(uow: UnitOfWork, name: str = GUIYIN) -> KeyRing:
    owner = company(uow, name)
    return uow.session.scalars(select(KeyRing).where(KeyRing.owner_id == owner.id)).one()


def seal_of(uow: UnitOfWork, kind: SealKind = SealKind.COMPANY, name: str = GUIYIN) -> Seal:
    owner = company(uow, name)
    wanted = select(Seal).where(Seal.owner_id == owner.id, Seal.kind == kind)
    return uow.session.scalars(wanted).one()


def only_grant(uow: UnitOfWork) -> Grant:
    """The seeded one: 李晓梅 may use the company seal of 桂印 a hundred times within a year."""
    return uow.session.scalars(select(Grant)).one()


def opened(parts: Runtime, person: DemoPerson) -> OpenedPerson:
    """A person who has given his PIN; takes one derivation."""
    with parts.db.read() as uow:
        account_id = account_of(uow, person).id
    return open_person(parts.db, parts.providers.keys, account_id, person.pin)


def make_grant(uow: UnitOfWork, grantee: DemoPerson, name: str = GUIYIN, **columns: Any) -> Grant:
    """An unlimited grant of all seals of a company by its representative, from now on."""
    owner = company(uow, name)
    facts = {
        "granted_by": owner.representative_id,
        "role": GrantRole.OPERATOR,
        "status": GrantStatus.ACTIVE,
        "seal_ids": None,
        "starts_at": uow.now,
        "ends_at": None,
        "most_uses": None,
        **columns,
    }
    grant = Grant(
        id=new_id("gr"),
        enterprise_id=owner.id,
        grantee_id=account_of(uow, grantee).id,
        created_at=uow.now,
        **facts,
    )
    uow.session.add(grant)
    uow.session.flush()
    return grant


def use_of(uow: UnitOfWork, person: DemoPerson, grant: Grant | None = None, **facts: Any) -> Use:
    """One use of the company seal of 桂印 that is about to be reserved."""
    seal = seal_of(uow)
    use = Use(
        reservation_key=new_id("key"),
        task_id=new_id("task"),
        account_id=account_of(uow, person).id,
        enterprise_id=seal.owner_id,
        grant_id=grant.id if grant else "",
        document_digest="d" * 64,
        document_name="合同.pdf",
        placements_digest="p" * 64,
        partner_id="par-1",
        seals=[{"id": seal.id, "name": seal.name, "count": 1}],
    )
    return replace(use, **facts)
