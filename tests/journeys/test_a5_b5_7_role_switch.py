"""Manuals A5 and B5.7: somebody acts for himself, for his companies, and by a grant."""

import pytest
from sqlalchemy import select

from server.accounts.models import Account
from server.enterprises.models import Enterprise
from tests.factories.product import LI, WEI, Product

GUIYIN, FIRST = "南宁桂印科技有限公司", "广西桂印新设企业有限公司"


def own_company(product: Product, name: str = FIRST) -> None:
    """As the registry's word leaves it: a company of WEI's without a seal."""
    with product.parts.db.begin() as uow:
        wei = uow.session.scalars(select(Account).where(Account.name == WEI.name)).one()
        row = Enterprise(id="ent-new", code="91450100MA5T7Y1A2W", name=name, place="450100")
        row.representative_name, row.representative_id = WEI.name, wei.id
        row.created_at = uow.now
        uow.session.add(row)


def id_of(product: Product, name: str) -> str:
    with product.parts.db.read() as uow:
        return uow.session.scalars(select(Enterprise.id).where(Enterprise.name == name)).one()


@pytest.mark.row("F-12", "F-20")
def test_a_representative_of_two_companies_switches_between_them_and_himself(
    product: Product,
) -> None:
    own_company(product)
    phone = product.phone(WEI)

    def home_as(kind: str, company: str) -> str:
        answer = phone.post("/m/role", {"kind": kind, "id": company})
        assert answer.get_json() == {"next": "/m/"}
        return phone.get("/m/").get_data(as_text=True)

    with_seals = home_as("enterprise", id_of(product, GUIYIN))
    before_the_first = home_as("enterprise", id_of(product, FIRST))
    himself = home_as("account", "")

    assert "企业法定代表人章" in with_seals
    assert "该企业还没有电子印章" in before_the_first
    assert "/picture.png" not in before_the_first
    assert "当前身份下还没有印章" in himself


@pytest.mark.row("F-12", "F-31")
def test_who_was_granted_a_seal_acts_for_that_company_and_sees_that_seal(product: Product) -> None:
    phone = product.phone(LI)

    phone.post("/m/role", {"kind": "enterprise", "id": id_of(product, GUIYIN)})

    home = phone.get("/m/").get_data(as_text=True)
    assert "经办人" in home
    assert home.count("/picture.png") == 1
    assert "可以为该企业申领印章" not in home
