"""The whole product in one process, and the people and programs that use it."""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Self

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete
from werkzeug.test import TestResponse

from server.accounts.models import SmsCode
from server.app import create_app
from server.core.ids import new_id
from server.core.jobs import Runner
from server.partners.models import Partner
from server.partners.service import issue_key
from server.providers.sms.console import ConsoleSms
from server.runtime import Runtime
from server.seed import PEOPLE, DemoPerson
from server.signing.models import SigningTask
from server.signing.service import new_open_token
from server.worker import handlers
from tests.factories.devices import Browser, LoginPage, PhoneInHand, SigningPage, multipart
from tests.factories.pdf import make_pdf
from tests.fakes.clock import FakeClock

WEI, HUANG, LI = PEOPLE
# Somebody who is not registered yet; the number has a right check digit.
NEWCOMER = DemoPerson("农秀英", "13907719999", "", "", "450103199203151220")
PARTNER_KEY = "partner.key"


@dataclass
class Product:
    """A running product; `work()` lets the worker run every job that is due."""

    parts: Runtime
    clock: FakeClock
    runner: Runner
    partner_key: str

    @classmethod
    def begun(cls, parts: Runtime, clock: FakeClock) -> Self:
        """Start on a data folder that was seeded before."""
        key = (parts.settings.data_dir / PARTNER_KEY).read_text()
        return cls(parts, clock, Runner(parts.db, handlers(parts)), key)

    @cached_property
    def app(self) -> Flask:
        """Made when somebody first asks it: most of a short test would be the making."""
        app = create_app(self.parts.settings, parts=self.parts)
        app.testing = False
        return app

    def restarted(self, **changed: Any) -> Self:
        """The same stores under a web process with other settings."""
        settings = self.parts.settings.model_copy(update=changed)
        return self.begun(replace(self.parts, settings=settings), self.clock)

    def restarted_with(self, **outside: Any) -> Self:
        """The same stores under a web process with some providers exchanged."""
        providers = replace(self.parts.providers, **outside)
        return self.begun(replace(self.parts, providers=providers), self.clock)

    @property
    def sms(self) -> ConsoleSms:
        """The double that takes the text messages."""
        assert isinstance(self.parts.providers.sms, ConsoleSms)
        return self.parts.providers.sms

    def work(self) -> int:
        return self.runner.run_all()

    def worker(self, **outside: Any) -> Runner:
        """A worker of its own, with some providers exchanged (`tsa=…`, `storage=…`)."""
        providers = replace(self.parts.providers, **outside)
        return Runner(self.parts.db, handlers(replace(self.parts, providers=providers)))

    def another_partner(self, name: str = "另一审批系统", **words: Any) -> "PartnerProgram":
        """A second approval system with a key of its own."""
        registered = {"domain": "b.test", "support_phone": "", "return_origins": [], **words}
        with self.parts.db.begin() as uow:
            row = Partner(id=new_id("par"), name=name, created_at=uow.now, **registered)
            uow.session.add(row)
            uow.session.flush()
            return self.partner(issue_key(uow, row.id))

    def browser(self) -> Browser:
        return Browser(self.app.test_client())

    def partner(self, key: str | None = None) -> "PartnerProgram":
        return PartnerProgram(self.app.test_client(), key or self.partner_key, self)

    def phone(self, person: DemoPerson = WEI) -> PhoneInHand:
        with self.parts.db.begin() as uow:
            uow.session.execute(delete(SmsCode))  # as if the last one were a minute old
        phone = PhoneInHand(self.app.test_client(), person, self.sms)
        phone.log_in()
        return phone

    def login_page(self) -> LoginPage:
        """A computer with the login page open."""
        return LoginPage(self.app.test_client())

    def computer(self, person: DemoPerson = WEI) -> LoginPage:
        """A computer on which this person is logged in."""
        page = self.login_page()
        self.phone(person).let_in(page)
        assert page.post_to("confirm").status_code == 200
        return page

    def page(self, open_url: str) -> SigningPage:
        page = SigningPage(self.app.test_client(), open_url)
        page.state = page.open().get_json()
        return page

    def signing(self, pdf: bytes | None = None, person: DemoPerson = WEI, **task: Any) -> "Signing":
        """A task on a checked file, its page open and a logged-in phone at hand."""
        partner = self.partner()
        made = partner.task(pdf or make_pdf(), **task)
        return Signing(self, partner, made, self.page(made["open_url"]), self.phone(person))


@dataclass
class PartnerProgram:
    """An approval system's back end."""

    client: FlaskClient
    key: str
    product: Product

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.key}"}

    def upload(self, pdf: bytes, name: str = "施工许可申请表.pdf", **headers: str) -> TestResponse:
        sent = {**self.headers, **headers}
        form = multipart("file", name, pdf)
        return self.client.post("/partner/v1/documents", headers=sent, **form)

    def get(self, path: str) -> TestResponse:
        return self.client.get(f"/partner/v1{path}", headers=self.headers, buffered=True)

    def post(self, path: str, body: Any = None, **headers: str) -> TestResponse:
        return self.client.post(
            f"/partner/v1{path}", json=body or {}, headers={**self.headers, **headers}
        )

    def ready_document(self, pdf: bytes, name: str = "施工许可申请表.pdf") -> str:
        document_id: str = self.upload(pdf, name).get_json()["id"]
        self.product.work()
        return document_id

    def task(self, pdf: bytes, **task: Any) -> dict[str, Any]:
        body = {"document_id": self.ready_document(pdf), "title": "在线签章", **task}
        answer = self.post("/signing-tasks", body)
        assert answer.status_code == 201, answer.get_json()
        made: dict[str, Any] = answer.get_json()
        return made

    def result(self, task_id: str) -> bytes:
        return self.get(f"/signing-tasks/{task_id}/result").data


@dataclass
class Signing:
    """One signing with everybody in place; each step can be taken by itself."""

    product: Product
    partner: PartnerProgram
    task: dict[str, Any]
    page: SigningPage
    phone: PhoneInHand

    @property
    def id(self) -> str:
        task_id: str = self.task["id"]
        return task_id

    def new_link(self) -> str:
        """Another link to the same task, as a repeated request of the partner brings it."""
        with self.product.parts.db.begin() as uow:
            token = new_open_token(uow, uow.session.get_one(SigningTask, self.id))
        return f"{self.product.parts.settings.public_url}/sign/{self.id}#{token}"

    def scan(self) -> dict[str, Any]:
        """The phone takes the session; what it is asked."""
        asked: dict[str, Any] = self.phone.scan(self.page.frame()).get_json()
        return asked

    def authorize(self) -> dict[str, Any]:
        """Scan, confirm with the PIN, and let the page load the seals."""
        answer = self.phone.confirm(self.scan(), self.page)
        assert answer.status_code == 200, answer.get_json()
        state: dict[str, Any] = self.page.load().get_json()
        return state

    def start_sealing(self) -> None:
        """Everything but the worker: one seal on every page, confirmed on the page."""
        self.authorize()
        answer = self.page.confirm(self.page.everywhere())
        assert answer.status_code == 202, answer.get_json()

    def seal(self) -> bytes:
        """All of it; the sealed file as the partner fetches it."""
        self.start_sealing()
        self.product.work()
        return self.partner.result(self.task["id"])
