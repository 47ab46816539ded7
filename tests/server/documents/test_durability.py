"""Nothing is written down of a file before its bytes lie on the disk (R-20)."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import event, select

from server.documents.models import Document
from tests.factories.pdf import make_pdf, pdf_with_broken_xref
from tests.factories.product import Product


class Commits:
    """Looks at every commit just before it: which files it names, and whether they are stored."""

    def __init__(self, product: Product) -> None:
        self.product = product
        self.named: set[str] = set()
        self.missing: set[str] = set()

    def look(self, connection: Any) -> None:
        rows = connection.execute(select(Document.digest, Document.original_digest)).all()
        digests = {digest for row in rows for digest in row if digest}
        storage = self.product.parts.providers.storage
        self.missing |= {one for one in digests if not storage.exists(one)}
        self.named |= digests


@pytest.fixture
def commits(product: Product) -> Iterator[Commits]:
    commits, engine = Commits(product), product.parts.db.engine
    event.listen(engine, "commit", commits.look)
    yield commits
    event.remove(engine, "commit", commits.look)


@pytest.mark.row("R-20")
@pytest.mark.parametrize("pdf", [make_pdf(), pdf_with_broken_xref()], ids=["clean", "repaired"])
def test_no_file_is_committed_before_it_is_stored(
    product: Product, commits: Commits, pdf: bytes
) -> None:
    product.signing(pdf).seal()

    # The upload, its repaired copy where there is one, and what was sealed.
    assert len(commits.named) == (2 if pdf == make_pdf() else 3)
    assert commits.missing == set()
