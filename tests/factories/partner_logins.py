"""Logins at partners: a back end with its verifier, the browser with our page, the exchange."""

import secrets
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from server.core.audit import AuditRow
from server.partner_logins.exchange import challenge_of
from tests.factories.devices import LoginPage, PhoneInHand
from tests.factories.product import PartnerProgram, Product

RETURN_URL = "http://127.0.0.1:8322/scan-login/back"
STATE = "s-0123456789"


class PartnerLoginPage(LoginPage):
    """Our page in the browser that a partner has sent there."""

    def __init__(self, client: FlaskClient, open_url: str) -> None:
        self.open_url = open_url
        self.base = urlsplit(open_url).path
        super().__init__(client)

    def open(self, open_token: str | None = None) -> TestResponse:
        token = urlsplit(self.open_url).fragment if open_token is None else open_token
        answer = self.post_to("open", body={"open_token": token or None})
        self.state = answer.get_json()
        return answer

    @property
    def cookie(self) -> str:
        """What this browser keeps of the page."""
        found = self.client.get_cookie("gy_page", path=self.base)
        assert found
        return str(found.value)

    def address_back(self, action: str = "confirm") -> dict[str, str]:
        """Where the page is sent by 是我，登录 (or `leave`), as its query; the place is checked."""
        answer = self.post_to(action)
        assert answer.status_code == 200, answer.get_json()
        parts = urlsplit(answer.get_json()["next"])
        assert parts._replace(query="").geturl() == RETURN_URL
        return {name: value for name, [value] in parse_qs(parts.query).items()}


@dataclass
class PartnerLogin:
    """One login that a partner asks for, with its browser; each step can be taken by itself."""

    partner: PartnerProgram
    verifier: str = field(default_factory=lambda: secrets.token_urlsafe(48))
    made: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def asked(cls, partner: PartnerProgram, **wanted: Any) -> "PartnerLogin":
        login = cls(partner)
        answer = login.create(**wanted)
        assert answer.status_code == 201, answer.get_json()
        login.made = answer.get_json()
        return login

    def create(self, *, key: str | None = None, **wanted: Any) -> TestResponse:
        challenge = challenge_of(self.verifier)
        body = {"code_challenge": challenge, "code_challenge_method": "S256", "state": STATE}
        headers = {"Idempotency-Key": key} if key else {}
        return self.partner.post("/login-sessions", body | wanted, **headers)

    @property
    def id(self) -> str:
        login_id: str = self.made["id"]
        return login_id

    def page(self) -> PartnerLoginPage:
        """A browser that opens the page."""
        return PartnerLoginPage(self.partner.product.app.test_client(), self.made["open_url"])

    def code(self, phone: PhoneInHand) -> str:
        """Everything up to the code that the browser brings back."""
        page = self.page()
        phone.let_in(page)
        return page.address_back()["code"]

    def exchange(
        self, code: str, *, verifier: str | None = None, key: str | None = None
    ) -> TestResponse:
        body = {"code": code, "code_verifier": verifier or self.verifier}
        headers = {"Idempotency-Key": key} if key else {}
        return self.partner.post("/login-sessions/exchange", body, **headers)

    def standing(self) -> tuple[str, str, str]:
        shown = self.partner.get(f"/login-sessions/{self.id}").get_json()
        return shown["status"], shown["state"], shown["hint_code"]


def alarms(product: Product, login_id: str) -> list[str]:
    """Why codes of this login were refused with an alarm."""
    with product.parts.db.read() as uow:
        rows = uow.session.scalars(
            select(AuditRow)
            .where(AuditRow.subject == login_id, AuditRow.event == "partner_login.code_misused")
            .order_by(AuditRow.seq)
        )
        return [row.details["reason"] for row in rows]
