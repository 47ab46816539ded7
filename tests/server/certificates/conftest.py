"""People who hold certificates, or want one."""

from pathlib import Path

import pytest

from tests.factories.holders import Holders
from tests.factories.product import Product


@pytest.fixture
def holders(product: Product, tmp_path: Path) -> Holders:
    return Holders.of(product, tmp_path)
