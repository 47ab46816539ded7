"""The journeys once more, on PostgreSQL."""

from tests.factories.product import Product
from tests.journeys.test_a7_a12_online_signing import *  # noqa: F403
from tests.journeys.test_a7_a12_two_companies import *  # noqa: F403


def test_these_journeys_are_on_postgresql(product: Product) -> None:
    assert product.parts.db.engine.dialect.name == "postgresql"
