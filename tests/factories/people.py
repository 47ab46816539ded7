"""People who ask for codes, register, declare a document and show their face."""

import re
from dataclasses import dataclass, replace
from datetime import timedelta

from sqlalchemy import select

from server.accounts import codes, fresh_proofs, identities, registration, sessions
from server.accounts.codes import CodeAsk, CodeDesk, CodeProof, Purpose, to_phone
from server.accounts.faces import FaceAsk, FaceDesk, FacePurpose
from server.accounts.fresh_proofs import Act
from server.accounts.id_documents import read_document
from server.accounts.identities import Assertion
from server.accounts.models import (
    Account,
    AccountSession,
    DeviceKind,
    FaceCheck,
    IdentityKind,
    Means,
    Subscription,
)
from server.accounts.names import LoginName, read_login_name
from server.accounts.registration import Declared
from server.accounts.sessions import Company, Device
from server.core.db import Database
from server.core.ids import fingerprint, new_id
from server.providers.face.local import LocalFace
from tests.factories.product import Product

NEW_PHONE = "13907719001"
OTHER_PHONE = "13907719002"
NUMBER = "450103199001010016"
OTHER_NUMBER = "450103199001010024"
BROWSER = Device(DeviceKind.COMPUTER, "a browser", "203.0.113.7", timedelta(hours=12))
HOLDER = "the browser's token"


@dataclass
class People:
    """The domain's ways in, for the people of one product."""

    product: Product

    @property
    def db(self) -> Database:
        return self.product.parts.db

    @property
    def desk(self) -> CodeDesk:
        return self.product.parts.code_desk

    def limited(self, **limits: int) -> CodeDesk:
        """A desk with other limits."""
        return replace(self.desk, limits=replace(self.desk.limits, **limits))

    def ask(
        self,
        phone: str = NEW_PHONE,
        purpose: Purpose = Purpose.ENTER,
        *,
        address: str = "203.0.113.7",
        subject: str = "",
    ) -> CodeAsk:
        return CodeAsk(to_phone(self.desk.keys, phone), purpose, address, subject)

    def sent(self) -> str:
        """The six digits of the newest text message."""
        found = re.search(r"\d{6}", self.product.sms.messages()[0].text)
        assert found
        return found[0]

    def code(self, ask: CodeAsk) -> str:
        """A code that was just asked for, a minute after the last one."""
        self.product.clock.advance(seconds=60)
        self.desk.send(ask)
        return self.sent()

    def spend(self, ask: CodeAsk, code: str) -> CodeProof:
        proof = self.desk.prove(ask, code)
        with self.db.begin() as uow:
            codes.spend(uow, proof)
        return proof

    def proof(self, ask: CodeAsk) -> CodeProof:
        """Ask for a code and type it rightly."""
        return self.desk.prove(ask, self.code(ask))

    def name(self, text: str, document_type: str = "") -> LoginName:
        return read_login_name(self.desk.keys, text, document_type)

    def found(self, text: str) -> Account | None:
        with self.db.read() as uow:
            return self.name(text).of(uow)

    def account(self, account_id: str) -> Account:
        with self.db.read() as uow:
            return uow.session.get_one(Account, account_id)

    def register(self, phone: str = NEW_PHONE, declared: Declared | None = None) -> str:
        """The id of an account that a phone has made, and perhaps named a document for."""
        new = registration.prepare(self.desk.keys, phone, declared)
        proof = self.proof(self.ask(phone))
        with self.db.begin() as uow:
            account, _ = registration.register(uow, new, proof, agreed=True, device=BROWSER)
            return account.id

    def log_in(self, account_id: str, company: Company | None = None) -> AccountSession:
        """A session of this account, perhaps one that a company's login opened."""
        with self.db.begin() as uow:
            account = uow.session.get_one(Account, account_id)
            token = sessions.open_session(uow, account, BROWSER, Means.SMS, company)
            uow.session.flush()
            mine = AccountSession.token_digest == fingerprint(token)
            return uow.session.scalars(select(AccountSession).where(mine)).one()

    def log_in_by(self, phone: str) -> AccountSession:
        """A session of the account with this phone."""
        account = self.found(phone)
        assert account
        return self.log_in(account.id)

    def bind_wechat(self, account_id: str) -> None:
        """An identity of the mini-program with a subscription, as they are after a login in it."""
        said = Assertion(IdentityKind.WECHAT, "wx-1", "openid-1")
        sealed = identities.prepare(self.desk.keys, said)
        with self.db.begin() as uow:
            identities.keep(uow, sealed)
            identities.bind(uow, sealed.id, account_id)
            row = Subscription(id=new_id("sub"), identity_id=sealed.id, template="t", left=1)
            row.changed_at = uow.now
            uow.session.add(row)

    def own_proof(self, session: AccountSession, act: Act) -> CodeProof:
        """The code that went to the phone of who is logged in, typed rightly."""
        return self.proof(fresh_proofs.ask_code(self.desk, session, act, "203.0.113.7"))

    def open_sessions(self, account_id: str) -> list[str]:
        with self.db.read() as uow:
            return [row.id for row in sessions.open_sessions(uow, account_id)]

    def declare(self, account_id: str, declared: Declared) -> None:
        document = registration.close_document(self.desk.keys, account_id, declared)
        with self.db.begin() as uow:
            registration.declare(uow, uow.session.get_one(Account, account_id), document)

    def set_password(self, account_id: str, digest: str) -> None:
        with self.db.begin() as uow:
            uow.session.get_one(Account, account_id).password_digest = digest


def claim(number: str = NUMBER, name: str = "覃小红", *, consent: bool = True) -> Declared:
    """A resident's name and number, as somebody types them."""
    return Declared(name, read_document("resident_id", number), consent_to_id_number=consent)


@dataclass
class Faces:
    """A desk before the double of the recognition service, where tests decide."""

    desk: FaceDesk
    service: LocalFace

    def begin(
        self, account_id: str, purpose: FacePurpose = FacePurpose.REAL_NAME, holder: str = HOLDER
    ) -> str:
        """The id of a check that waits for a face."""
        return self.desk.start(FaceAsk(account_id, purpose, holder, consent=True))[0].id

    def decide(self, check_id: str, *, passes: bool = True) -> None:
        with self.desk.db.read() as uow:
            reference = uow.session.get_one(FaceCheck, check_id).reference
        self.service.decide(reference, passes=passes)

    def passed(
        self, account_id: str, purpose: FacePurpose = FacePurpose.REAL_NAME, holder: str = HOLDER
    ) -> str:
        """The id of a check that was passed and settled."""
        check_id = self.begin(account_id, purpose, holder)
        self.decide(check_id)
        self.desk.settle(check_id, holder)
        return check_id
