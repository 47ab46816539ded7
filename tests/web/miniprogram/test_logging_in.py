"""Coming in by the mini-program: who gets a token, and what it opens."""

import pytest
from sqlalchemy import select

from server.accounts import passwords
from server.accounts.models import Account, AccountSession
from tests.factories.companies import OFFICE_PHONE, PASSWORD, QIN, TEA, Office
from tests.factories.mini_program import MiniProgram, logged_in, told
from tests.factories.people import NEW_PHONE
from tests.factories.product import HUANG, WEI, Product

LOGIN_NEEDED = (401, "login_needed")
REPRESENTATIVE = {
    "id_type": "resident_id",
    "name": QIN[0],
    "id_no": QIN[1],
    "consent_to_id_number": True,
}


@pytest.fixture
def phone(product: Product) -> MiniProgram:
    return MiniProgram(product)


@pytest.fixture
def office(product: Product) -> MiniProgram:
    """A mini-program in a land whose register has the tea company."""
    known = product.restarted_with(registry=Office(product).registry)
    return MiniProgram(known)


def register_company(office: MiniProgram, **changed: object) -> dict[str, object]:
    """The body of B1.1 with a code that has just come."""
    office.ask_code("company", OFFICE_PHONE)
    return {
        "legal_form": "company",
        "name": TEA.name,
        "code": TEA.code,
        "representative": REPRESENTATIVE,
        "phone": OFFICE_PHONE,
        "sms_code": office.code(),
        "password": PASSWORD,
        "agreed": True,
        **changed,
    }


@pytest.mark.row("F-06")
def test_a_code_lets_in_and_the_token_says_who_is_there(phone: MiniProgram) -> None:
    said = phone.log_in()

    me = phone.get("/auth/me").get_json()
    assert (said["errcode"], said["errmsg"], said["expires_in"]) == (0, "ok", 12 * 3600)
    assert me["rid"]
    assert me["account"]["name"] == "韦*远"
    assert (me["phone"], me["company_login"]) == ("139****0001", False)
    assert me["acting"]["right"] == "法定代表人"


@pytest.mark.row("F-06")
def test_a_password_lets_in_by_phone_and_by_document(phone: MiniProgram) -> None:
    for id_no in (WEI.phone, WEI.id_number):
        body = {"account_type": "person", "id_no": id_no, "password": "guiyin-2026"}
        answer = phone.post("/auth/login", {**body, "agreed": True})

        assert answer.get_json()["account"]["name"] == "韦*远", answer.get_json()


@pytest.mark.row("F-06")
def test_the_code_of_a_documents_owner_goes_to_his_phone(phone: MiniProgram) -> None:
    phone.ask_code(id_no=WEI.id_number)
    assert phone.product.sms.messages(1)[0].phone == WEI.phone

    body = {"account_type": "person", "id_no": WEI.id_number, "sms_code": phone.code()}
    answer = phone.post("/auth/login", {**body, "agreed": True})

    assert answer.get_json()["account"]["name"] == "韦*远"


@pytest.mark.row("F-04")
@pytest.mark.parametrize("way", ["sms_code", "password"])
def test_without_the_tick_nobody_comes_in(phone: MiniProgram, way: str) -> None:
    body = phone.by_code(agreed=False)
    if way == "password":
        del body["sms_code"]
        body["password"] = "guiyin-2026"

    assert told(phone.post("/auth/login", body)) == (422, "agreements_not_ticked")


@pytest.mark.row("S-24")
def test_a_wrong_password_and_an_unknown_name_are_told_the_same(phone: MiniProgram) -> None:
    answers = []
    for id_no in (WEI.phone, NEW_PHONE):
        body = {"account_type": "person", "id_no": id_no, "password": "wrong-2026", "agreed": True}
        answers.append(phone.post("/auth/login", body))

    assert [told(one) for one in answers] == [(422, "wrong_password")] * 2
    bodies = [{k: v for k, v in one.get_json().items() if "id" not in k} for one in answers]
    assert bodies[0] == bodies[1]


@pytest.mark.row("F-03")
def test_a_new_phone_is_told_to_register_and_its_code_stays_good(phone: MiniProgram) -> None:
    phone.ask_code(id_no=NEW_PHONE)
    code = phone.code()
    body = {"account_type": "person", "id_no": NEW_PHONE, "sms_code": code, "agreed": True}
    assert told(phone.post("/auth/login", body)) == (409, "registration_needed")

    body = {"phone": NEW_PHONE, "sms_code": code, "agreed": True}
    phone.keep(phone.post("/auth/register/person", body))

    me = phone.get("/auth/me").get_json()
    assert (me["account"]["level"], me["acting"], me["roles"]) == ("phone", None, [])


@pytest.mark.row("F-02")
def test_a_person_registers_with_name_and_document(phone: MiniProgram) -> None:
    phone.ask_code(id_no=NEW_PHONE)
    declared = {**REPRESENTATIVE, "name": "覃小红", "id_no": "450103199001010016"}
    body = {"phone": NEW_PHONE, "sms_code": phone.code(), "agreed": True, "declared": declared}

    said = phone.keep(phone.post("/auth/register/person", body))

    assert (said["account"]["name"], said["account"]["level"]) == ("覃*红", "declared")


@pytest.mark.row("F-01", "F-04")
def test_a_company_registers_and_comes_in_by_its_code_and_password(office: MiniProgram) -> None:
    office.keep(office.post("/auth/register/company", register_company(office)))

    body = {"account_type": "company", "id_no": TEA.code, "password": PASSWORD, "agreed": True}
    office.keep(office.post("/auth/login", body))

    me = office.get("/auth/me").get_json()
    assert (me["company_login"], me["phone"]) == (True, "")


@pytest.mark.row("F-01")
def test_a_company_that_is_not_as_registered_is_refused(office: MiniProgram) -> None:
    body = register_company(office, name="南宁另一家有限公司")

    answer = office.post("/auth/register/company", body)

    assert told(answer) == (422, "registry_mismatch")


@pytest.mark.row("F-01", "S-24")
def test_the_register_answers_only_who_holds_the_phone(office: MiniProgram) -> None:
    body = register_company(office)
    wrong = "000000" if body["sms_code"] != "000000" else "111111"
    for changed in ({}, {"name": "南宁另一家有限公司"}):
        answer = office.post("/auth/register/company", {**body, **changed, "sms_code": wrong})
        assert told(answer) == (422, "wrong_sms_code")


@pytest.mark.row("F-01", "R-12")
def test_a_repeated_registration_of_a_company_is_the_same_login(office: MiniProgram) -> None:
    body = register_company(office)
    answers = [office.post("/auth/register/company", body, key="k-1") for _ in range(2)]

    for answer in answers:
        office.keep(answer)
    assert office.get("/auth/me").status_code == 200
    with office.product.parts.db.read() as uow:
        assert len(uow.session.scalars(select(AccountSession)).all()) == 1
    again = office.post("/auth/register/company", body)
    assert told(again) == (410, "sms_code_expired")


@pytest.mark.row("F-05")
def test_a_forgotten_password_is_set_by_code_for_a_person_and_for_a_company(
    office: MiniProgram,
) -> None:
    office.post("/auth/register/company", register_company(office))
    for kind, purpose, id_no in (
        ("person", "reset_password", WEI.phone),
        ("company", "company_reset", TEA.code),
    ):
        office.ask_code(purpose, id_no)
        named = {"account_type": kind, "id_no": id_no}
        new = {**named, "sms_code": office.code(), "password": "a-new-one-26"}
        assert office.post("/auth/reset_password", new).status_code == 200

        answer = office.post("/auth/login", {**named, "password": "a-new-one-26", "agreed": True})
        assert answer.status_code == 200, answer.get_json()


@pytest.mark.row("S-10")
@pytest.mark.parametrize("cookie", ["gy_phone", "gy_desktop", "token"])
def test_no_cookie_stands_for_a_token(product: Product, cookie: str) -> None:
    phone, client = logged_in(product), product.app.test_client()
    client.set_cookie(cookie if cookie != "token" else "gy_phone", phone.token)

    assert client.get("/mp/v1/auth/me").status_code == 401
    assert product.phone().get("/mp/v1/auth/me").status_code == 401


@pytest.mark.row("S-10")
def test_the_token_of_another_kind_of_device_opens_nothing_here(product: Product) -> None:
    cookies = {
        "gy_phone": product.phone().client.get_cookie("gy_phone"),
        "gy_desktop": product.computer(HUANG).client.get_cookie("gy_desktop"),
    }
    for cookie in cookies.values():
        assert cookie
        stolen = MiniProgram(product, token=cookie.value)
        assert told(stolen.get("/auth/me")) == LOGIN_NEEDED

    client = product.app.test_client()
    client.set_cookie("gy_phone", logged_in(product).token)
    assert client.get("/m/me").status_code == 401


def test_the_token_is_kept_as_a_digest_alone(product: Product) -> None:
    phone = logged_in(product)

    with product.parts.db.read() as uow:
        kept = [one.token_digest for one in uow.session.scalars(select(AccountSession)).all()]
    assert phone.token not in kept


@pytest.mark.row("S-49")
def test_logging_out_ends_the_login_and_is_answered_the_same_again(phone: MiniProgram) -> None:
    phone.log_in()

    said = [phone.post("/auth/logout").get_json()["errcode"] for _ in range(2)]

    assert said == [0, 0]
    assert told(phone.get("/auth/me")) == LOGIN_NEEDED


def test_a_company_logs_in_by_password_alone(phone: MiniProgram) -> None:
    body = {"account_type": "company", "id_no": TEA.code, "sms_code": "123456", "agreed": True}

    assert told(phone.post("/auth/login", body)) == (422, "invalid_fields")


def test_a_short_password_is_not_set(phone: MiniProgram) -> None:
    before = _digest_of(phone.product)
    phone.ask_code("reset_password")
    named = {"account_type": "person", "id_no": WEI.phone, "sms_code": phone.code()}

    answer = phone.post("/auth/reset_password", {**named, "password": "short"})

    assert told(answer) == (422, "weak_password")
    assert _digest_of(phone.product) == before
    assert passwords.matches("guiyin-2026", before)


def _digest_of(product: Product) -> str:
    with product.parts.db.read() as uow:
        found = select(Account.password_digest).where(Account.name == WEI.name)
        return uow.session.scalars(found).one()
