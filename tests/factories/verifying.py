"""People and partners who have files verified, by a child that says what a test wants."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from server.partners.models import Partner
from server.sealing.report import Report
from server.validation.keeping import packed
from server.validation.models import REPORT_LIFE, Verification
from tests.factories import reports
from tests.factories.changes import KEY, Request
from tests.factories.devices import OWN_ORIGIN, multipart
from tests.factories.pdf import make_pdf
from tests.factories.product import Product
from tests.factories.twice import Route


@dataclass
class SayingSandbox:
    """A child that has always found the same; `asked` are the files that it was given."""

    report: Report
    asked: list[bytes | None]

    def run(self, function: Callable[..., Any], *arguments: Any) -> Report:
        self.asked += [one for one in arguments[:2] if isinstance(one, bytes)]
        return self.report


def saying(product: Product, report: Report, kind: type[SayingSandbox] = SayingSandbox) -> Product:
    """The product with a child that finds this in every file."""
    child: Any = kind(report, [])
    return Product.begun(replace(product.parts, verifying=child), product.clock)


@dataclass
class Verifier:
    """Anybody, with a browser."""

    client: FlaskClient

    @classmethod
    def at(cls, product: Product) -> "Verifier":
        return cls(product.app.test_client())

    def hand_in(self, pdf: bytes, name: str = "合同.pdf", **headers: str) -> TestResponse:
        sent = {"Accept": "application/json", **OWN_ORIGIN, **headers}
        return self.client.post("/verify", headers=sent, **multipart("file", name, pdf))

    def hand_in_parts(self, **parts: bytes) -> TestResponse:
        """The fields of the form by their names, each with a file of the same name."""
        whole = [multipart(name, f"{name}.dat", content) for name, content in parts.items()]
        fields = b"".join(one["data"].removesuffix(b"--limit--\r\n") for one in whole)
        sent = {"Accept": "application/json", **OWN_ORIGIN}
        kind = "multipart/form-data; boundary=limit"
        data = fields + b"--limit--\r\n"
        return self.client.post("/verify", headers=sent, data=data, content_type=kind)

    def verified(self, pdf: bytes | None = None, name: str = "合同.pdf") -> str:
        """The id of the report on a file."""
        answer = self.hand_in(make_pdf() if pdf is None else pdf, name)
        assert answer.status_code == 201, answer.get_json()
        made: str = answer.get_json()["id"]
        return made

    def get(self, path: str) -> TestResponse:
        return self.client.get(path, headers={"Accept": "application/json"}, buffered=True)

    def page(self, path: str, **arguments: str) -> str:
        answer = self.client.get(path, query_string=arguments, buffered=True)
        assert answer.status_code == 200
        return answer.get_data(as_text=True)


def parts_of(product: Product, **parts: bytes) -> TestResponse:
    """Hand in the data of a seal."""
    answer = Verifier.at(product).hand_in_parts(**parts)
    assert answer.status_code == 201, answer.get_json()
    return answer


def verification_of_a_partner(product: Product) -> dict[str, str]:
    """The id of a report that the demo's partner alone reads, under each name that routes have."""
    with product.parts.db.read() as uow:
        partner_id = uow.session.scalars(select(Partner.id).order_by(Partner.id)).first() or ""
    kept = verification_kept(product, partner_id)
    return {"verification_id": kept, "token": kept}


def verification_kept(product: Product, partner_id: str = "") -> str:
    """The id of a report that lies there: a partner's, or whoever's has the id."""
    with product.parts.db.begin() as uow:
        row = Verification(
            id=secrets.token_urlsafe(24),
            partner_id=partner_id,
            name="合同.pdf",
            report=packed(reports.report()),
            made_at=uow.now,
            ends_at=uow.now + REPORT_LIFE,
        )
        uow.session.add(row)
    return row.id


def _request(client: FlaskClient, path: str, headers: dict[str, str]) -> Request:
    form = multipart("file", "a.pdf", make_pdf())
    return Request(client, path, form=form, headers=headers)


def verified_by_anybody(product: Product) -> Request:
    """One file, handed in on the page with a number of its own."""
    return _request(saying(product, reports.report()).app.test_client(), "/verify", KEY)


def verified_by_mini_program(product: Product) -> Request:
    """The same in the mini-program."""
    client = saying(product, reports.report()).app.test_client()
    return _request(client, "/mp/v1/verifications", KEY)


def verified_by_partner(product: Product) -> Request:
    """The same by a partner."""
    client, key = saying(product, reports.report()).app.test_client(), product.partner().headers
    return _request(client, "/partner/v1/verifications", {**KEY, **key})


TWICE: dict[str, Route] = {
    "verification.take": Route(verified_by_anybody),
    "mp_verifications.create": Route(verified_by_mini_program, fresh=frozenset({"rid"})),
    "partner_verifications.create_verification": Route(verified_by_partner),
}
