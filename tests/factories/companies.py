"""Companies of the register, and the logins that they make for themselves."""

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, select

from server.accounts import passwords
from server.accounts.codes import CodeAsk, CodeProof, Purpose, Recipient, to_phone
from server.accounts.faces import FaceAsk, FaceDesk, FacePurpose
from server.accounts.id_documents import IdDocument, document_index, seal_number
from server.accounts.models import Account, AccountSession, DeviceKind, Level, Means, SmsCode
from server.accounts.registration import Declared
from server.accounts.sessions import Device, open_session
from server.core.db import UnitOfWork
from server.core.ids import fingerprint, new_id
from server.enterprises import gate, registration
from server.enterprises.models import Enterprise, EnterpriseLogin
from server.enterprises.registration import CompanyForm
from server.providers.face.local import LocalFace
from server.providers.keys import Keys
from server.providers.registry import Company
from server.providers.registry.local import LocalRegistry
from tests.factories.product import Product

NANNING, SHENZHEN = "450100", "440300"
QIN = ("覃明亮", "450102198805011021")
LU = ("陆小曼", "450103199107123035")
TEA = Company("91450300MA5T7Y1A2W", "南宁(青秀)茶业有限公司", NANNING, *QIN)
SHIP = Company("91440300MA5T7Y1A3U", "深圳桂航船务有限公司", SHENZHEN, *QIN)
OFFICE_PHONE, OTHER_PHONE = "13907719001", "13907719002"
PASSWORD, OTHER_PASSWORD = "tea-2026-leaf", "other-2026-leaf"
PHONE = Device(DeviceKind.PHONE, "test", "127.0.0.1", timedelta(days=1))


def form(company: Company = TEA, **changed: Any) -> CompanyForm:
    """What an honest clerk types."""
    document = IdDocument("resident_id", company.representative_id_number)
    person = Declared(company.representative, document, consent_to_id_number=True)
    typed = CompanyForm("company", company.name, company.code, person, PASSWORD)
    return replace(typed, **changed)


def index_of(keys: Keys, person: tuple[str, str]) -> str:
    return document_index(keys, IdDocument("resident_id", person[1]))


@dataclass
class Office:
    """Where companies register, log in and show the face of their representative."""

    product: Product
    companies: list[Company] = field(default_factory=lambda: [TEA, SHIP])

    @property
    def keys(self) -> Keys:
        return self.product.parts.providers.keys

    @property
    def registry(self) -> LocalRegistry:
        return LocalRegistry(self.companies)

    def prepare(self, typed: CompanyForm | None = None, phone: str = OFFICE_PHONE) -> Any:
        return registration.prepare(self.keys, self.registry, typed or form(), phone)

    def proof(self, phone: str = OFFICE_PHONE, purpose: Purpose = Purpose.COMPANY) -> CodeProof:
        """A code that was sent to this phone, and typed."""
        return self.proof_to(to_phone(self.keys, phone), purpose)

    def proof_to(self, to: Recipient, purpose: Purpose) -> CodeProof:
        desk, ask = self.product.parts.code_desk, CodeAsk(to, purpose, "127.0.0.1")
        with self.product.parts.db.begin() as uow:
            uow.session.execute(delete(SmsCode))  # as if the last one were long ago
        desk.send(ask)
        words = self.product.sms.messages(1)[0].text
        code = next(word for word in _numbers(words) if len(word) == 6)
        return desk.prove(ask, code)

    def register(self, typed: CompanyForm | None = None, phone: str = OFFICE_PHONE) -> str:
        """All of a registration; the id of the session that it opens."""
        return self.register_with(self.prepare(typed, phone), self.proof(phone))

    def register_with(self, new: Any, proof: CodeProof, *, agreed: bool = True) -> str:
        with self.product.parts.db.begin() as uow:
            _, token = registration.register(uow, new, proof, agreed=agreed, device=PHONE)
            return _session(uow, token).id

    def log_in(self, company: Company = TEA, password: str = PASSWORD) -> str:
        """The id of the session."""
        db = self.product.parts.db
        login_id = registration.check_password(db, company.code, password)
        with db.begin() as uow:
            _, token = registration.log_in(uow, login_id, agreed=True, device=PHONE)
            return _session(uow, token).id

    def reset(self, password: str, proof: CodeProof, company: Company = TEA) -> None:
        digest = passwords.digest(password)
        with self.product.parts.db.begin() as uow:
            registration.reset_password(uow, company.code, proof, digest)

    def reset_code(self, company: Company = TEA) -> CodeProof:
        to = registration.recipient(self.product.parts.db, self.keys, company.code)
        return self.proof_to(to, Purpose.COMPANY_RESET)

    def face(
        self, session_id: str, purpose: FacePurpose = FacePurpose.ENTER_COMPANY, *, ok: bool = True
    ) -> str:
        """A settled check of this session's person."""
        parts = self.product.parts
        double = LocalFace(parts.settings.data_dir / "test-faces", passes=ok)
        desk = FaceDesk(parts.db, self.keys, double)
        check, _ = desk.start(
            FaceAsk(self.session(session_id).account_id, purpose, session_id, True)
        )
        desk.settle(check.id, session_id)
        return check.id

    def enter(self, session_id: str, check_id: str) -> None:
        with self.product.parts.db.begin() as uow:
            gate.enter(uow, check_id, session_id)

    def open(self, company: Company = TEA) -> str:
        """A registered login that its representative's face has opened; the session."""
        session_id = self.register(form(company))
        self.enter(session_id, self.face(session_id))
        return session_id

    def session_of(self, account_id: str) -> str:
        """A personal session of this account; its id."""
        with self.product.parts.db.begin() as uow:
            account = uow.session.get_one(Account, account_id)
            return _session(uow, open_session(uow, account, PHONE, Means.SMS)).id

    def session(self, session_id: str) -> AccountSession:
        with self.product.parts.db.read() as uow:
            return uow.session.get_one(AccountSession, session_id)

    def account(self, account_id: str) -> Account:
        with self.product.parts.db.read() as uow:
            return uow.session.get_one(Account, account_id)

    def enterprise(self, company: Company = TEA) -> Enterprise:
        with self.product.parts.db.read() as uow:
            wanted = select(Enterprise).where(Enterprise.code == company.code)
            return uow.session.scalars(wanted).one()

    def login(self, company: Company = TEA) -> EnterpriseLogin:
        owner = self.enterprise(company)
        with self.product.parts.db.read() as uow:
            wanted = select(EnterpriseLogin).where(EnterpriseLogin.enterprise_id == owner.id)
            return uow.session.scalars(wanted).one()

    def person(self, who: tuple[str, str] = QIN, level: Level = Level.PROVEN) -> str:
        """An account of one's own with this name and number; its id."""
        account_id, document = new_id("acc"), IdDocument("resident_id", who[1])
        sealed = seal_number(self.keys, account_id, document)
        with self.product.parts.db.begin() as uow:
            row = Account(id=account_id, name=who[0], document_type=document.type, level=level)
            row.id_number_index = document_index(self.keys, document)
            row.id_number_sealed, row.created_at = sealed, uow.now
            uow.session.add(row)
        return account_id


def _session(uow: UnitOfWork, token: str) -> AccountSession:
    uow.session.flush()
    wanted = select(AccountSession).where(AccountSession.token_digest == fingerprint(token))
    return uow.session.scalars(wanted).one()


def _numbers(text: str) -> list[str]:
    return "".join(c if c.isdigit() else " " for c in text).split()
