"""A company registers on the phone page, held against the registry (F-01)."""

from http.cookies import SimpleCookie
from typing import Any

import pytest
from sqlalchemy import func, select

from server.enterprises.models import EnterpriseLogin
from server.providers.registry import Company, RegistryUnavailable
from server.providers.registry.local import LocalRegistry
from tests.factories.entry import (
    LIUZHOU,
    OFFICE,
    Entrance,
    another,
    company_sessions,
    told,
    typed,
)
from tests.factories.product import Product
from tests.fakes.outside import SilentSms


@pytest.fixture
def entrance(product: Product) -> Entrance:
    """A browser whose phone has been sent a code."""
    entrance = Entrance.of(product)
    assert entrance.ask_company_code().get_json() == {"retry_after": 60}
    return entrance


def logins(product: Product) -> int:
    with product.parts.db.read() as uow:
        return uow.session.scalar(select(func.count()).select_from(EnterpriseLogin)) or 0


def person(**slip: Any) -> dict[str, Any]:
    return {"representative": {**typed()["representative"], **slip}}


@pytest.mark.row("F-01", "S-10")
def test_facts_of_the_registry_and_the_phones_code_make_a_companys_login(
    product: Product, entrance: Entrance
) -> None:
    entrance.client.set_cookie("gy_phone", "planted-before")

    answer = entrance.register_company()

    assert (answer.status_code, answer.get_json()) == (200, {"next": "/m/"})
    cookie = SimpleCookie(answer.headers["Set-Cookie"])["gy_phone"]
    assert len(cookie.value) >= 43
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/")
    [session] = company_sessions(product)
    assert session.acting_enterprise_id is not None
    assert session.face_at is None
    assert told(entrance.register_company()) == (410, "sms_code_expired")


@pytest.mark.row("F-01", "S-23")
@pytest.mark.parametrize(
    ("slip", "code"),
    [
        ({"legal_form": "ghost"}, "unknown_legal_form"),
        ({"company": "91450200MA5P6D4H0G"}, "bad_company_code"),
        ({"password": "short1"}, "weak_password"),
        ({"password": f"a{LIUZHOU.code}"}, "weak_password"),
        (person(name="韦志远1"), "bad_name"),
        (person(number="450103198506123012"), "bad_id_number"),
        (person(document_type="passport"), "unknown_document_type"),
        (person(consent_to_id_number=False), "consent_needed"),
        ({"agreed": False}, "agreements_not_ticked"),
    ],
)
def test_a_slip_in_the_form_makes_no_login_and_costs_no_try(
    product: Product, entrance: Entrance, slip: dict[str, Any], code: str
) -> None:
    form = {**typed(), "code": entrance.code()}
    for _ in range(6):
        assert told(entrance.post("/m/register/company", {**form, **slip})) == (422, code)
    assert logins(product) == 0

    assert entrance.post("/m/register/company", form).status_code == 200


@pytest.mark.row("F-01")
@pytest.mark.parametrize(
    "slip",
    [
        {"name": "柳州桂印智能装备公司"},
        {"company": "91450300MA5T7Y1A2W"},
        person(name="韦志高"),
        person(number="450102199009234528"),
    ],
)
def test_whatever_differs_from_the_registry_is_answered_by_one_sentence(
    product: Product, entrance: Entrance, slip: dict[str, Any]
) -> None:
    form = {**typed(), "code": entrance.code()}

    answer = entrance.post("/m/register/company", {**form, **slip})

    assert told(answer) == (422, "registry_mismatch")
    assert answer.get_json()["detail"] == "填写的企业或法人代表信息与登记信息不一致。"
    assert "Set-Cookie" not in answer.headers
    assert logins(product) == 0
    # The code is still good for the form as it should have been.
    assert entrance.post("/m/register/company", form).status_code == 200


@pytest.mark.row("F-01", "S-23", "S-24")
def test_without_the_code_nobody_learns_what_the_registry_holds(
    product: Product, entrance: Entrance
) -> None:
    wrong = another(entrance.code())
    right, false = typed(), {**typed(), **person(name="韦志高")}

    for form in (right, false):
        answer = entrance.post("/m/register/company", {**form, "code": wrong})
        assert told(answer) == (422, "wrong_sms_code")

    assert logins(product) == 0


@pytest.mark.row("F-01", "S-24")
def test_with_a_good_code_facts_are_tried_five_times_and_then_the_phone_waits(
    product: Product, entrance: Entrance
) -> None:
    form = {**typed(), "code": entrance.code()}
    for _ in range(5):
        answer = entrance.post("/m/register/company", {**form, **person(name="韦志高")})
        assert told(answer) == (422, "registry_mismatch")

    locked = entrance.post("/m/register/company", form)

    assert told(locked) == (429, "registry_locked")
    assert 0 < int(locked.headers["Retry-After"]) <= 15 * 60
    assert logins(product) == 0


@pytest.mark.row("F-01", "S-24")
def test_many_phones_do_not_try_more_on_one_company(product: Product) -> None:
    entrance = Entrance.of(product)
    for number in range(5):
        phone = f"139077191{number:02d}"
        entrance.ask_company_code(phone)
        false = {**typed(phone=phone), "code": entrance.code(phone), **person(name="韦志高")}
        answers = [told(entrance.post("/m/register/company", false)) for _ in range(4)]

    assert answers == [(422, "registry_mismatch")] * 4
    entrance.ask_company_code()
    assert told(entrance.register_company()) == (429, "registry_locked")
    product.clock.advance(minutes=61)
    entrance.ask_company_code()
    assert entrance.register_company().status_code == 200


@pytest.mark.row("F-01", "R-09")
def test_a_registry_that_is_away_costs_nothing_and_leaves_nothing(product: Product) -> None:
    class Away(LocalRegistry):
        def company(self, code: str) -> Company:
            raise RegistryUnavailable()

    entrance = Entrance.of(product.restarted_with(registry=Away([])))
    entrance.ask_company_code()
    for _ in range(6):
        answer = entrance.register_company()
        assert told(answer) == (503, "registry_unavailable")
        assert answer.get_json()["next_step"] == "请稍后再试。"
    assert logins(product) == 0
    entrance.client = product.app.test_client()

    assert entrance.register_company().status_code == 200


@pytest.mark.row("F-01", "S-23")
def test_a_code_to_log_in_with_registers_no_company(product: Product, entrance: Entrance) -> None:
    product.clock.advance(minutes=2)
    entrance.post("/m/login/sms", {"phone": OFFICE})

    assert told(entrance.register_company()) == (422, "wrong_sms_code")


@pytest.mark.row("F-01", "R-09")
def test_a_gateway_that_is_down_costs_a_company_neither_code_nor_minute(product: Product) -> None:
    broken = Entrance.of(product.restarted_with(sms=SilentSms()))

    answer = broken.ask_company_code()

    assert told(answer) == (503, "sms_unavailable")
    assert answer.get_json()["next_step"]
    entrance = Entrance.of(product)
    assert entrance.ask_company_code().status_code == 200
    assert entrance.register_company().status_code == 200
