"""我的: one-tap bindings, the face that proves a name, one's own data, the end of an account."""

import json

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from server.accounts import identities
from server.accounts.identities import Assertion
from server.accounts.models import Account, FaceCheck, IdentityKind, Level
from server.providers.face.local import LocalFace
from tests.factories.devices import PhoneInHand
from tests.factories.logins import id_of, told
from tests.factories.own_pages import ask_proof, by_password, declare, newcomer
from tests.factories.product import HUANG, LI, NEWCOMER, WEI, Product

ME, REAL_NAME = "/m/me", "/m/me/real-name"


def level_of(product: Product, name: str) -> str:
    with product.parts.db.read() as uow:
        return uow.session.scalars(select(Account.level).where(Account.name == name)).one()


def decide_face(product: Product, *, passes: bool) -> None:
    with product.parts.db.read() as uow:
        reference = uow.session.scalars(select(FaceCheck.reference)).one()
    double = product.parts.providers.face
    assert isinstance(double, LocalFace)
    double.decide(reference, passes=passes)


def declared(product: Product) -> PhoneInHand:
    phone = newcomer(product)
    assert declare(phone, ask_proof(product, phone, "real_name")).status_code == 200
    return phone


@pytest.mark.row("P-37")
def test_a_face_raises_a_declared_name_to_a_proven_one(product: Product) -> None:
    phone = declared(product)
    page = phone.get(REAL_NAME).get_data(as_text=True)
    assert "face-form" in page
    begun = phone.post(f"{REAL_NAME}/face", {"consent": True}).get_json()
    assert begun["next"].startswith("/dev/face/")
    decide_face(product, passes=True)

    answer = phone.post(f"/m/face/settle?next={REAL_NAME}").get_json()

    assert answer == {"outcome": "passed", "next": REAL_NAME}
    assert level_of(product, NEWCOMER.name) == Level.PROVEN
    assert "face-form" not in phone.get(REAL_NAME).get_data(as_text=True)


@pytest.mark.row("P-37", "P-41")
def test_a_face_that_does_not_fit_or_was_not_agreed_to_raises_nothing(product: Product) -> None:
    phone = declared(product)
    assert told(phone.post(f"{REAL_NAME}/face", {})) == (422, "consent_needed")
    phone.post(f"{REAL_NAME}/face", {"consent": True})
    decide_face(product, passes=False)

    assert told(phone.post("/m/face/settle")) == (422, "face_not_passed")

    assert level_of(product, NEWCOMER.name) == Level.DECLARED


@pytest.mark.row("P-37")
def test_without_a_document_there_is_no_face_to_compare(product: Product) -> None:
    answer = newcomer(product).post(f"{REAL_NAME}/face", {"consent": True})

    assert told(answer) == (403, "real_name_needed")


@pytest.mark.row("P-38", "F-08")
def test_a_bound_house_is_shown_and_unbound(product: Product) -> None:
    phone = product.phone(WEI)
    keys = product.parts.providers.keys
    said = identities.prepare(keys, Assertion(IdentityKind.WECHAT, "wx-app", "openid-1"))
    with product.parts.db.begin() as uow:
        kept = identities.keep(uow, said)
        identities.bind(uow, kept.id, id_of(product, WEI))
    assert 'data-open="unbind-wechat"' in phone.get(ME).get_data(as_text=True)
    assert "openid-1" not in phone.get(ME).get_data(as_text=True)

    assert phone.post(f"{ME}/bindings/wechat/end").get_json() == {"next": ME}

    assert "unbind-wechat" not in phone.get(ME).get_data(as_text=True)


def take(phone: PhoneInHand, proof: dict[str, str]) -> TestResponse:
    return phone.post(f"{ME}/data", {"proof": proof})


@pytest.mark.row("P-38", "P-41")
def test_a_fresh_proof_hands_out_all_that_is_known_as_a_file(product: Product) -> None:
    phone = product.phone(WEI)

    answer = take(phone, ask_proof(product, phone, "data"))

    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["Cache-Control"] == "no-store"
    taken = answer.get_json()
    assert (taken["account"]["phone"], taken["account"]["name"]) == (WEI.phone, WEI.name)
    assert taken["account"]["document_number"] == WEI.id_number
    assert HUANG.phone not in json.dumps(taken)
    assert "导出个人信息" in phone.get(f"{ME}/log").get_data(as_text=True)


@pytest.mark.row("P-38", "S-44")
def test_nothing_is_handed_out_for_a_session_alone(product: Product) -> None:
    phone = product.phone(WEI)

    for answer in (
        phone.post(f"{ME}/data"),
        take(phone, by_password("wrong-1234")),
        take(phone, ask_proof(product, phone, "password")),
    ):
        assert answer.status_code == 422
        assert WEI.phone not in answer.get_data(as_text=True)
    assert WEI.phone not in phone.get(f"{ME}/data").get_data(as_text=True)


def close(phone: PhoneInHand, proof: dict[str, str], *, understood: bool = True) -> TestResponse:
    return phone.post(f"{ME}/close", {"proof": proof, "understood": understood})


@pytest.mark.row("P-38")
def test_an_account_is_closed_for_good_and_its_phone_registers_anew(product: Product) -> None:
    phone, other = newcomer(product), product.phone(LI)
    page = phone.get(f"{ME}/close").get_data(as_text=True)
    assert "《电子签名法》" in page
    proof = ask_proof(product, phone, "close")
    assert told(close(phone, proof, understood=False)) == (422, "closing_not_confirmed")
    assert phone.get(ME).status_code == 200

    answer = close(phone, proof)

    assert answer.get_json() == {"next": "/m/closed"}
    assert phone.get(ME).status_code == 401
    assert "账号已注销" in phone.get("/m/closed").get_data(as_text=True)
    assert other.get(ME).status_code == 200
    product.clock.advance(minutes=2)
    phone.ask_code()
    body = {"phone": NEWCOMER.phone, "code": phone.code(), "agreed": True}
    assert told(phone.post("/m/login", body)) == (409, "registration_needed")


@pytest.mark.row("P-38")
def test_what_is_still_open_is_listed_and_stands_in_the_way(product: Product) -> None:
    phone = product.phone(WEI)

    shown = phone.get(f"{ME}/close").get_data(as_text=True)

    assert "还不能注销" in shown
    assert "close-form" not in shown
    refused = close(phone, by_password())
    assert told(refused) == (409, "account_in_use")
    assert refused.get_json()["obstacles"]
    assert phone.get(ME).status_code == 200
