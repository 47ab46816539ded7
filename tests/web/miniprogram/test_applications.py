"""Applying for seals in the mini-program: the same rules, told in its own form."""

import pytest
from sqlalchemy import select

from server.accounts.models import FaceCheck
from server.accounts.sessions import Company
from server.enterprises.models import EnterpriseLogin
from server.providers.face.local import LocalFace
from tests.factories.apply_changes import mini_proof
from tests.factories.applying import COMPANY_PAPERS, SQUARE, Applying, paper
from tests.factories.devices import multipart
from tests.factories.mini_program import MP, MiniProgram, logged_in, told
from tests.factories.product import LI, WEI, Product
from tests.factories.visits import visit


def hand_in(phone: MiniProgram, application_id: str, slot: str) -> None:
    path, form = f"{MP}/applications/{application_id}/materials/{slot}", paper()
    sent = multipart("picture", "p.jpg", form)
    assert phone.client.post(path, headers=phone.headers(), **sent).status_code == 200


@pytest.mark.row("F-21", "F-22", "F-23", "P-45", "P-47")
def test_an_application_is_filled_in_handed_in_and_withdrawn(product: Product) -> None:
    company = Applying.here(product).company()
    phone = logged_in(product, WEI)
    seals = [{"kind": "company"}]

    begun = phone.post("/applications", {"enterprise_id": company, "seals": seals}).get_json()

    mine = begun["application"]["id"]
    assert "material:licence" in begun["missing"]
    assert begun["application"]["seals"][0]["name"] == "企业法定名称章"
    for slot in COMPANY_PAPERS:
        hand_in(phone, mine, slot)
    phone.post(f"/applications/{mine}/people", {"same": True})
    whole = phone.post(f"/applications/{mine}/method", {"method": "face"}).get_json()
    assert whole["missing"] == []
    assert whole["intent_parameters"]["enterprise"] == company
    proof = {"intent": mini_proof(phone, whole["intent_parameters"])}
    handed_in = phone.post(f"/applications/{mine}/submit", proof).get_json()
    assert handed_in["application"]["state"] == "certifying"
    turns = [(one["role"], one["stage"]) for one in handed_in["steps"] if one["role"]]
    assert turns == [("representative", "now"), ("agent", "later")]
    assert phone.post(f"/applications/{mine}/withdraw").status_code == 200
    listed = phone.get("/applications").get_json()["items"]
    assert [(one["id"], one["standing"]) for one in listed] == [(mine, "申请已撤销")]
    assert told(phone.post(f"/applications/{mine}/submit", proof))[0] in (409, 410)


@pytest.mark.row("F-25", "F-20", "P-37")
def test_the_choices_say_what_is_there_and_what_stands_in_the_way(product: Product) -> None:
    wei, li = logged_in(product, WEI), logged_in(product, LI)

    of_company, of_operator = (one.get("/applications/choices").get_json() for one in (wei, li))

    taken = [one["kind"] for one in of_company["kinds"] if one["taken"]]
    assert taken == ["company", "legal_representative"]
    assert of_company["obstacle"] is None
    assert of_operator["obstacle"]["code"] == "not_representative"
    li.post("/auth/role", {"enterprise_id": None})
    own = li.get("/applications/choices").get_json()
    assert [one["kind"] for one in own["kinds"]] == ["square", "handwritten"]
    assert [one["font"] for one in own["fonts"]] == ["song", "hei"]


@pytest.mark.row("S-18", "F-04")
def test_a_companys_own_login_asks_for_nobodys_personal_seal(product: Product) -> None:
    visit(product, WEI, by_company=True)
    with product.parts.db.read() as uow:
        login = uow.session.scalars(select(EnterpriseLogin)).one()
    company = Company(login.id, login.enterprise_id)
    phone = logged_in(product, WEI, company)
    check = phone.begin_face()
    with product.parts.db.begin() as uow:
        row = uow.session.get_one(FaceCheck, check)
    face = product.parts.providers.face
    assert isinstance(face, LocalFace)
    face.decide(row.reference, passes=True)
    assert phone.post(f"/face/sessions/{check}/result").get_json()["outcome"] == "passed"

    refused = told(phone.post("/applications", {"seals": [SQUARE]}))

    assert refused == (403, "not_for_company_login")
