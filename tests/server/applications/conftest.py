"""One who applies, for the tests of this folder."""

import pytest

from tests.factories.applications import Applicant
from tests.factories.certifications import Certifying
from tests.factories.product import Product


@pytest.fixture
def wei(product: Product) -> Applicant:
    """韦志远: proven, with a certificate, representative of two companies in Guangxi."""
    return Applicant(product)


@pytest.fixture
def case(product: Product) -> Certifying:
    """An application that its representative and its agent have to certify."""
    return Certifying.begun(product)
