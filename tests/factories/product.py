"""The whole product in one process, and the people and programs that use it."""

import io
import re
from dataclasses import dataclass, replace
from typing import Any, Self

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from server.app import create_app
from server.core.ids import new_id
from server.core.jobs import Runner
from server.partners.models import Partner
from server.partners.service import issue_key
from server.runtime import Runtime
from server.seed import PEOPLE, DemoPerson
from server.worker import handlers
from tests.factories.pdf import make_pdf
from tests.fakes.clock import FakeClock

WEI, HUANG, LI = PEOPLE
PARTNER_KEY = "partner.key"
UNASKED_HEADERS = {"Origin": "http://127.0.0.1:8321"}


@dataclass
class Product:
    """A running product; `work()` lets the worker run every job that is due."""

    parts: Runtime
    clock: FakeClock
    app: Flask
    runner: Runner
    partner_key: str

    @classmethod
    def begun(cls, parts: Runtime, clock: FakeClock) -> Self:
        """Start on a data folder that was seeded before."""
        app = create_app(parts.settings, parts=parts)
        app.testing = False
        key = (parts.settings.data_dir / PARTNER_KEY).read_text()
        return cls(parts, clock, app, Runner(parts.db, handlers(parts)), key)

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

    def browser(self) -> "Browser":
        return Browser(self.app.test_client())

    def partner(self, key: str | None = None) -> "PartnerProgram":
        return PartnerProgram(self.app.test_client(), key or self.partner_key, self)

    def phone(self, person: DemoPerson = WEI) -> "PhoneInHand":
        phone = PhoneInHand(self.app.test_client(), person, self)
        phone.log_in()
        return phone

    def page(self, open_url: str) -> "SigningPage":
        page = SigningPage(self.app.test_client(), open_url)
        page.state = page.open().get_json()
        return page

    def signing(self, pdf: bytes | None = None, person: DemoPerson = WEI, **task: Any) -> "Signing":
        """A task on a checked file, its page open and a logged-in phone at hand."""
        partner = self.partner()
        made = partner.task(pdf or make_pdf(), **task)
        return Signing(self, partner, made, self.page(made["open_url"]), self.phone(person))


@dataclass
class Browser:
    """A browser on one of our pages: it names its origin, and keeps cookies."""

    client: FlaskClient

    def get(self, path: str, **more: Any) -> TestResponse:
        return self.client.get(path, buffered=True, **more)

    def post(self, path: str, body: Any = None, **more: Any) -> TestResponse:
        headers = {**UNASKED_HEADERS, **more.pop("headers", {})}
        return self.client.post(path, json={} if body is None else body, headers=headers, **more)

    def put(self, path: str, body: Any) -> TestResponse:
        return self.client.put(path, json=body, headers=UNASKED_HEADERS)


@dataclass
class PartnerProgram:
    """An approval system's back end."""

    client: FlaskClient
    key: str
    product: Product

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.key}"}

    def upload(self, pdf: bytes, name: str = "施工许可申请表.pdf") -> TestResponse:
        form = {"file": (io.BytesIO(pdf), name)}
        return self.client.post("/partner/v1/documents", data=form, headers=self.headers)

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
class SigningPage(Browser):
    """The desktop page of one task."""

    open_url: str
    state: dict[str, Any]

    def __init__(self, client: FlaskClient, open_url: str) -> None:
        super().__init__(client)
        self.open_url = open_url

    @property
    def path(self) -> str:
        return "/sign/" + self.open_url.split("/sign/")[1].split("#")[0]

    @property
    def open_token(self) -> str:
        return self.open_url.split("#")[1]

    def open(self, open_token: str | None = None) -> TestResponse:
        token = self.open_token if open_token is None else open_token
        return self.post(f"{self.path}/open", {"open_token": token})

    def post_to(self, action: str, body: Any = None, **more: Any) -> TestResponse:
        """One of the page's own actions: `refresh`, `cancel`, `restart` …"""
        return self.post(f"{self.path}/{action}", body, **more)

    def save(self, placements: list[dict[str, Any]]) -> TestResponse:
        return self.put(f"{self.path}/placements", {"placements": placements})

    def read(self) -> dict[str, Any]:
        answer: dict[str, Any] = self.get(f"{self.path}/state").get_json()
        return answer

    def frame(self, place: int = 0) -> str:
        """The link in the QR that shows now."""
        frames = self.get(f"{self.path}/frames").get_json()["frames"]
        text: str = frames[place]["text"]
        return text

    def load(self) -> TestResponse:
        return self.post(f"{self.path}/load")

    def everywhere(self, seal: int = 0) -> list[dict[str, Any]]:
        """One seal in the middle of every page."""
        state = self.read()
        seal_id = state["seals"][seal]["id"]
        return [
            {
                "seal_id": seal_id,
                "page": page["number"],
                "x": page["width"] / 2,
                "y": page["height"] / 2,
            }
            for page in state["document"]["pages"]
        ]

    def confirm(
        self, placements: list[dict[str, Any]], *, key: str = "k-1", sha256: str | None = None
    ) -> TestResponse:
        digest = sha256 or self.state["document"]["sha256"]
        body = {"document_sha256": digest, "placements": placements}
        return self.post(f"{self.path}/confirm", body, headers={"Idempotency-Key": key})


@dataclass
class PhoneInHand(Browser):
    """One person's phone."""

    person: DemoPerson
    product: Product

    def __init__(self, client: FlaskClient, person: DemoPerson, product: Product) -> None:
        super().__init__(client)
        self.person, self.product = person, product

    def ask_code(self, phone: str | None = None) -> TestResponse:
        return self.post("/m/login/sms", {"phone": phone or self.person.phone})

    def code(self) -> str:
        """The newest code in the text messages of this phone."""
        messages = self.product.parts.providers.sms.messages()
        mine = next(one for one in messages if one.phone == self.person.phone)
        found = re.search(r"\d{6}", mine.text)
        assert found
        return found.group()

    def log_in(self) -> TestResponse:
        self.ask_code()
        body = {"phone": self.person.phone, "code": self.code(), "agreed": True}
        answer = self.post("/m/login", body)
        assert answer.status_code == 200, answer.get_json()
        return answer

    def open_link(self, link: str) -> TestResponse:
        return self.get("/q/" + link.rsplit("/", 1)[1])

    def scan(self, link: str) -> TestResponse:
        """Open the link of a QR, and let the confirm screen take the session."""
        target = self.open_link(link)
        if target.status_code != 303:
            return target
        return self.post(target.headers["Location"] + "/scan")

    def confirm(
        self, asked: dict[str, Any], page: SigningPage, *, pin: str | None = None, **other: Any
    ) -> TestResponse:
        """Pick the number that the page shows, and give the PIN."""
        body = {
            "reference_code": page.read()["qr"]["reference_code"] or asked["reference_choices"][0],
            "acting": {"kind": "enterprise", "id": asked["acting"][0]["id"]},
            "pin": pin or self.person.pin,
            **other,
        }
        return self.post(f"/m/qr/{asked['session_id']}/confirm", body)


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
