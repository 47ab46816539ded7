"""Somebody who signs files of his own on the phone, by the pages' own requests."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from werkzeug.test import TestResponse

from server.core.db import Base
from server.grants.models import SealUse
from server.seed import DemoPerson
from tests.factories.changes import KEY, Request
from tests.factories.devices import multipart
from tests.factories.mini_changes import sent
from tests.factories.mini_program import MP, MiniProgram, logged_in
from tests.factories.mini_twice import RID
from tests.factories.pdf import make_pdf
from tests.factories.product import HUANG, WEI, Product
from tests.factories.seals import own_seal
from tests.factories.twice import Route
from tests.factories.visits import Visit, visit

SIGNINGS = "/m/signings"
PDF = multipart("file", "合同.pdf", make_pdf())


@dataclass
class OwnSigning:
    """One signing of files at the phone that began it."""

    phone: Visit
    id: str
    phone_pin: str = WEI.pin

    @property
    def product(self) -> Product:
        return self.phone.product

    @property
    def path(self) -> str:
        return f"{SIGNINGS}/{self.id}"

    def read(self) -> dict[str, Any]:
        answer = self.phone.get(f"{self.path}.json")
        assert answer.status_code == 200, answer.get_json()
        state: dict[str, Any] = answer.get_json()
        return state

    def ready(self) -> dict[str, Any]:
        """The state once the worker has looked through the files."""
        self.product.work()
        return self.read()

    def file(self, number: int = 0) -> str:
        """The address of one of its files."""
        document_id: str = self.read()["documents"][number]["id"]
        return f"{self.path}/documents/{document_id}"

    def add(self, content: bytes | None = None, name: str = "附件.pdf") -> TestResponse:
        return self.phone.upload(f"{self.path}/documents", content or make_pdf(), name)

    def place(self, number: int = 0, **changed: Any) -> TestResponse:
        """The first seal in the middle of the first page."""
        body = {"placements": [self.middle(**changed)]}
        return self.phone.put(f"{self.file(number)}/placements", body)

    def middle(self, **changed: Any) -> dict[str, Any]:
        seal_id = self.read()["seals"][0]["id"]
        return {"seal_id": seal_id, "page": 1, "x": 300.0, "y": 400.0, **changed}

    def shown(self) -> dict[str, str]:
        """What the page shows at the end, to be confirmed."""
        told = self.read()["submission"]
        return {name: told[name] for name in ("documents", "placements")}

    def submit(self, **changed: Any) -> TestResponse:
        """With the right PIN, as long as nothing is `changed`."""
        body = {**self.shown(), "pin": self.phone_pin, **changed}
        return self.phone.post(f"{self.path}/submit", body)

    def sealed(self, number: int = 0) -> bytes:
        """The sealed file, fetched by its link."""
        links = self.phone.get(f"{self.file(number)}/sealed").get_json()
        return self.phone.get(links["url"]).data


def begun(
    product: Product, content: bytes | None = None, person: DemoPerson = WEI, **how: Any
) -> OwnSigning:
    """A signing of one file, which the worker has not seen yet, for the company of this person."""
    phone = visit(product, person, **how)
    answer = phone.upload(SIGNINGS, content or make_pdf())
    assert answer.status_code == 201, answer.get_json()
    return OwnSigning(phone, answer.get_json()["id"], person.pin)


def placed(product: Product, content: bytes | None = None, **how: Any) -> OwnSigning:
    """The same, looked through, with one seal on its first page."""
    signing = begun(product, content, **how)
    signing.ready()
    assert signing.place().status_code == 200
    return signing


def uses(product: Product) -> list[SealUse]:
    """Every use of a seal, in the order of their reservation."""
    with product.parts.db.read() as uow:
        return list(uow.session.scalars(select(SealUse).order_by(SealUse.id)))


def count(product: Product, table: type[Base]) -> int:
    """How many rows a table has."""
    with product.parts.db.read() as uow:
        return uow.session.scalar(select(func.count()).select_from(table)) or 0


def of_person(product: Product) -> OwnSigning:
    """A file on which a person has placed his own seal."""
    own_seal(product, person=HUANG)
    phone = visit(product, HUANG)
    phone.post("/m/role", {"kind": "account", "id": phone.session.account_id})
    made = phone.upload(SIGNINGS, make_pdf()).get_json()
    signing = OwnSigning(phone, made["id"], HUANG.pin)
    signing.ready()
    assert signing.place().status_code == 200
    return signing


def ids(product: Product) -> dict[str, Any]:
    """A signing of whoever is at the mini-program, for made-up requests."""
    made = mini(product)[1]
    return {"signing_id": made["id"], "document_id": made["documents"][0]["id"]}


def mini(product: Product) -> tuple[MiniProgram, dict[str, Any]]:
    """A mini-program that has begun a signing, and the signing."""
    phone = logged_in(product)
    answer = phone.client.post(f"{MP}/signings", headers=phone.headers("k-0"), **PDF)
    assert answer.status_code == 200, answer.get_json()
    product.work()
    return phone, phone.get(f"/signings/{answer.get_json()['id']}").get_json()


def begun_here(product: Product) -> Request:
    return Request(visit(product).client, SIGNINGS, form=PDF, headers=KEY)


def document_added(product: Product) -> Request:
    signing = begun(product)
    return Request(signing.phone.client, f"{signing.path}/documents", form=PDF, headers=KEY)


def document_removed(product: Product) -> Request:
    signing = begun(product)
    return Request(signing.phone.client, signing.file(), "DELETE")


def draft_saved(product: Product) -> Request:
    signing = begun(product)
    signing.ready()
    body = {"placements": [signing.middle()]}
    return Request(signing.phone.client, f"{signing.file()}/placements", "PUT", body)


def submitted(product: Product) -> Request:
    signing = placed(product)
    body = {**signing.shown(), "pin": WEI.pin}
    return Request(signing.phone.client, f"{signing.path}/submit", body=body)


def cancelled(product: Product) -> Request:
    signing = begun(product)
    return Request(signing.phone.client, f"{signing.path}/cancel")


def mini_begun(product: Product) -> Request:
    phone = logged_in(product)
    request = sent(phone, "/signings")
    request.form = PDF
    return request


def mini_document_added(product: Product) -> Request:
    phone, made = mini(product)
    request = sent(phone, f"/signings/{made['id']}/documents")
    request.form = PDF
    return request


def mini_document_removed(product: Product) -> Request:
    phone, made = mini(product)
    return sent(phone, _file(made), method="DELETE")


def mini_draft_saved(product: Product) -> Request:
    phone, made = mini(product)
    spot = {"seal_id": made["seals"][0]["id"], "page": 1, "x": 300.0, "y": 400.0}
    return sent(phone, f"{_file(made)}/placements", {"placements": [spot]}, "PUT")


def mini_submitted(product: Product) -> Request:
    request = mini_draft_saved(product)
    made = request.send().get_json()
    told = {name: made["submission"][name] for name in ("documents", "placements")}
    path = f"{MP}/signings/{made['id']}/submit"
    body = {**told, "pin": WEI.pin}
    return Request(request.client, path, body=body, headers=request.headers)


def mini_cancelled(product: Product) -> Request:
    phone, made = mini(product)
    return sent(phone, f"/signings/{made['id']}/cancel")


def _file(made: dict[str, Any]) -> str:
    return f"/signings/{made['id']}/documents/{made['documents'][0]['id']}"


# With a file come its document, the job that looks at it, and its place in the signing.
GONE = (404, "document_not_found")
OWN_SIGNINGS = {
    "phone_signings.begin": Route(begun_here),
    "phone_signings.add_document": Route(document_added),
    "phone_signings.remove_document": Route(document_removed, GONE),
    "phone_signings.save_placements": Route(draft_saved),
    "phone_signings.submit": Route(submitted),
    "phone_signings.cancel": Route(cancelled),
    "mp_signings.begin": Route(mini_begun, fresh=RID),
    "mp_signings.add_document": Route(mini_document_added, fresh=RID),
    "mp_signings.remove_document": Route(mini_document_removed, GONE),
    "mp_signings.save_placements": Route(mini_draft_saved, fresh=RID),
    "mp_signings.submit": Route(mini_submitted, fresh=RID),
    "mp_signings.cancel": Route(mini_cancelled, fresh=RID),
}
