"""用章核验方式 on the phone's pages and in the mini-program: seen, changed, found back."""

from typing import Any

import pytest
from werkzeug.test import TestResponse

from server.certificates.models import OwnerKind
from server.core import limits
from server.intents import methods
from server.intents.actions import Action
from server.intents.errors import WrongUsePassword
from server.intents.models import VerificationMethod
from tests.factories.domain import company
from tests.factories.intent_changes import METHOD, TYPED, mini_proof, proof_for
from tests.factories.intents import Intents
from tests.factories.mini_program import logged_in, told
from tests.factories.product import LI, WEI, Product
from tests.factories.visits import Visit, visit

OTHER = {"password": "木棉花开2026", "password_again": "木棉花开2026"}


@pytest.fixture
def phone(product: Product) -> Visit:
    return visit(product)


def method_now(product: Product) -> VerificationMethod:
    with product.parts.db.read() as uow:
        return methods.method_of(uow, OwnerKind.ENTERPRISE, company(uow).id)


def save(phone: Visit, method: str, **body: Any) -> TestResponse:
    intent = proof_for(phone, Action.CHANGE_METHOD, method=method)
    return phone.post(METHOD, {"method": method, "intent": intent, **body})


def refused(answer: TestResponse) -> str:
    assert answer.status_code >= 400, answer.get_json()
    return str(answer.get_json()["code"])


@pytest.mark.row("F-23")
def test_the_representative_changes_the_companys_method(product: Product, phone: Visit) -> None:
    assert "签名口令" in phone.get(METHOD).text
    for method in ("sms", "face", "pin"):
        assert save(phone, method).get_json() == {"next": f"{METHOD}?done=1"}
        assert method_now(product) == method
    assert save(phone, "password", **TYPED).status_code == 200
    with product.parts.db.read() as uow:
        owner = company(uow).id
    methods.check_use_password(product.parts.db, OwnerKind.ENTERPRISE, owner, TYPED["password"])
    assert "忘记核验密码" in phone.get(METHOD).text


@pytest.mark.row("F-23")
def test_a_person_changes_his_own(product: Product) -> None:
    phone = visit(product, LI)
    assert phone.post("/m/role", {"kind": "account", "id": ""}).status_code == 200
    bound = {"owner": phone.session.account_id, "method": "sms"}
    desk = Intents(product, phone.session, LI)
    intent = desk.proved(action=Action.CHANGE_METHOD, parameters=bound)

    assert phone.post(METHOD, {"method": "sms", "intent": intent}).status_code == 200
    with product.parts.db.read() as uow:
        his = methods.method_of(uow, OwnerKind.ACCOUNT, phone.session.account_id)
    assert (his, method_now(product)) == (VerificationMethod.SMS, VerificationMethod.PIN)


@pytest.mark.row("F-23")
def test_who_only_holds_a_grant_sees_it_and_changes_nothing(product: Product) -> None:
    phone = visit(product, LI)
    assert "由法定代表人设置" in phone.get(METHOD).text
    for path, body in ((METHOD, {"method": "sms"}), (f"{METHOD}/forgotten", TYPED)):
        assert refused(phone.post(path, body)) == "no_right"
    assert method_now(product) == VerificationMethod.PIN


@pytest.mark.row("F-23", "P-40")
def test_nothing_changes_without_the_intent_for_this_very_method(
    product: Product, phone: Visit
) -> None:
    intent = proof_for(phone, Action.CHANGE_METHOD, method="sms")

    assert refused(phone.post(METHOD, {"method": "sms"})) == "intent_needed"
    assert refused(phone.post(METHOD, {"method": "face", "intent": intent})) == "intent_refused"
    forgotten = phone.post(f"{METHOD}/forgotten", {**TYPED, "intent": intent})
    assert refused(forgotten) == "intent_refused"
    assert method_now(product) == VerificationMethod.PIN


@pytest.mark.row("F-24")
def test_passwords_that_differ_are_refused_by_the_manuals_words(
    product: Product, phone: Visit
) -> None:
    answer = save(phone, "password", **{**TYPED, "password_again": "x"})

    assert answer.get_json()["detail"] == "核验密码不一致！"
    assert refused(save(phone, "password", password="12345", password_again="12345")) == (
        "use_password_too_short"
    )
    login = {"password": WEI.password, "password_again": WEI.password}
    assert refused(save(phone, "password", **login)) == "use_password_is_login"
    assert method_now(product) == VerificationMethod.PIN


@pytest.mark.row("P-40")
def test_a_forgotten_use_password_is_replaced_by_text_message_and_opens_its_lock(
    product: Product, phone: Visit
) -> None:
    save(phone, "password", **TYPED)
    db = product.parts.db
    with db.read() as uow:
        owner = (OwnerKind.ENTERPRISE, company(uow).id)
    for _ in range(5):
        with pytest.raises(WrongUsePassword):
            methods.check_use_password(db, *owner, "forgotten")

    intent = proof_for(phone, Action.RESET_USE_PASSWORD)
    assert "新的核验密码" in phone.get(f"{METHOD}/forgotten").text
    assert phone.post(f"{METHOD}/forgotten", {**OTHER, "intent": intent}).status_code == 200

    methods.check_use_password(db, *owner, OTHER["password"])
    with pytest.raises(WrongUsePassword):
        methods.check_use_password(db, *owner, TYPED["password"])


@pytest.mark.row("F-23", "P-40")
def test_the_mini_program_changes_it_too(product: Product) -> None:
    phone = logged_in(product)
    shown = phone.get("/method").get_json()
    assert (shown["method"], shown["may_change"]) == ("pin", True)
    assert told(phone.post("/method", {"method": "sms"})) == (403, "intent_needed")

    intent = mini_proof(phone, "change_method", "pin", method="password")
    assert (
        phone.post("/method", {**TYPED, "method": "password", "intent": intent}).status_code == 200
    )
    intent = mini_proof(phone, "reset_use_password", "sms")
    assert phone.post("/method/password", {**OTHER, "intent": intent}).status_code == 200

    assert phone.get("/method").get_json()["method"] == "password"
    assert logged_in(product, LI).get("/method").get_json()["may_change"] is False


@pytest.mark.row("F-23", "S-21")
@pytest.mark.parametrize("now", ["pin", "sms"])
def test_the_proof_of_a_forgotten_password_chooses_no_other_method(
    product: Product, phone: Visit, now: str
) -> None:
    if now != "pin":
        save(phone, now)
    answer = phone.post(
        f"{METHOD}/forgotten", {**TYPED, "intent": proof_for(phone, Action.RESET_USE_PASSWORD)}
    )
    assert refused(answer) == "intent_refused"
    assert method_now(product) == now


@pytest.mark.row("F-24")
def test_who_proves_his_choice_may_choose_as_often_as_he_likes(
    product: Product, phone: Visit
) -> None:
    key = methods.choices_key(phone.session.account_id)
    for _ in range(9):
        limits.take_attempt(product.parts.db, key, methods.CHOICES)
    for typed in (TYPED, OTHER):
        assert save(phone, "password", **typed).status_code == 200
