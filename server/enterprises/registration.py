"""A company registers a login of its own, and comes in by it (F-01, F-04, F-05).

All that is typed must agree with the registry. The login acts through the representative
(Settled 12), and opens nothing before his face was shown (F-10): the facts are public.
"""

from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import select
from stdnum.cn import uscc

from server.accounts import codes, consents, passwords, registration, sessions
from server.accounts.codes import CodeProof, Purpose, Recipient
from server.accounts.consents import Agreement
from server.accounts.errors import WrongCode
from server.accounts.models import Account, Level, Means
from server.accounts.names import read_person_name
from server.accounts.phones import open_nothing, open_phone, phone_index, seal_phone
from server.accounts.registration import Declared, SealedDocument
from server.accounts.sessions import Company as OfCompany
from server.accounts.sessions import Device
from server.core import audit
from server.core.db import Database, UnitOfWork
from server.core.ids import fingerprint, new_id
from server.core.limits import Locked, LockPolicy, forgive, forgive_within, take_attempt
from server.enterprises import service
from server.enterprises.errors import (
    BadCompanyCode,
    CompanyPasswordLocked,
    CompanyRegistered,
    RegistryMismatch,
    UnknownLegalForm,
    WrongCompanyPassword,
)
from server.enterprises.models import Enterprise, EnterpriseLogin
from server.providers.keys import Keys
from server.providers.registry import Company, CompanyNotFound, Registry

PASSWORD_TRIES = LockPolicy(tries=5, locks=(timedelta(minutes=15), timedelta(hours=24)))
LEGAL_FORMS: tuple[tuple[str, tuple[str, str]], ...] = (
    ("company", ("企业法人", "Company")),
    ("sole_trader", ("个体工商户", "Sole trader")),
    ("cooperative", ("农民专业合作社", "Farmers' cooperative")),
    ("institution", ("事业单位法人", "Public institution")),
    ("social_organization", ("社会组织法人", "Social organization")),
)


@dataclass(frozen=True)
class CompanyForm:
    """What was typed at registration, in the order of B1.1; the password is checked and kept."""

    legal_form: str
    name: str
    code: str
    representative: Declared
    password: str = field(repr=False)


@dataclass(frozen=True)
class NewLogin:
    """A company's login, agreed with the registry and closed before the transaction begins."""

    login_id: str
    legal_form: str
    company: Company
    representative: SealedDocument
    phone_index: str
    phone: bytes = field(repr=False)
    password_digest: str = field(repr=False)


def read_code(text: str) -> str:
    """` 91450100ma5k8q2x13` → `91450100MA5K8Q2X13`; raises BadCompanyCode."""
    code = "".join(text.split()).upper()
    if len(code) != 18 or not uscc.is_valid(code):
        raise BadCompanyCode()
    return code


def require_sound(form: CompanyForm, phone: str) -> None:
    """What can be judged without the registry. UnknownLegalForm, BadCompanyCode, WeakPassword,
    BadName, ConsentNeeded.
    """
    if form.legal_form not in dict(LEGAL_FORMS):
        raise UnknownLegalForm(legal_forms=[code for code, _ in LEGAL_FORMS])
    code = read_code(form.code)
    passwords.check_strength(form.password, phone, code)
    read_person_name(form.representative.name)
    consents.require_said(form.representative.consent_to_id_number, Agreement.ID_NUMBER)


def prepare(keys: Keys, registry: Registry, form: CompanyForm, phone: str) -> NewLogin:
    """Hold the form against the registry and close it.

    Raises what `require_sound` does, RegistryMismatch, CompanyStruckOff, RegistryUnavailable.
    """
    require_sound(form, phone)
    company = _registered(registry, read_code(form.code), form)
    login_id, account_id = new_id("elog"), new_id("acc")
    return NewLogin(
        login_id,
        form.legal_form,
        company,
        registration.close_document(keys, account_id, form.representative),
        phone_index(keys, phone),
        seal_phone(keys, login_id, phone),
        passwords.digest(form.password),
    )


def register(
    uow: UnitOfWork, new: NewLogin, proof: CodeProof, *, agreed: bool, device: Device
) -> tuple[Account, str]:
    """Spend the code, make the login and open its first session.

    Raises AgreementsNotTicked, WrongCode, CodeExpired, CompanyRegistered.
    """
    consents.require_ticked(agreed)
    if proof.to.index != new.phone_index:
        raise WrongCode()
    _spend(uow, proof, Purpose.COMPANY)
    uow.queue_up(f"company {new.company.code}")
    index = new.representative.index
    enterprise = service.keep(uow, service.Facts.of(new.company, index))
    _make_room(uow, enterprise.id)
    account = _representative(uow, new.representative)
    login = EnterpriseLogin(
        id=new.login_id,
        enterprise_id=enterprise.id,
        account_id=account.id,
        representative_index=index,
        legal_form=new.legal_form,
        password_digest=new.password_digest,
        phone_index=proof.to.index,
        phone_sealed=new.phone,
        created_at=uow.now,
    )
    uow.session.add(login)
    uow.session.flush()
    audit.record(uow, "enterprise.registered", actor=account.id, subject=enterprise.id)
    return _let_in(uow, login, account, device, Means.REGISTRATION)


def check_password(db: Database, code_text: str, password: str) -> str:
    """The id of the login whose password this is. BadCompanyCode, CompanyPasswordLocked,
    WrongCompanyPassword; takes as long for a company that has no login."""
    code = read_code(code_text)
    key = _tries_key(code)
    try:
        left = take_attempt(db, key, PASSWORD_TRIES)
    except Locked as locked:
        raise CompanyPasswordLocked(**locked.details) from None
    with db.read() as uow:
        login = _login_by_code(uow, code)
    right = passwords.matches(password, login.password_digest if login else "")
    if login is None or not right:
        raise WrongCompanyPassword(tries_left=left)
    forgive(db, key)
    return login.id


def log_in(uow: UnitOfWork, login_id: str, *, agreed: bool, device: Device) -> tuple[Account, str]:
    """Open a session for the login that `check_password` named.

    Raises AgreementsNotTicked, CompanyStruckOff, NoRepresentative.
    """
    consents.require_ticked(agreed)
    login = uow.session.get_one(EnterpriseLogin, login_id)
    enterprise = uow.session.get_one(Enterprise, login.enterprise_id)
    service.require_open(enterprise)
    account = uow.session.get_one(Account, _person_behind(uow, enterprise, login))
    return _let_in(uow, login, account, device, Means.PASSWORD)


def recipient(db: Database, keys: Keys, code_text: str) -> Recipient:
    """Where the code for a forgotten password goes: the login's phone, or nowhere."""
    code = read_code(code_text)
    index = keys.hmac("company_code", f"codes {fingerprint(code)[:4]}", code.encode()).hex()
    with db.read() as uow:
        login = _login_by_code(uow, code)
    if login is None:
        open_nothing(keys, index)
        return Recipient(index, None, code, is_found=True)
    return Recipient(index, open_phone(keys, login.id, login.phone_sealed), code, is_found=True)


def reset_password(uow: UnitOfWork, code_text: str, proof: CodeProof, digest: str) -> None:
    """A new password by the code of the login's phone; its sessions end, a lock is opened.

    Raises BadCompanyCode, WrongCode, CodeExpired.
    """
    company = read_code(code_text)
    if proof.to.company != company:
        raise WrongCode()
    login = _login_by_code(uow, company)
    _spend(uow, proof, Purpose.COMPANY_RESET)
    if login is None:
        raise WrongCode()
    login.password_digest = digest
    sessions.end_all_of_login(uow, login.id)
    forgive_within(uow, _tries_key(company))
    audit.record(uow, "enterprise.password_set", actor=login.id, subject=login.enterprise_id)


def _tries_key(code: str) -> str:
    return f"password:{code}"


def _spend(uow: UnitOfWork, proof: CodeProof, purpose: Purpose) -> None:
    if proof.purpose != purpose:
        raise WrongCode()
    codes.spend(uow, proof)


def _registered(registry: Registry, code: str, form: CompanyForm) -> Company:
    try:
        company = registry.company(code)
    except CompanyNotFound:
        raise RegistryMismatch() from None
    said = form.representative
    typed = (service.plain(form.name), said.name.strip(), said.document.number)
    kept = (
        service.plain(company.name),
        company.representative,
        company.representative_id_number,
    )
    if typed != kept:
        raise RegistryMismatch()
    service.require_not_struck_off(company)
    return company


def _make_room(uow: UnitOfWork, enterprise_id: str) -> None:
    """One login for a company; one that no face has ever opened gives way."""
    wanted = select(EnterpriseLogin).where(EnterpriseLogin.enterprise_id == enterprise_id)
    known = uow.session.scalar(wanted)
    if known is None:
        return
    if known.opened_at is not None:
        raise CompanyRegistered()
    sessions.end_all_of_login(uow, known.id)
    uow.session.delete(known)
    uow.session.flush()


def _representative(uow: UnitOfWork, document: SealedDocument) -> Account:
    """The account that has proved this document, else a new one that claims it.

    Never one that merely claims it: a face shown here would prove a stranger's account.
    """
    proven = service.proven_by(uow, document.index)
    if proven is not None:
        return uow.session.get_one(Account, proven)
    account = Account(id=document.account_id, level=Level.PHONE, created_at=uow.now)
    uow.session.add(account)
    uow.session.flush()
    registration.declare(uow, account, document)
    return account


def _person_behind(uow: UnitOfWork, enterprise: Enterprise, login: EnterpriseLogin) -> str:
    if enterprise.representative_id is None:
        # He may have proved himself since, and then the account that claims his number waits.
        service.name_representative(uow, enterprise)
    if enterprise.representative_id is None and (
        login.representative_index == enterprise.representative_index
    ):
        return login.account_id
    return service.representative_of(enterprise)


def _let_in(
    uow: UnitOfWork, login: EnterpriseLogin, account: Account, device: Device, means: Means
) -> tuple[Account, str]:
    # What was ticked is his word only once he has shown his face: `gate.enter` writes it down.
    company = OfCompany(login.id, login.enterprise_id)
    return account, sessions.open_session(uow, account, device, means, company)


def _login_by_code(uow: UnitOfWork, number: str) -> EnterpriseLogin | None:
    return uow.session.scalar(
        select(EnterpriseLogin)
        .join(Enterprise, Enterprise.id == EnterpriseLogin.enterprise_id)
        .where(Enterprise.code == number)
    )
