"""What somebody was told, made ready for pages and for sending twice."""

from sqlalchemy import select

from server.accounts import notices
from server.accounts.models import Account
from server.accounts.news import News
from server.accounts.notices import About
from server.enterprises.models import Enterprise
from server.seed import DemoPerson
from tests.factories.changes import Ready, Request
from tests.factories.mini_changes import sent
from tests.factories.mini_program import logged_in
from tests.factories.mini_twice import RID
from tests.factories.product import WEI, Product
from tests.factories.twice import Route

MESSAGES = "/m/messages"


def tell(
    product: Product,
    person: DemoPerson = WEI,
    company: str | None = None,
    news: News = News.PHONE_CHANGED,
) -> str:
    """Something that this person is told; the notice's id."""
    about: About = {"subject": "of-a-test", "words": {}, "enterprise_id": company}
    with product.parts.db.begin() as uow:
        return notices.tell(uow, account_of(product, person), news, **about)


def account_of(product: Product, person: DemoPerson) -> str:
    with product.parts.db.read() as uow:
        return uow.session.scalars(select(Account.id).where(Account.name == person.name)).one()


def company_of(product: Product, person: DemoPerson = WEI) -> Enterprise:
    """The company that this person represents."""
    with product.parts.db.read() as uow:
        his = Enterprise.representative_id == account_of(product, person)
        return uow.session.scalars(select(Enterprise).where(his)).first()  # type: ignore[return-value]


def _on_phone(path: str) -> Ready:
    def ready(product: Product) -> Request:
        phone = product.phone()
        return Request(phone.client, f"{MESSAGES}/{path.format(id=tell(product))}", body={})

    return ready


def _by_mini_program(path: str) -> Ready:
    def ready(product: Product) -> Request:
        phone = logged_in(product)
        return sent(phone, f"/messages/{path.format(id=tell(product))}")

    return ready


TOLD = {
    "phone_messages.read": Route(_on_phone("{id}/read")),
    "phone_messages.read_all": Route(_on_phone("read-all")),
    "mp_messages.read": Route(_by_mini_program("{id}/read"), fresh=RID),
    "mp_messages.read_all": Route(_by_mini_program("read-all"), fresh=RID),
}
