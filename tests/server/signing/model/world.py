"""One signing task in a real product, and everybody who may touch it, driven over HTTP."""

import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sqlalchemy import func, select
from werkzeug.test import TestResponse

from qr_session import QrSession
from qr_session.errors import SessionUnknown
from server.assembly import assemble
from server.core.jobs import Runner
from server.core.limits import AttemptCounter
from server.documents.models import Document
from server.grants.models import Grant, GrantStatus, SealUse
from server.providers.keys.local import LocalKeys
from server.seals.models import SealKind, SealStatus
from server.signing.jobs import Sealer
from server.signing.models import PageGrant, SigningTask
from server.signing.sealing import SEAL_DOCUMENT
from server.worker import handlers, sweep
from tests.factories.devices import Browser
from tests.factories.domain import account_of, company, only_grant, seal_of
from tests.factories.pdf import make_pdf
from tests.factories.product import LI, WEI, Product
from tests.factories.truth import Truth, truth_of
from tests.fakes.clock import FakeClock
from tests.server.signing.model.expected import OPERATOR, REPRESENTATIVE

PEOPLE = {REPRESENTATIVE: WEI, OPERATOR: LI}
LOGIN, PAGE = "gy_phone", "gy_page"


class Died(BaseException):
    """The worker's process ended here; nothing in it may catch that."""


@dataclass
class Scenery:
    """A stopped product with a checked file and two people logged in, to be copied."""

    product: Product
    logins: dict[str, str]
    document_id: str

    @classmethod
    def of(cls, product: Product) -> "Scenery":
        logins = {}
        for person, who in PEOPLE.items():
            cookie = product.phone(who).client.get_cookie(LOGIN)
            assert cookie
            logins[person] = cookie.value
        scenery = cls(product, logins, product.partner().ready_document(make_pdf()))
        product.parts.db.close()
        return scenery


@dataclass(frozen=True)
class Facts:
    """All that an event may change: rows of the task, and the QR session as it is now."""

    task: dict[str, Any]
    rows: tuple[Any, ...]
    documents: int
    granted_uses: int
    session: QrSession | None


class Window(Browser):
    """A browser on the signing page; on a public computer the token lives in its memory."""

    memory: str | None = None

    def send(self, path: str, body: Any = None, **headers: str) -> TestResponse:
        held = {"Page-Token": self.memory} if self.memory else {}
        return self.post(path, body, headers={**held, **headers})

    def token(self, path: str) -> str:
        cookie = self.client.get_cookie(PAGE, path=path)
        return self.memory or (cookie.value if cookie else "")


class World:
    """Each method is one event and brings the answer; times stand still unless `pass_time`."""

    def __init__(self, scenery: Scenery, folder: Path) -> None:
        self.scenery, self.clock = scenery, FakeClock()
        source = scenery.product.parts.settings.data_dir
        shutil.copytree(source, folder, ignore=shutil.ignore_patterns("bus"))
        settings = scenery.product.parts.settings
        # The clock may jump further than a login lives.
        self.settings = settings.model_copy(update={"data_dir": folder, "phone_session_hours": 48})
        self.start()
        self.windows = [Window(self.product.app.test_client()) for _ in range(2)]
        self.phones = {person: Browser(self.product.app.test_client()) for person in PEOPLE}
        for person, phone in self.phones.items():
            phone.client.set_cookie(LOGIN, scenery.logins[person])
        self.partner = self.product.partner()
        self.links = [""]
        self.task_id = self.new_link().get_json()["id"]
        self.path = f"/sign/{self.task_id}"
        shown = self.partner.get(f"/documents/{scenery.document_id}").get_json()
        self.digest: str = shown["sha256"]
        with self.product.parts.db.read() as uow:
            kinds = (SealKind.COMPANY, SealKind.LEGAL_REPRESENTATIVE)
            self.seals = {kind.value: seal_of(uow, kind).id for kind in kinds}
            self.company_id = company(uow).id
            self.accounts = {one: account_of(uow, who).id for one, who in PEOPLE.items()}

    def start(self) -> None:
        """A process of its own over the stores that are there."""
        parts = assemble(self.settings, self.clock)
        parts.sandbox.close()
        # How often a key may be asked for is not this model's matter.
        keys = LocalKeys(self.settings.data_dir / "keys", self.clock, calls_per_minute=10_000)
        sandbox, outside = self.scenery.product.parts.sandbox, replace(parts.providers, keys=keys)
        parts = replace(parts, sandbox=sandbox, providers=outside)
        self.product = Product.begun(parts, self.clock)

    def stop(self) -> None:
        self.product.parts.bus.close()
        self.product.parts.db.close()

    def restart_process(self) -> None:
        self.stop()
        self.start()
        for browser in (*self.windows, *self.phones.values(), self.partner):
            browser.client.application = self.product.app

    def lose_the_store(self) -> None:
        file = self.settings.data_dir / "qr_sessions.sqlite3"
        with closing(sqlite3.connect(file)) as store, store:
            store.execute("DELETE FROM qr_session")

    def pass_time(self, seconds: int) -> None:
        self.clock.advance(seconds=seconds)

    # The page

    def new_link(self) -> TestResponse:
        """The partner repeats its request and gets a fresh link to the same task."""
        body = {"document_id": self.scenery.document_id, "title": "在线签章"}
        answer = self.partner.post("/signing-tasks", body, **{"Idempotency-Key": "once"})
        self.links.append(answer.get_json()["open_url"].split("#")[1])
        return answer

    def open(self, browser: int, *, newest: bool) -> TestResponse:
        window = self.windows[browser]
        window.memory = None
        link = self.links[-1 if newest else -2]
        return window.send(f"{self.path}/open", {"open_token": link or "none"})

    def act(self, browser: int, action: str) -> TestResponse:
        return self.windows[browser].send(f"{self.path}/{action}")

    def make_public(self, browser: int) -> TestResponse:
        window = self.windows[browser]
        answer = window.send(f"{self.path}/public-computer", {"on": True})
        if answer.status_code == 200:
            window.memory = answer.get_json()["page_token"]
        return answer

    def leave(self, browser: int) -> TestResponse:
        window = self.windows[browser]
        token = window.token(self.path)
        return window.send(f"{self.path}/leave", {"page_token": token or None})

    def cancel_by_partner(self) -> TestResponse:
        return self.partner.post(f"/signing-tasks/{self.task_id}/cancel")

    def save(self, browser: int, seal: str) -> TestResponse:
        window = self.windows[browser]
        headers = {"Page-Token": window.token(self.path), "Origin": self.settings.public_url}
        body = {"placements": self.placed(seal)}
        return window.client.put(f"{self.path}/placements", json=body, headers=headers)

    def confirm(self, browser: int, key: str, seal: str) -> TestResponse:
        body = {"placements": self.placed(seal), "document_sha256": self.digest}
        headers = {"Idempotency-Key": key}
        return self.windows[browser].send(f"{self.path}/confirm", body, **headers)

    def placed(self, seal: str) -> list[dict[str, Any]]:
        return [{"seal_id": self.seals[seal], "page": 1, "x": 300, "y": 400}]

    def view(self, browser: int) -> dict[str, Any]:
        """What the page shows."""
        window = self.windows[browser]
        headers = {"Page-Token": window.token(self.path)}
        answer = window.get(f"{self.path}/state", headers=headers)
        assert answer.status_code == 200, answer.get_json()
        state: dict[str, Any] = answer.get_json()
        return state

    # The phone

    def frame(self, browser: int, session_id: str) -> str:
        """The code that the page shows now."""
        token = self.windows[browser].token(self.path)
        return self.product.parts.qr_sessions.frames(session_id, token, count=1)[0].text

    def look(self, person: str, frame: str) -> TestResponse:
        return self.phones[person].get("/q/" + frame.rsplit("/", 1)[1])

    def scan(self, person: str, session_id: str) -> TestResponse:
        return self.phones[person].post(f"/m/qr/{session_id}/scan")

    def prove(self, person: str, session_id: str, *, number: str, pin: bool) -> TestResponse:
        body = {
            "reference_code": number,
            "acting": {"kind": "enterprise", "id": self.company_id},
            "pin": PEOPLE[person].pin if pin else "000000",
        }
        return self.phones[person].post(f"/m/qr/{session_id}/confirm", body)

    def tell(self, person: str, session_id: str, action: str) -> TestResponse:
        """`decline` or `touch` on the phone."""
        return self.phones[person].post(f"/m/qr/{session_id}/{action}")

    def count_tries(self, person: str, tries: int) -> None:
        """As if so many wrong PINs had been given before; each real one takes a derivation."""
        with self.product.parts.db.begin() as uow:
            key = f"pin:{self.accounts[person]}"
            uow.session.add(AttemptCounter(key=key, tries=tries, locks=0))

    # The company and the worker

    def suspend(self, *, on: bool) -> None:
        with self.product.parts.db.begin() as uow:
            seal_of(uow).status = SealStatus.SUSPENDED if on else SealStatus.ACTIVE

    def revoke(self, *, on: bool) -> None:
        with self.product.parts.db.begin() as uow:
            only_grant(uow).status = GrantStatus.REVOKED if on else GrantStatus.ACTIVE

    def work(self, dies_at: str) -> bool:
        """A worker runs what is due; whether it died at that step."""

        def step(name: str) -> None:
            if name == dies_at:
                raise Died

        parts = self.product.parts
        sealer = handlers(parts)[SEAL_DOCUMENT]
        assert isinstance(sealer, Sealer)
        try:
            Runner(parts.db, {SEAL_DOCUMENT: replace(sealer, step=step)}).run_all()
        except Died:
            return True
        return False

    def sweep(self) -> None:
        sweep(self.product.parts)

    # What came of it

    def truth(self) -> Truth:
        return truth_of(self.product, self.task_id)

    def session(self, session_id: str) -> QrSession | None:
        try:
            return self.product.parts.qr_sessions.peek(session_id)
        except SessionUnknown:
            return None

    def facts(self) -> Facts:
        with self.product.parts.db.read() as uow:
            execute = uow.session.execute
            task = execute(select(SigningTask.__table__)).one()._mapping
            grants = execute(select(PageGrant.__table__)).all()
            uses = execute(select(SealUse.__table__)).all()
            documents = execute(select(func.count()).select_from(Document)).scalar_one()
            granted = execute(select(func.sum(Grant.uses))).scalar_one()
        session = self.session(task["qr_session_id"])
        return Facts(dict(task), (*grants, *uses), documents, granted, session)
