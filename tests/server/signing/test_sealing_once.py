"""What the worker has read and hashed at the inspection is not read and hashed again."""

from dataclasses import dataclass, field, replace
from io import BytesIO
from typing import Any

import pytest
from cryptography.x509 import ocsp
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation.dss import DocumentSecurityStore

from server.core.jobs import Runner
from server.sealing.known_documents import KnownDocuments
from server.sealing.sandbox import SandboxDown
from server.worker import handlers
from tests.factories.pdf import Page, make_pdf
from tests.factories.product import Product
from tests.factories.truth import truth_of
from tests.fakes.silent_ca import SilentCa


@dataclass
class NoSandbox:
    """Opens nothing, and notes what it was asked for."""

    asked: list[str] = field(default_factory=list)

    def run(self, act: Any, *arguments: Any) -> Any:
        self.asked.append(act.__name__)
        raise SandboxDown


def work_without_sandbox(product: Product, **changed: Any) -> list[str]:
    """Let a worker do what it can; what it would have had a child do."""
    sandbox: Any = NoSandbox()
    parts = replace(product.parts, sandbox=sandbox, **changed)
    Runner(parts.db, handlers(parts)).run_all()
    return sandbox.asked


@pytest.mark.row("S-14")
def test_a_file_that_this_worker_has_inspected_is_sealed_without_being_opened(
    product: Product,
) -> None:
    signing = product.signing()
    signing.start_sealing()

    assert work_without_sandbox(product) == []

    assert truth_of(product, signing.id).status == "sealed"
    assert truth_of(product, signing.id).is_whole


def test_another_worker_reads_the_file_for_itself(product: Product) -> None:
    signing = product.signing()
    signing.start_sealing()

    assert work_without_sandbox(product, known=KnownDocuments()) == ["read_skeleton"]
    product.clock.advance(seconds=12)
    product.work()

    assert truth_of(product, signing.id).status == "sealed"


@pytest.mark.row("F-42")
def test_the_operator_may_want_a_signature_for_each_page(product: Product) -> None:
    product = product.restarted(one_signature_per_page=True)
    content = product.signing(make_pdf([Page()] * 3)).seal()

    assert content.count(b"/ByteRange") == 3


@pytest.mark.row("F-50")
def test_the_file_holds_what_the_authority_says_of_its_signer(product: Product) -> None:
    content = product.signing().seal()

    store = DocumentSecurityStore.read_dss(PdfFileReader(BytesIO(content)))
    [answer] = [ocsp.load_der_ocsp_response(one.get_object().data) for one in store.ocsps]
    held = [one.serial_number for one in store.load_certs()]
    assert answer.certificate_status is ocsp.OCSPCertStatus.GOOD
    assert answer.serial_number in held


@pytest.mark.row("R-08")
def test_a_silent_authority_does_not_hold_up_the_sealing(product: Product) -> None:
    signing = product.signing()
    signing.start_sealing()

    product.worker(ca=SilentCa()).run_all()

    assert truth_of(product, signing.id).status == "sealed"
    assert b"/DSS" not in product.partner().result(signing.id)
