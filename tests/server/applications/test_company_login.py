"""A company's own login applies through its representative, for that company alone (Settled 12)."""

import pytest

from server.accounts.errors import RealNameNeeded
from server.applications import queries, service
from server.applications.errors import ApplicationNotFound
from server.applications.lifecycle import ApplicationState
from server.applications.models import Way
from server.applications.queries import Viewer
from tests.factories.applications import HAND, LIUZHOU, Applicant
from tests.factories.companies import Office
from tests.factories.product import Product


@pytest.mark.row("F-04", "F-21")
def test_the_companys_login_applies_as_its_representative(product: Product) -> None:
    company = product.parts.providers.registry.company(LIUZHOU)
    office, wei = Office(product, [company]), Applicant(product)
    wei.company()
    by_login = office.session(office.open(company))
    viewer = Viewer.of(by_login)
    assert viewer == Viewer(wei.account_id, wei.company().id)
    company_draft, own_draft = wei.filled(), wei.start(Way.PERSONAL)
    with product.parts.db.read() as uow:
        assert queries.find(uow, company_draft, viewer).id == company_draft
        with pytest.raises(ApplicationNotFound):
            queries.find(uow, own_draft, viewer)
    wei.session = by_login
    checked = wei.check(company_draft)
    intent = wei.proved(checked)
    with product.parts.db.begin() as uow:
        row = service.submit(uow, HAND, checked=checked, session=by_login, intent_id=intent)
    assert (row.state, row.applicant_id) == (ApplicationState.IN_REVIEW, wei.account_id)


@pytest.mark.row("P-37")
def test_a_login_whose_representative_has_not_shown_his_face_begins_nothing(
    product: Product,
) -> None:
    office = Office(product)
    session = office.session(office.register())
    with product.parts.db.begin() as uow, pytest.raises(RealNameNeeded):
        service.start(
            uow,
            account_id=session.account_id,
            way=Way.FULL,
            enterprise_id=office.enterprise().id,
        )
