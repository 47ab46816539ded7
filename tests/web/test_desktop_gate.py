"""The face gate of a computer: shown on the phone, counted in the session that asked (F-10)."""

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from server.accounts import passwords
from server.accounts.models import FaceCheck
from server.enterprises.models import EnterpriseLogin
from server.providers.face.local import LocalFace
from tests.factories.devices import Browser
from tests.factories.logins import told
from tests.factories.product import HUANG, Product
from tests.factories.visits import visit

COMPANY, PASSWORD = "91450100MA5K8Q2X13", "company-2026"
GATE = "/account/gate"


@pytest.fixture
def computer(product: Product) -> Browser:
    """Logged in by the company's own login, before any face."""
    visit(product, by_company=True)
    with product.parts.db.begin() as uow:
        login = uow.session.scalars(select(EnterpriseLogin)).one()
        login.password_digest = passwords.digest(PASSWORD)
    browser = product.browser()
    body = {"company": COMPANY, "password": PASSWORD, "agreed": True}
    assert browser.post("/login/company", body).status_code == 200
    return browser


def begin(browser: Browser) -> str:
    answer = browser.post(GATE, {"consent": True})
    assert answer.status_code == 200, answer.get_json()
    check: str = answer.get_json()["check"]
    return check


def decide(product: Product, check: str, *, passes: bool) -> None:
    with product.parts.db.read() as uow:
        reference = uow.session.get_one(FaceCheck, check).reference
    double = product.parts.providers.face
    assert isinstance(double, LocalFace)
    double.decide(reference, passes=passes)


def settle(browser: Browser, check: str) -> TestResponse:
    return browser.post(f"{GATE}/settle", {"check": check})


@pytest.mark.row("F-10", "F-04")
def test_the_representatives_face_on_a_phone_opens_the_computers_session(
    product: Product, computer: Browser
) -> None:
    page = computer.get("/account", headers={"Accept": "text/html"})
    assert page.headers["Location"].startswith(GATE)
    assert "南宁桂印科技有限公司" in computer.get(GATE).get_data(as_text=True)
    check = begin(computer)
    assert settle(computer, check).get_json() == {"outcome": "pending"}
    assert told(computer.get("/account")) == (403, "face_required")

    decide(product, check, passes=True)

    assert settle(computer, check).get_json() == {"outcome": "passed", "next": "/account"}
    assert "南宁桂印科技有限公司" in computer.get("/account").get_data(as_text=True)
    assert computer.get(GATE).headers["Location"] == "/account"


@pytest.mark.row("F-10")
def test_a_face_that_does_not_fit_opens_nothing(product: Product, computer: Browser) -> None:
    check = begin(computer)
    decide(product, check, passes=False)

    assert told(settle(computer, check)) == (422, "face_not_passed")

    assert told(computer.get("/account")) == (403, "face_required")


@pytest.mark.row("P-41", "F-10")
def test_no_check_begins_without_its_own_consent(product: Product, computer: Browser) -> None:
    for body in ({}, {"consent": False}):
        assert told(computer.post(GATE, body)) == (422, "consent_needed")
    with product.parts.db.read() as uow:
        assert uow.session.scalars(select(FaceCheck)).all() == []


@pytest.mark.row("F-10", "S-18", "S-31")
def test_a_check_counts_in_the_session_that_asked_alone(
    product: Product, computer: Browser
) -> None:
    check = begin(computer)
    decide(product, check, passes=True)
    other = product.computer(HUANG)

    assert settle(other, check).status_code == 404
    assert settle(other, "face-none").status_code == 404
    assert settle(computer, check).get_json() == {"outcome": "passed", "next": "/account"}
    assert settle(computer, check).get_json() == {"outcome": "passed", "next": "/account"}
