"""验签 on PostgreSQL, which takes no question with a NUL in it."""

import pytest

from tests.factories import reports
from tests.factories.product import Product
from tests.factories.verifying import Verifier, saying


@pytest.mark.row("F-49", "S-35")
def test_a_seal_whose_id_has_a_nul_is_told_like_any_other(product: Product) -> None:
    found = reports.report(reports.seal(id="seal\0-01"))
    verifier = Verifier.at(saying(product, found))

    token = verifier.verified()

    assert "seal-01" in verifier.page(f"/verify/{token}")
