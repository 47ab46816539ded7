"""Identities and consents to messages once more, on PostgreSQL, where callers truly meet."""

from tests.factories.product import Product
from tests.server.accounts.conftest import people  # noqa: F401 - the fixture of these tests
from tests.server.accounts.test_identity_races import *  # noqa: F403


def test_these_races_are_on_postgresql(product: Product) -> None:
    assert product.parts.db.engine.dialect.name == "postgresql"
