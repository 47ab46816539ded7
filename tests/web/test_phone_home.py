"""What a person sees on his phone: his companies, his seals, the uses that concern him."""

import pytest
from sqlalchemy import select

from server.enterprises.models import Enterprise
from server.seals.models import Seal
from server.seals.queries import impression_of
from tests.factories.devices import PhoneInHand
from tests.factories.product import HUANG, LI, WEI, Product
from tests.factories.visits import visit

GUIYIN, YONGJIANG = "南宁桂印科技有限公司", "广西邕江建设工程有限责任公司"


def seals_of(product: Product, company: str) -> dict[str, str]:
    """Name -> id."""
    with product.parts.db.read() as uow:
        rows = uow.session.scalars(
            select(Seal)
            .join(Enterprise, Enterprise.id == Seal.owner_id)
            .where(Enterprise.name == company)
        )
        return {seal.name: seal.id for seal in rows}


def company_id(product: Product, name: str) -> str:
    with product.parts.db.read() as uow:
        return uow.session.scalars(select(Enterprise.id).where(Enterprise.name == name)).one()


def text_of(phone: PhoneInHand, path: str) -> str:
    answer = phone.get(path)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


@pytest.mark.row("F-11", "F-12")
def test_everybody_sees_the_companies_that_he_acts_for(product: Product) -> None:
    seen = {person: text_of(product.phone(person), "/m/") for person in (WEI, HUANG, LI)}

    assert [GUIYIN in seen[person] for person in (WEI, HUANG, LI)] == [True, False, True]
    assert [YONGJIANG in seen[person] for person in (WEI, HUANG, LI)] == [False, True, False]
    assert "企业法定代表人章" in seen[WEI]
    assert "企业法定代表人章" not in seen[LI]


@pytest.mark.row("S-18", "F-26")
@pytest.mark.parametrize("act", ["", "/picture.png"])
def test_a_seal_is_shown_to_those_who_may_use_it_and_is_not_there_for_others(
    product: Product, act: str
) -> None:
    ids = seals_of(product, GUIYIN)
    company, legal = ids["企业法定名称章"], ids["企业法定代表人章"]

    def status(person: object, seal_id: str) -> int:
        return product.phone(person).get(f"/m/seals/{seal_id}{act}").status_code  # type: ignore[arg-type]

    assert [status(person, company) for person in (WEI, LI, HUANG)] == [200, 200, 404]
    assert [status(person, legal) for person in (WEI, LI, HUANG)] == [200, 404, 404]
    foreign = product.phone(HUANG).get(f"/m/seals/{company}").get_json()
    missing = product.phone(HUANG).get("/m/seals/seal-none").get_json()
    assert foreign["code"] == missing["code"] == "seal_not_found"


@pytest.mark.row("S-18", "F-12")
@pytest.mark.parametrize(
    ("kind", "company", "expected"),
    [
        ("enterprise", GUIYIN, (200, None)),
        ("enterprise", YONGJIANG, (403, "no_right")),
        ("enterprise", "", (403, "no_right")),
        ("administrator", GUIYIN, (422, "invalid_fields")),
    ],
)
def test_a_role_is_taken_only_by_right(
    product: Product, kind: str, company: str, expected: tuple[int, str | None]
) -> None:
    body = {"kind": kind, "id": company_id(product, company) if company else "ent-none"}

    answer = product.phone(LI).post("/m/role", body)

    assert (answer.status_code, answer.get_json().get("code")) == expected


@pytest.mark.row("F-12")
def test_who_acts_for_himself_sees_no_company_seals(product: Product) -> None:
    phone = product.phone(WEI)

    phone.post("/m/role", {"kind": "account", "id": "whoever"})

    assert "/picture.png" not in text_of(phone, "/m/")


@pytest.mark.row("P-35", "S-18")
def test_a_use_is_in_the_register_of_the_user_and_of_the_representative_only(
    product: Product,
) -> None:
    product.signing(person=LI).seal()

    seen = {person: text_of(product.phone(person), "/m/uses") for person in (LI, WEI, HUANG)}

    assert ["施工许可申请表.pdf" in seen[person] for person in (LI, WEI, HUANG)] == [
        True,
        True,
        False,
    ]
    assert "李*梅" in seen[WEI]
    assert "李晓梅" not in seen[WEI]
    assert "经办人" in seen[WEI]
    assert "企业法定名称章 × 1" in seen[WEI]


@pytest.mark.row("P-49")
def test_outside_signing_a_seal_is_shown_with_its_watermark_and_as_a_picture_only(
    product: Product,
) -> None:
    seal_id = seals_of(product, GUIYIN)["企业法定名称章"]

    answer = product.phone(WEI).get(f"/m/seals/{seal_id}/picture.png")

    with product.parts.db.read() as uow:
        kept = impression_of(uow, seal_id)
    assert answer.mimetype == "image/png"
    assert answer.data == kept.preview


@pytest.mark.parametrize("cursor", ["x", "' OR 1=1 --", "\0", "é", "9" * 500])
def test_an_odd_cursor_is_refused_or_shows_an_empty_page(product: Product, cursor: str) -> None:
    answer = product.phone(WEI).get("/m/uses", query_string={"cursor": cursor})

    assert answer.status_code in (200, 422)


@pytest.mark.row("F-12", "S-18")
def test_a_companys_own_login_is_offered_no_other_role(product: Product) -> None:
    company, person = visit(product, by_company=True), visit(product)
    assert company.pass_gate().status_code == 200

    shown = company.get("/m/").get_data(as_text=True)

    assert 'data-role-kind="enterprise"' in shown
    assert 'data-role-kind="account"' not in shown
    assert 'data-role-kind="account"' in person.get("/m/").get_data(as_text=True)
