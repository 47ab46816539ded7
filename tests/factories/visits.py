"""Sessions on a phone, before and after a face was shown in them."""

from dataclasses import dataclass
from urllib.parse import quote

from flask.testing import FlaskClient
from sqlalchemy import delete, select
from werkzeug.test import TestResponse

from server.accounts import consents, sessions
from server.accounts.consents import VERSIONS, Agreement
from server.accounts.models import Account, AccountSession, Consent, Means
from server.accounts.sessions import Company
from server.core.ids import fingerprint, new_id
from server.enterprises.models import Enterprise, EnterpriseLogin
from server.seed import DemoPerson
from tests.factories.changes import Request
from tests.factories.companies import PHONE
from tests.factories.devices import Browser
from tests.factories.product import WEI, Product


@dataclass
class Visit(Browser):
    """A phone's browser with the session that its cookie names."""

    product: Product
    session: AccountSession

    def __init__(self, product: Product, client: FlaskClient, session: AccountSession) -> None:
        super().__init__(client)
        self.product, self.session = product, session

    def begin_face(self, path: str = "/m/gate") -> str:
        """The page of the double, for a check begun at this address."""
        answer = self.post(path, {"consent": True})
        assert answer.status_code == 200, answer.get_json()
        page: str = answer.get_json()["next"]
        return page

    def decide(self, page: str, *, passes: bool | None = True) -> str:
        """What is chosen at the double's page; the way back from it, without the host."""
        answer = self.post(page, {"passes": passes})
        back: str = answer.get_json()["next"]
        return back.removeprefix(self.product.parts.settings.public_url)

    def settle(self, back: str = "/m/face") -> TestResponse:
        """What the page at the way back asks for by itself."""
        return self.post(back.replace("/m/face", "/m/face/settle"))

    def pass_gate(self, then: str = "/m/") -> TestResponse:
        """All of the face gate by the pages' own requests."""
        page = self.begin_face(f"/m/gate?next={quote(then, safe='')}")
        return self.settle(self.decide(page))


def visit(product: Product, person: DemoPerson = WEI, *, by_company: bool = False) -> Visit:
    """Somebody who is logged in on a phone; with `by_company` by his company's own login."""
    with product.parts.db.begin() as uow:
        account = uow.session.scalars(select(Account).where(Account.name == person.name)).one()
        company = None
        if by_company:
            wanted = select(Enterprise).where(Enterprise.representative_id == account.id)
            enterprise = uow.session.scalars(wanted.order_by(Enterprise.code)).first()
            assert enterprise is not None
            login = EnterpriseLogin(id=new_id("elog"), enterprise_id=enterprise.id)
            login.account_id, login.legal_form = account.id, "company"
            login.representative_index = enterprise.representative_index
            login.password_digest = login.phone_index = ""
            login.phone_sealed, login.created_at = b"", uow.now
            uow.session.add(login)
            uow.session.flush()
            company = Company(login.id, enterprise.id)
        if not by_company:
            consents.give(uow, account.id)
        token = sessions.open_session(uow, account, PHONE, Means.PASSWORD, company)
        uow.session.flush()
        wanted_session = select(AccountSession).where(
            AccountSession.token_digest == fingerprint(token)
        )
        session = uow.session.scalars(wanted_session).one()
    client = product.app.test_client()
    client.set_cookie("gy_phone", token)
    return Visit(product, client, session)


def accepted(product: Product) -> Request:
    phone = product.phone()
    with product.parts.db.begin() as uow:
        uow.session.execute(delete(Consent).where(Consent.kind == Agreement.TERMS))
    body = {"versions": {"terms": VERSIONS[Agreement.TERMS]}}
    return Request(phone.client, "/m/agreements/accept", body=body)


def accepted_on_computer(product: Product) -> Request:
    client = product.computer().client
    with product.parts.db.begin() as uow:
        uow.session.execute(delete(Consent).where(Consent.kind == Agreement.TERMS))
    body = {"versions": {"terms": VERSIONS[Agreement.TERMS]}}
    return Request(client, "/account/agreements", body=body)


def gate_asked(product: Product) -> Request:
    return Request(visit(product, by_company=True).client, "/m/gate", body={"consent": True})


def face_shown(product: Product) -> Request:
    company = visit(product, by_company=True)
    company.decide(company.begin_face())
    return Request(company.client, "/m/face/settle")


def face_decided(product: Product) -> Request:
    company = visit(product, by_company=True)
    return Request(company.client, company.begin_face(), body={"passes": True})


def face_begun(product: Product) -> str:
    """The reference of a check that waits at the double."""
    return visit(product, by_company=True).begin_face().rsplit("/", 1)[1]
