"""Demo data: two companies with seals, three people with PINs, one partner with a key.

For the development profile only; running it twice changes nothing but the demo's port.
"""

import os
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import select

from server.accounts import passwords
from server.accounts.id_documents import IdDocument, document_index, seal_number
from server.accounts.models import Account, Level
from server.accounts.phones import phone_index, seal_phone
from server.certificates import requests
from server.certificates import service as certificates
from server.certificates.held_copies import give_or_hold
from server.certificates.models import OwnerKind
from server.certificates.service import Owner, SigningKeys
from server.core.db import UnitOfWork
from server.core.ids import new_id
from server.enterprises.models import Enterprise
from server.grants.models import Grant, GrantRole, GrantStatus
from server.partners.models import Partner
from server.partners.service import issue_key
from server.pki.authority import Period, Subject
from server.providers.keys import Keys
from server.providers.registry import Company
from server.runtime import Runtime
from server.seals.models import KIND_NAMES, SealKind
from server.seals.service import NewSeal, make_seal, prepare_seal

CERTIFICATE_LIFE = timedelta(days=3 * 365)
PARTNER_NAME = "南宁市工程建设项目审批系统（演示）"
SUPPORT_PHONE = "0771-4977565"
LOGIN_RETURN = "/scan-login/back"
DEMO_CODES = ("91450100MA5K8Q2X13", "91450100MA5N3T7B6U")


@dataclass(frozen=True)
class DemoPerson:
    """Somebody to log in as; the secrets are printed by `./run`, and are none."""

    name: str
    phone: str
    pin: str
    role: str
    id_number: str
    password: str = "guiyin-2026"  # noqa: S105 - printed for everybody to try


PEOPLE = (
    DemoPerson(
        "韦志远",
        "13907710001",
        "135790",
        "南宁桂印科技有限公司 法定代表人",
        "450103198506123011",
    ),
    DemoPerson(
        "黄淼",
        "13907710002",
        "246801",
        "广西邕江建设工程有限责任公司 法定代表人",
        "450102199009234528",
    ),
    DemoPerson(
        "李晓梅",
        "13907710003",
        "112233",
        "南宁桂印科技有限公司 经办人（仅法定名称章）",
        "450102199208152621",
    ),
)


class SeedRefused(RuntimeError):
    """Demo data has no place in production."""


def seed(parts: Runtime, key_file: Path) -> None:
    """Fill an empty database; the partner's key goes into `key_file` (0600)."""
    if parts.settings.is_production:
        raise SeedRefused("demo data is for the development profile")
    with parts.db.begin() as uow:
        if uow.session.scalar(select(Account.id).limit(1)) is not None:
            _follow_the_port(parts, uow)
            return
    people = {person.name: _make_person(parts, person) for person in PEOPLE}
    for code in DEMO_CODES:
        _make_company(parts, parts.providers.registry.company(code), people)
    with parts.db.begin() as uow:
        key = _make_partner(parts, uow)
    _keep_secret(key_file, key)


def _make_person(parts: Runtime, person: DemoPerson) -> str:
    keys, now = parts.providers.keys, parts.clock.now()
    account_id = new_id("acc")
    owner = Owner(OwnerKind.ACCOUNT, account_id, Subject.of_person(person.name, account_id))
    request_id = f"seed-{account_id}"
    with parts.db.begin() as uow:
        requests.open_personal_request(
            uow, keys, request_id=request_id, owner=owner, period=_period(parts)
        )
    issued = requests.fulfil_personal(parts.db, keys, parts.providers.ca, request_id)
    personal_key = certificates.prepare_personal_key(keys, issued, person.pin, now)
    account = _account(keys, account_id, person, now)
    with parts.db.begin() as uow:
        uow.session.add(account)
        uow.session.flush()
        certificate = certificates.store_certificate(uow, issued, "x25519")
        personal_key.certificate_id = certificate.id
        uow.session.add(personal_key)
        requests.close_request(uow, request_id)
    return account_id


def _account(keys: Keys, account_id: str, person: DemoPerson, now: datetime) -> Account:
    document = IdDocument("resident_id", person.id_number)
    return Account(
        id=account_id,
        name=person.name,
        phone_index=phone_index(keys, person.phone),
        phone_sealed=seal_phone(keys, account_id, person.phone),
        document_type=document.type,
        id_number_index=document_index(keys, document),
        id_number_sealed=seal_number(keys, account_id, document),
        level=Level.PROVEN,
        password_digest=passwords.digest(person.password),
        created_at=now,
    )


def _make_company(parts: Runtime, company: Company, people: dict[str, str]) -> None:
    representative = people[company.representative]
    enterprise_id, kinds = new_id("ent"), (SealKind.COMPANY, SealKind.LEGAL_REPRESENTATIVE)
    allot = parts.providers.seal_numbers.allot
    number = {kind: allot(f"seed {company.code} {kind}", company.place) for kind in kinds}
    subject = Subject.of_company(company.name, company.code)
    owner = Owner(OwnerKind.ENTERPRISE, enterprise_id, subject)
    issued = _certified(parts, f"seed-{enterprise_id}", owner)
    seals = (
        NewSeal(kind, KIND_NAMES[kind], words, number[kind])
        for kind, words in zip(kinds, (company.name, company.representative), strict=True)
    )
    maker, signer = parts.providers.seal_maker, issued.sm2.answer.certificate
    prepared = [prepare_seal(maker, new, signer, parts.clock.now()) for new in seals]
    proof = IdDocument("resident_id", company.representative_id_number)
    with parts.db.begin() as uow:
        uow.session.add(
            Enterprise(
                id=enterprise_id,
                code=company.code,
                name=company.name,
                place=company.place,
                representative_name=company.representative,
                representative_index=document_index(parts.providers.keys, proof),
                representative_id=representative,
                created_at=uow.now,
            )
        )
        uow.session.flush()
        opened = certificates.make_ring(uow, issued)
        requests.close_request(uow, f"seed-{enterprise_id}")
        give_or_hold(uow, parts.providers.keys, opened, representative)
        made = [make_seal(uow, opened.ring, one) for one in prepared]
        if company.code == DEMO_CODES[0]:
            grant = _grant_operator(uow, enterprise_id, representative, people["李晓梅"])
            grant.seal_ids = [made[0].id]
            give_or_hold(uow, parts.providers.keys, opened, people["李晓梅"], grant.id)


def _certified(parts: Runtime, request_id: str, owner: Owner) -> SigningKeys:
    keys = parts.providers.keys
    with parts.db.begin() as uow:
        requests.open_request(uow, keys, request_id=request_id, owner=owner, period=_period(parts))
    return requests.fulfil(parts.db, keys, parts.providers.ca, request_id)


def _grant_operator(uow: UnitOfWork, enterprise_id: str, by: str, grantee: str) -> Grant:
    grant = Grant(
        id=new_id("gr"),
        enterprise_id=enterprise_id,
        grantee_id=grantee,
        granted_by=by,
        role=GrantRole.OPERATOR,
        status=GrantStatus.ACTIVE,
        starts_at=uow.now,
        ends_at=uow.now + timedelta(days=365),
        most_uses=100,
        created_at=uow.now,
    )
    uow.session.add(grant)
    uow.session.flush()
    return grant


def _make_partner(parts: Runtime, uow: UnitOfWork) -> str:
    origin = parts.settings.demo_partner_url
    partner = Partner(
        id=new_id("par"),
        name=PARTNER_NAME,
        domain=origin.split("://")[-1],
        support_phone=SUPPORT_PHONE,
        return_origins=[origin],
        login_return_urls=[origin + LOGIN_RETURN],
        created_at=uow.now,
    )
    uow.session.add(partner)
    uow.session.flush()
    return issue_key(uow, partner.id)


def _follow_the_port(parts: Runtime, uow: UnitOfWork) -> None:
    """The demo may be started on another port than last time; its partner moves along."""
    origin = parts.settings.demo_partner_url
    partner = uow.session.scalars(select(Partner).where(Partner.name == PARTNER_NAME)).first()
    if partner is not None:
        partner.return_origins, partner.domain = [origin], origin.split("://")[-1]
        partner.login_return_urls = [origin + LOGIN_RETURN]


def _keep_secret(path: Path, secret: str) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(secret)


def _period(parts: Runtime) -> Period:
    now = parts.clock.now().replace(microsecond=0)
    return Period(now, now + CERTIFICATE_LIFE)
