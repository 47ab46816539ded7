"""How people and companies come in on the phone pages: what is typed, and what is answered."""

import re
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from werkzeug.test import TestResponse

from server.accounts.models import AccountSession
from server.providers.registry import Company
from server.providers.registry.demo_companies import DEMO_COMPANIES
from tests.factories.devices import Browser
from tests.factories.product import Product

# Represented by a person of the demo, and not seeded: its login is still to be made.
LIUZHOU = DEMO_COMPANIES[1]
OFFICE = "13907719003"
SECRET = "office-2026"


def told(answer: TestResponse) -> tuple[int, str]:
    return answer.status_code, answer.get_json()["code"]


def said(answer: TestResponse) -> tuple[int, dict[str, Any]]:
    """All of an answer but the name of its request."""
    body = {key: value for key, value in answer.get_json().items() if key != "request_id"}
    return answer.status_code, body


def another(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"


def typed(company: Company = LIUZHOU, phone: str = OFFICE, **other: Any) -> dict[str, Any]:
    """What an honest clerk types; the code is still missing."""
    representative = {
        "document_type": "resident_id",
        "name": company.representative,
        "number": company.representative_id_number,
        "consent_to_id_number": True,
    }
    form = {
        "legal_form": "company",
        "name": company.name,
        "company": company.code,
        "representative": representative,
        "phone": phone,
        "password": SECRET,
        "agreed": True,
    }
    return {**form, **other}


@dataclass
class Entrance(Browser):
    """A phone's browser before the doors, and the text messages that arrive."""

    product: Product

    @classmethod
    def of(cls, product: Product) -> "Entrance":
        return cls(product.app.test_client(), product)

    def code(self, phone: str = OFFICE) -> str:
        """The newest code that this phone got."""
        mine = next(one for one in self.product.sms.messages() if one.phone == phone)
        found = re.search(r"\d{6}", mine.text)
        assert found
        return found.group()

    def ask_company_code(self, phone: str = OFFICE) -> TestResponse:
        return self.post("/m/register/company/sms", {"phone": phone})

    def register_company(self, **other: Any) -> TestResponse:
        """Send the form; with a code that was asked for before, unless another is given."""
        form = typed(**{key: other.pop(key) for key in ("company", "phone") if key in other})
        return self.post("/m/register/company", {**form, "code": self.code(form["phone"]), **other})

    def show_face(self, begun: TestResponse, *, passes: bool = True) -> TestResponse:
        """Decide at the double's page, come back, and let the page settle the check."""
        page: str = begun.get_json()["next"]
        back: str = self.post(page, {"passes": passes}).get_json()["next"]
        return self.post("/m/face/settle" + back[back.index("?") :])

    def log_in_company(
        self, code: str = LIUZHOU.code, password: str = SECRET, **other: Any
    ) -> TestResponse:
        body = {"company": code, "password": password, "agreed": True, **other}
        return self.post("/m/login/company", body)

    def ask_reset_code(self, code: str = LIUZHOU.code) -> TestResponse:
        return self.post("/m/forgot/company/sms", {"company": code})

    def reset_company(
        self, sms_code: str, password: str, company: str = LIUZHOU.code
    ) -> TestResponse:
        body = {"company": company, "code": sms_code, "password": password}
        return self.post("/m/forgot/company", body)


def registered_company(product: Product) -> Entrance:
    """A browser of a company that has just registered, logged in."""
    entrance = Entrance.of(product)
    entrance.ask_company_code()
    answer = entrance.register_company()
    assert answer.status_code == 200, answer.get_json()
    return entrance


def company_sessions(product: Product) -> list[AccountSession]:
    """Every session that a company's own login has opened."""
    with product.parts.db.read() as uow:
        mine = AccountSession.enterprise_login_id.is_not(None)
        return list(uow.session.scalars(select(AccountSession).where(mine)))
