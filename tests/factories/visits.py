"""Sessions on a phone, before and after a face was shown in them."""

from dataclasses import dataclass

from flask.testing import FlaskClient
from sqlalchemy import select

from server.accounts import consents, sessions
from server.accounts.models import Account, AccountSession, Means
from server.accounts.sessions import Company
from server.core.ids import fingerprint, new_id
from server.enterprises.models import Enterprise, EnterpriseLogin
from server.seed import DemoPerson
from tests.factories.companies import PHONE
from tests.factories.product import WEI, Product


@dataclass
class Visit:
    """A phone's browser with the session that its cookie names."""

    product: Product
    client: FlaskClient
    session: AccountSession

    def show_face(self) -> None:
        """As if a face check had passed in this session."""
        with self.product.parts.db.begin() as uow:
            row = uow.session.get_one(AccountSession, self.session.id)
            row.face_at = uow.now


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
