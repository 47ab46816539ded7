"""The inspection always comes to an end: a file is ready or rejected, and stays so."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from server.core.jobs import Job
from server.documents.jobs import Inspector
from server.documents.models import Document
from server.sealing.sandbox import SandboxDown
from tests.factories.pdf import make_pdf
from tests.factories.product import PartnerProgram, Product
from tests.factories.truth import events_of


@dataclass
class TroubledSandbox:
    """Raises what it is told to, then works."""

    behind: Any
    failures: list[Exception]

    def run(self, act: Callable[..., Any], *arguments: Any) -> Any:
        if self.failures:
            raise self.failures.pop(0)
        return self.behind.run(act, *arguments)


@pytest.fixture
def partner(product: Product) -> PartnerProgram:
    return product.partner()


def every_try(product: Product, failures: list[Exception]) -> None:
    parts = product.parts
    worker = product.worker()
    sandbox: Any = TroubledSandbox(parts.sandbox, failures)
    worker.handlers["documents.inspect"] = Inspector(parts.db, parts.providers.storage, sandbox)
    for _ in range(5):
        worker.run_all()
        product.clock.advance(seconds=12)


def blob_of(product: Product, document_id: str) -> Path:
    with product.parts.db.read() as uow:
        digest = uow.session.get_one(Document, document_id).original_digest
    return product.parts.settings.data_dir / "blobs" / digest[:2] / digest


@pytest.mark.row("R-15")
def test_a_slip_of_the_child_is_tried_again(partner: PartnerProgram) -> None:
    document_id = partner.upload(make_pdf()).get_json()["id"]

    every_try(partner.product, [SandboxDown(), ValueError("a slip")])

    assert partner.get(f"/documents/{document_id}").get_json()["status"] == "ready"


@pytest.mark.row("R-15")
def test_after_the_last_try_the_file_is_rejected_with_a_sentence(partner: PartnerProgram) -> None:
    document_id = partner.upload(make_pdf()).get_json()["id"]

    every_try(partner.product, [ValueError("a slip")] * 9)

    document = partner.get(f"/documents/{document_id}").get_json()
    assert (document["status"], document["problem"]["code"]) == ("rejected", "internal")
    assert document["problem"]["detail"]
    assert events_of(partner.product, document_id) == ["document.rejected"]


@pytest.mark.row("R-15", "R-20")
@pytest.mark.parametrize("harm", ["damaged", "lost"])
def test_a_file_whose_bytes_are_gone_is_rejected(partner: PartnerProgram, harm: str) -> None:
    document_id = partner.upload(make_pdf()).get_json()["id"]
    blob = blob_of(partner.product, document_id)
    blob.write_bytes(b"something else") if harm == "damaged" else blob.unlink()

    every_try(partner.product, [])

    document = partner.get(f"/documents/{document_id}").get_json()
    assert (document["status"], document["problem"]["code"]) == (
        "rejected",
        "blob_damaged" if harm == "damaged" else "blob_not_found",
    )


@pytest.mark.row("R-13")
def test_a_file_that_was_judged_stays_as_it_was_judged(partner: PartnerProgram) -> None:
    """The job ran, and its worker died before it could say so: it runs once more."""
    product = partner.product
    document_id = partner.ready_document(make_pdf())
    blob_of(product, document_id).write_bytes(b"something else")
    with product.parts.db.begin() as uow:
        uow.session.scalars(select(Job)).one().state = "queued"

    every_try(product, [])

    assert partner.get(f"/documents/{document_id}").get_json()["status"] == "ready"
    assert events_of(product, document_id) == ["document.ready"]
