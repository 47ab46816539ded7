"""核验方式, the page of an application that may pass it by."""

import pytest

from server.applications.models import KEPT, Application
from server.certificates.models import OwnerKind
from server.intents.methods import MethodChoice, set_method
from server.intents.models import VerificationMethod
from tests.factories.applications import Applicant
from tests.factories.applying import Applying
from tests.factories.product import Product


@pytest.mark.row("F-23")
def test_the_method_of_before_that_is_only_passed_by_stays_what_it_is(product: Product) -> None:
    applying = Applying.here(product)
    owner = (OwnerKind.ENTERPRISE, Applicant(product).company().id)
    with product.parts.db.begin() as uow:
        set_method(uow, *owner, MethodChoice(VerificationMethod.SMS))
    applying.choose("company")
    for method, kept in (("sms", True), ("face", False)):
        assert applying.choose_method(method).status_code == 200
        with product.parts.db.read() as uow:
            row = uow.session.get_one(Application, applying.id)
        assert (row.method, row.method_digest == KEPT) == (method, kept)
