"""What a test asks of logins by QR code: cookies, rows, and who was refused."""

from http.cookies import Morsel, SimpleCookie
from typing import Any

from sqlalchemy import select
from werkzeug.test import TestResponse

from server.accounts.models import Account, AccountSession
from server.core.audit import AuditRow
from server.seed import DemoPerson
from tests.factories.devices import LoginPage
from tests.factories.product import Product


def told(answer: TestResponse) -> tuple[int, str]:
    return answer.status_code, answer.get_json()["code"]


def cookie(answer: TestResponse, name: str) -> "Morsel[str]":
    sent = SimpleCookie()
    for header in answer.headers.getlist("Set-Cookie"):
        sent.load(header)
    return sent[name]


def held(page: LoginPage) -> str:
    found = page.client.get_cookie("gy_login", path="/login")
    assert found
    return str(found.value)


def computers(product: Product) -> list[AccountSession]:
    """Every login by QR code that there is."""
    with product.parts.db.read() as uow:
        return list(uow.session.scalars(select(AccountSession).where(AccountSession.means == "qr")))


def id_of(product: Product, person: DemoPerson) -> str:
    with product.parts.db.read() as uow:
        return uow.session.scalars(select(Account.id).where(Account.name == person.name)).one()


def refusals(product: Product, session_id: str) -> list[tuple[str, Any]]:
    """Who was refused on a QR session, and with which code."""
    with product.parts.db.read() as uow:
        rows = uow.session.scalars(select(AuditRow).where(AuditRow.subject == session_id)).all()
        return [(row.actor, row.details["code"]) for row in rows if row.event == "qr.refused"]
