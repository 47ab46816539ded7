"""The phone that is asked to let a computer in: what it sees, and what it cannot do."""

import pytest

from tests.factories.devices import LoginPage, PhoneInHand
from tests.factories.logins import id_of, refusals, told
from tests.factories.product import HUANG, WEI, Product
from tests.factories.truth import events_of


@pytest.fixture
def page(product: Product) -> LoginPage:
    return product.login_page()


@pytest.fixture
def phone(product: Product) -> PhoneInHand:
    return product.phone(WEI)


@pytest.mark.row("S-11")
def test_the_phone_sees_which_site_and_which_browser_asks_for_the_login(
    product: Product, page: LoginPage, phone: PhoneInHand
) -> None:
    page.post_to("open", environ_base={"HTTP_USER_AGENT": "Windows NT 10.0 Chrome/1"})
    product.clock.advance(seconds=61)

    asked = phone.scan_login(page)

    assert asked["domain"] == "127.0.0.1:8321"
    assert asked["account"] == "韦*远"
    assert asked["browser"] == {"system": "Windows Chrome", "city": "本机或内网", "minutes": 1}
    assert page.qr()["reference_code"] in asked["reference_choices"]
    assert len(set(asked["reference_choices"])) == 3


@pytest.mark.row("S-09", "S-45")
def test_somebody_who_did_not_start_the_login_refuses_it_for_good(
    product: Product, page: LoginPage, phone: PhoneInHand
) -> None:
    path = f"/m/qr/{phone.scan_login(page)['session_id']}/login"
    code = page.qr()["reference_code"]

    assert phone.post(f"{path}/decline", {"not_started_by_me": True}).status_code == 200

    assert page.qr()["hint"]["code"] == "not_started_by_me"
    assert told(phone.post(f"{path}/confirm", {"reference_code": code})) == (409, "access_denied")
    assert events_of(product, id_of(product, WEI))[-1] == "login.not_started_by_me"


@pytest.mark.row("S-12")
def test_a_wrong_number_ends_the_login_and_is_written_down(
    product: Product, page: LoginPage, phone: PhoneInHand
) -> None:
    asked = phone.scan_login(page)
    right = page.qr()["reference_code"]
    wrong = next(one for one in asked["reference_choices"] if one != right)
    path = f"/m/qr/{asked['session_id']}/login/confirm"

    assert told(phone.post(path, {"reference_code": wrong})) == (409, "wrong_reference")

    assert told(phone.post(path, {"reference_code": right})) == (409, "access_denied")
    assert page.qr()["state"] == "failed"
    assert refusals(product, asked["session_id"]) == [(id_of(product, WEI), "wrong_reference")]


@pytest.mark.row("S-05", "S-07")
def test_another_phone_cannot_answer_for_the_one_that_scanned(
    product: Product, page: LoginPage, phone: PhoneInHand
) -> None:
    link = page.frame()
    session_id = phone.scan_login(page)["session_id"]
    code = page.qr()["reference_code"]
    other = product.phone(HUANG)

    for action, body in (("confirm", {"reference_code": code}), ("decline", {})):
        answer = other.post(f"/m/qr/{session_id}/login/{action}", body)
        assert told(answer) == (403, "already_scanned")
    assert told(other.open_link(link)) == (403, "already_scanned")

    assert page.qr()["state"] == "scanned"
    who = id_of(product, HUANG)
    assert refusals(product, session_id) == [(who, "already_scanned")] * 2


@pytest.mark.row("S-08")
def test_a_signature_is_not_confirmed_by_the_way_of_a_login_which_asks_no_pin(
    product: Product,
) -> None:
    signing = product.signing()
    target = signing.phone.open_link(signing.page.frame()).headers["Location"]
    assert told(signing.phone.post(f"{target}/login/scan")) == (409, "wrong_purpose")
    assert signing.page.read()["qr"]["state"] == "pending"
    asked = signing.phone.post(f"{target}/scan").get_json()
    code = signing.page.read()["qr"]["reference_code"]

    for action, body in (("confirm", {"reference_code": code}), ("decline", {}), ("scan", {})):
        answer = signing.phone.post(f"{target}/login/{action}", body)
        assert told(answer) == (409, "wrong_purpose"), action

    state = signing.page.read()
    assert (state["qr"]["state"], state["qr"]["reference_code"]) == ("scanned", code)
    assert signing.phone.confirm(asked, signing.page).status_code == 200


@pytest.mark.row("S-08")
def test_a_login_is_not_answered_by_the_way_of_a_signature(
    product: Product, page: LoginPage, phone: PhoneInHand
) -> None:
    target = phone.open_link(page.frame()).headers["Location"].removesuffix("/login")
    assert told(phone.post(f"{target}/scan")) == (409, "wrong_purpose")
    session_id = phone.scan_login(page)["session_id"]
    body = {
        "reference_code": page.qr()["reference_code"],
        "acting": {"kind": "enterprise", "id": "ent-x"},
        "pin": WEI.pin,
    }

    for action, sent in (("confirm", body), ("decline", {}), ("scan", {})):
        answer = phone.post(f"/m/qr/{session_id}/{action}", sent)
        assert told(answer) == (409, "wrong_purpose"), action
    assert told(phone.get(f"/m/qr/{session_id}/preview/1.png")) == (409, "wrong_purpose")

    assert page.qr()["state"] == "scanned"
