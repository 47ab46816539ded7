"""A partner's login by QR code: who gets it, with which words, and who may ask for what."""

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from server.core.ids import fingerprint
from server.partner_logins.models import PartnerLogin as PartnerLoginRow
from server.partners.models import Partner
from tests.factories.devices import PhoneInHand
from tests.factories.logins import computers, id_of, told
from tests.factories.partner_logins import RETURN_URL, STATE, PartnerLogin
from tests.factories.product import HUANG, LI, WEI, PartnerProgram, Product
from tests.factories.truth import events_of

RACERS = 16


@pytest.fixture
def partner(product: Product) -> PartnerProgram:
    return product.partner()


@pytest.fixture
def login(partner: PartnerProgram) -> PartnerLogin:
    return PartnerLogin.asked(partner)


@pytest.fixture
def phone(product: Product) -> PhoneInHand:
    return product.phone(WEI)


def row_of(product: Product, login: PartnerLogin) -> PartnerLoginRow:
    with product.parts.db.read() as uow:
        return uow.session.get_one(PartnerLoginRow, login.id)


@pytest.mark.row("F-13", "S-10", "P-04")
def test_a_person_logs_in_at_a_partner_by_phone_and_page(
    product: Product, login: PartnerLogin, phone: PhoneInHand
) -> None:
    assert login.standing() == ("pending", "pending", "outstanding")
    page = login.page()
    session_id = phone.let_in(page)
    assert login.standing() == ("pending", "confirmed", "confirmed")
    back = page.address_back()
    assert set(back) == {"code", "state"}
    assert back["state"] == STATE
    assert login.standing()[0] == "pending"

    person = login.exchange(back["code"]).get_json()

    assert person["login_session_id"] == login.id
    assert (person["name"], person["level"], person["companies"]) == ("韦*远", "proven", None)
    assert person["subject"].startswith("sub-")
    assert login.standing() == ("complete", "consumed", "consumed")
    assert page.qr()["state"] == "consumed"
    account = id_of(product, WEI)
    assert account not in str(person)
    assert events_of(product, login.id) == [
        "partner_login.created",
        "partner_login.opened",
        "partner_login.completed",
    ]
    assert events_of(product, account)[-1] == "login.confirmed"
    assert (row_of(product, login).account_id, computers(product)) == (account, [])
    assert session_id == row_of(product, login).qr_session_id


@pytest.mark.row("F-13")
def test_a_person_has_one_name_at_a_partner_and_another_one_at_the_next(
    product: Product, partner: PartnerProgram, phone: PhoneInHand
) -> None:
    other = product.another_partner(login_return_urls=[RETURN_URL])
    huang = product.phone(HUANG)

    def subject(at: PartnerProgram, who: PhoneInHand) -> str:
        login = PartnerLogin.asked(at)
        found: str = login.exchange(login.code(who)).get_json()["subject"]
        return found

    first, again = subject(partner, phone), subject(partner, phone)

    assert first == again
    assert len({first, subject(other, phone), subject(partner, huang)}) == 3


@pytest.mark.row("F-12", "F-13")
def test_only_a_partner_that_is_told_of_companies_learns_them(
    product: Product, partner: PartnerProgram
) -> None:
    with product.parts.db.begin() as uow:
        uow.session.scalars(select(Partner)).one().login_shows_companies = True
    login, phone = PartnerLogin.asked(partner), product.phone(LI)
    page = login.page()
    asked = phone.scan_login(page)
    assert asked["partner"]["told_companies"] is True
    code = {"reference_code": page.qr()["reference_code"]}
    phone.post(f"/m/qr/{asked['session_id']}/login/confirm", code)

    person = login.exchange(page.address_back()["code"]).get_json()

    [company] = person["companies"]
    assert (company["credit_code"], company["right"]) == ("91450100MA5K8Q2X13", "经办人")


@pytest.mark.row("S-11", "P-02")
def test_the_phone_sees_the_registered_words_of_the_partner(
    product: Product, login: PartnerLogin, phone: PhoneInHand
) -> None:
    asked = phone.scan_login(login.page())

    assert asked["partner"]["name"] == "南宁市工程建设项目审批系统（演示）"
    assert asked["partner"]["told_companies"] is False
    assert asked["domain"] == "127.0.0.1:8322"
    assert asked["browser"]["city"] == "本机或内网"


@pytest.mark.row("P-07", "S-09")
def test_a_partner_cancels_a_login_and_its_code_dies(
    product: Product, login: PartnerLogin, phone: PhoneInHand
) -> None:
    page = login.page()
    phone.let_in(page)
    code = page.address_back()["code"]

    for _ in range(2):
        cancelled = login.partner.post(f"/login-sessions/{login.id}/cancel").get_json()
        assert (cancelled["status"], cancelled["hint_code"]) == ("failed", "cancelled_by_partner")

    assert told(login.exchange(code)) == (409, "access_denied")
    assert page.qr()["hint"]["code"] == "cancelled_by_partner"
    assert row_of(product, login).account_id is None


@pytest.mark.row("P-07")
def test_a_login_that_was_taken_is_not_cancelled(login: PartnerLogin, phone: PhoneInHand) -> None:
    login.exchange(login.code(phone))

    answer = login.partner.post(f"/login-sessions/{login.id}/cancel")

    assert told(answer) == (409, "login_session_complete")


@pytest.mark.row("S-13", "P-05")
def test_only_the_named_person_logs_in(product: Product, partner: PartnerProgram) -> None:
    login = PartnerLogin.asked(partner, expected_signer={"phone": WEI.phone})
    page = login.page()

    assert told(product.phone(HUANG).scan(page.frame())) == (403, "wrong_signer")
    assert page.qr()["state"] == "pending"

    product.phone(WEI).let_in(page)
    assert WEI.phone not in str(row_of(product, login).named_signer)
    assert login.exchange(page.address_back()["code"]).status_code == 200


@pytest.mark.row("S-28")
@pytest.mark.parametrize(
    "url",
    [
        RETURN_URL + "/",
        RETURN_URL + "?a=1",
        RETURN_URL.replace("127.0.0.1", "localhost"),
        "http://127.0.0.1:8322/online-signing/1",
        "https://evil.test/",
        "",
    ],
)
def test_a_login_comes_back_to_a_registered_address_letter_by_letter(
    partner: PartnerProgram, url: str
) -> None:
    answer = PartnerLogin(partner).create(return_url=url)

    assert told(answer) == (422, "return_url_not_registered")


@pytest.mark.row("P-11")
def test_a_partner_without_such_an_address_has_no_logins(product: Product) -> None:
    answer = PartnerLogin(product.another_partner()).create()

    assert told(answer) == (403, "logins_not_registered")


@pytest.mark.row("S-41")
@pytest.mark.parametrize(
    "wanted",
    [
        {"code_challenge_method": "plain"},
        {"code_challenge": "short"},
        {"code_challenge": "=" * 43},
        {"code_challenge": "A" * 44},
        {"state": "a b"},
        {"state": "a&code=x"},
        {"state": "x" * 201},
        {"scope": "openid"},
    ],
    ids=str,
)
def test_a_request_that_breaks_a_rule_is_refused(
    partner: PartnerProgram, wanted: dict[str, str]
) -> None:
    assert told(PartnerLogin(partner).create(**wanted)) == (422, "invalid_fields")


@pytest.mark.row("P-12", "R-12")
def test_a_repeated_request_gives_the_same_login_with_a_fresh_link(
    partner: PartnerProgram, phone: PhoneInHand
) -> None:
    login = PartnerLogin(partner)
    first, second = (login.create(key="k-1") for _ in range(2))
    login.made = second.get_json()

    assert first.get_json()["id"] == login.id
    assert first.get_json()["open_url"] != login.made["open_url"]
    old = PartnerLogin(partner, made=first.get_json()).page()
    assert (old.state["code"], old.state["status"]) == ("open_token_refused", 403)
    assert login.exchange(login.code(phone)).status_code == 200
    again = login.create(key="k-1").get_json()
    assert (again["id"], again["status"]) == (login.id, "complete")
    assert told(PartnerLogin(partner).create(key="k-1")) == (422, "idempotency_key_reused")


@pytest.mark.row("S-17")
def test_a_foreign_login_is_answered_as_one_that_is_not_there(
    product: Product, login: PartnerLogin
) -> None:
    stranger = product.another_partner()

    def answers(login_id: str) -> list[dict[str, object]]:
        both = [
            stranger.get(f"/login-sessions/{login_id}"),
            stranger.post(f"/login-sessions/{login_id}/cancel"),
        ]
        assert {one.status_code for one in both} == {404}
        return [without_id(one) for one in both]

    assert answers(login.id) == answers(f"{login.id[:-4]}zzzz")
    assert login.standing()[0] == "pending"


@pytest.mark.row("S-44")
def test_no_secret_of_a_login_stands_in_its_row(
    product: Product, login: PartnerLogin, phone: PhoneInHand
) -> None:
    page = login.page()
    phone.let_in(page)
    code = page.address_back()["code"]
    open_token = login.made["open_url"].split("#")[1]

    kept = str(vars(row_of(product, login)))

    for secret in (code[16:], open_token, login.verifier, page.cookie[16:]):
        assert secret not in kept
        assert fingerprint(secret) not in kept or secret == open_token


def without_id(answer: TestResponse) -> dict[str, object]:
    return {key: value for key, value in answer.get_json().items() if key != "request_id"}
