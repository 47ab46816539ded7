"""A person's mini-program: it keeps a token, numbers its requests, and knows no cookies."""

import re
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import delete, select
from werkzeug.test import TestResponse

from server.accounts import consents
from server.accounts.models import Account, DeviceKind, Means, SmsCode
from server.accounts.sessions import Company, Device, open_session
from server.seed import DemoPerson
from server.web.errcodes import ERRCODES
from tests.factories.product import WEI, Product

MP = "/mp/v1"
AGENT = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5) MicroMessenger/8.0.50 miniProgram"
NUMBERS = count(1)


@dataclass
class MiniProgram:
    """Requests as `wx.request` sends them; `token` is that of the login, once there is one."""

    product: Product
    person: DemoPerson = WEI
    token: str = field(default="", repr=False)

    @property
    def client(self) -> FlaskClient:
        return self.product.app.test_client(use_cookies=False)

    def headers(self, key: str | None = None) -> dict[str, str]:
        sent = {"User-Agent": AGENT, "Accept": "application/json"}
        if self.token:
            sent["Authorization"] = f"Bearer {self.token}"
        return sent if key is None else {**sent, "Idempotency-Key": key}

    def get(self, path: str, **more: Any) -> TestResponse:
        return self.client.get(MP + path, headers=self.headers(), buffered=True, **more)

    def post(self, path: str, body: Any = None, *, key: str | None = None) -> TestResponse:
        """With a key of its own for each request, as the mini-program sends it."""
        key = key or f"key-{next(NUMBERS)}"
        return self.client.post(MP + path, json=body or {}, headers=self.headers(key))

    def delete(self, path: str) -> TestResponse:
        return self.client.delete(MP + path, headers=self.headers())

    def ask_code(self, purpose: str = "enter", id_no: str | None = None) -> TestResponse:
        """A code, as if the one before were long ago."""
        with self.product.parts.db.begin() as uow:
            uow.session.execute(delete(SmsCode))
        asked = {"purpose": purpose, "id_no": id_no or self.person.phone}
        return self.post("/auth/sms", asked)

    def code(self) -> str:
        """The newest code that was sent to anybody."""
        found = re.search(r"\d{6}", self.product.sms.messages(1)[0].text)
        assert found
        return found.group()

    def by_code(self, **changed: Any) -> dict[str, Any]:
        """The body of a login by a code that has just come."""
        self.ask_code()
        told = {"account_type": "person", "id_no": self.person.phone, "agreed": True}
        return {**told, "sms_code": self.code(), **changed}

    def log_in(self) -> dict[str, Any]:
        """Come in by a code, and keep the token."""
        return self.keep(self.post("/auth/login", self.by_code()))

    def keep(self, answer: TestResponse) -> dict[str, Any]:
        """Keep the token of a good answer."""
        told: dict[str, Any] = answer.get_json()
        assert answer.status_code == 200, told
        self.token = told["session_token"]
        return told

    def resolve(self, text: str, **more: Any) -> TestResponse:
        """Judge the text of a code."""
        return self.post("/qr/resolve", {"text": text, **more})

    def scan(self, text: str) -> dict[str, Any]:
        """Resolve a code and take its session; what is asked."""
        found = self.resolve(text).get_json()
        answer = self.post(f"/qr/{found['session_id']}/scan", {"ticket": found["ticket"]})
        assert answer.status_code == 200, answer.get_json()
        asked: dict[str, Any] = answer.get_json()
        return asked

    def begin_face(self, purpose: str = "enter_company") -> str:
        """The id of a check that waits for a face."""
        answer = self.post("/face/sessions", {"purpose": purpose, "consent": True})
        assert answer.status_code == 200, answer.get_json()
        return str(answer.get_json()["face_id"])


def logged_in(
    product: Product, person: DemoPerson = WEI, company: Company | None = None
) -> MiniProgram:
    """A mini-program at which this person is logged in; by a company's own login if it is given."""
    device = Device(DeviceKind.MINI_PROGRAM, AGENT, "203.0.113.*", timedelta(hours=12))
    with product.parts.db.begin() as uow:
        account = uow.session.scalars(select(Account).where(Account.name == person.name)).one()
        consents.give(uow, account.id)
        token = open_session(uow, account, device, Means.PASSWORD, company)
    return MiniProgram(product, person, token)


def told(answer: TestResponse) -> tuple[int, str]:
    """Status and code of a refusal, which has the number of its code."""
    body = answer.get_json()
    assert body["errcode"] == ERRCODES[body["code"]]
    return answer.status_code, body["code"]
