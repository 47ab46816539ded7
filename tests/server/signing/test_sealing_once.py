"""What the worker has read and hashed at the inspection is not read and hashed again."""

from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from server.core.jobs import Runner
from server.sealing.known_documents import KnownDocuments
from server.sealing.sandbox import SandboxDown
from server.worker import handlers
from tests.factories.pdf import Page, make_pdf
from tests.factories.product import Product
from tests.factories.truth import truth_of


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
