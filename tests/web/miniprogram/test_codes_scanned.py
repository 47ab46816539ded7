"""The mini-program scans a code, sees what is asked, and agrees or refuses."""

from typing import Any
from urllib.parse import quote

import pytest
from sqlalchemy import update

from server.accounts.models import AccountSession
from server.accounts.sessions import Company
from server.enterprises.models import Enterprise
from tests.factories.devices import LoginPage
from tests.factories.logins import computers
from tests.factories.mini_program import MiniProgram, logged_in, told
from tests.factories.product import HUANG, WEI, Product, Signing
from tests.factories.truth import events_of, truth_of


@pytest.fixture
def signing(product: Product) -> Signing:
    return product.signing()


@pytest.fixture
def phone(signing: Signing) -> MiniProgram:
    return logged_in(signing.product)


def agreement(signing: Signing, asked: dict[str, Any], **changed: Any) -> dict[str, Any]:
    """What an honest person sends after looking at both screens."""
    return {
        "reference_code": signing.page.read()["qr"]["reference_code"],
        "enterprise_id": asked["sign"]["acting"][0]["id"],
        "pin": WEI.pin,
        **changed,
    }


@pytest.mark.row("F-39", "F-40", "P-02", "S-11")
def test_a_signature_from_the_code_to_the_seals_on_the_page(
    signing: Signing, phone: MiniProgram
) -> None:
    asked = phone.scan(signing.page.frame())
    shown = asked["sign"]
    assert shown["partner"]["name"] == signing.page.state["partner"]["name"]
    assert shown["documents"][0]["name"] == "施工许可申请表.pdf"
    assert len(asked["reference_choices"]) == 3
    assert asked["expires_at"].endswith("+08:00")
    picture = phone.get(shown["documents"][0]["preview"].removeprefix("/mp/v1"))
    assert picture.mimetype == "image/png"

    answer = phone.post(f"/qr/{asked['session_id']}/sign/confirm", agreement(signing, asked))

    assert answer.get_json()["errcode"] == 0, answer.get_json()
    loaded = signing.page.load().get_json()["seals"]
    assert {one["id"] for one in loaded} == {one["id"] for one in shown["acting"][0]["seals"]}


@pytest.mark.row("F-13")
def test_a_computer_is_let_in_by_the_mini_program(product: Product) -> None:
    phone, page = logged_in(product, HUANG), product.login_page()
    asked = phone.scan(page.frame())
    assert (asked["purpose"], asked["login"]["account"]) == ("login", "黄*")

    body = {"reference_code": page.qr()["reference_code"]}
    assert phone.post(f"/qr/{asked['session_id']}/login/confirm", body).status_code == 200

    assert page.post_to("confirm").status_code == 200
    assert len(computers(product)) == 1


@pytest.mark.row("P-25")
def test_the_code_comes_as_text_scene_link_or_letters(product: Product) -> None:
    """Each in the form in which WeChat hands it over."""
    phone, page = logged_in(product), product.login_page()
    link = page.frame()
    letters = page.qr()["user_code"]
    brought = [
        {"text": link, "scancode_time": int(product.clock.now().timestamp())},
        {"scene": link.rsplit("/", 1)[1], "launch_scene": 1047},
        {"q": quote(link, safe=""), "launch_scene": 1011},
        {"user_code": letters},
    ]
    for body in brought:
        answer = phone.post("/qr/resolve", body)
        assert answer.status_code == 200, (body, answer.get_json())
        assert (answer.get_json()["purpose"], answer.get_json()["expires_in"]) == ("login", 180)


@pytest.mark.parametrize("body", [{}, {"text": "a", "scene": "b"}, {"q": "a", "user_code": "b"}])
def test_a_code_comes_in_one_way(product: Product, body: dict[str, str]) -> None:
    assert told(logged_in(product).post("/qr/resolve", body)) == (422, "invalid_fields")


@pytest.mark.row("S-03")
@pytest.mark.parametrize("scene", [1012, 1013, 1048, 1049])
def test_a_forwarded_picture_is_refused(signing: Signing, phone: MiniProgram, scene: int) -> None:
    answer = phone.resolve(signing.page.frame(), launch_scene=scene)

    assert told(answer) == (403, "forwarded_picture")


@pytest.mark.row("S-03", "P-03")
def test_an_old_code_is_refused_however_its_client_dates_it(
    signing: Signing, phone: MiniProgram
) -> None:
    frame = signing.page.frame()
    signing.product.clock.advance(seconds=30)

    now = int(signing.product.clock.now().timestamp())
    assert told(phone.resolve(frame, scancode_time=now)) == (410, "frame_stale")


@pytest.mark.row("S-05", "S-07")
def test_a_ticket_is_good_for_the_login_that_got_it(signing: Signing, phone: MiniProgram) -> None:
    found = phone.resolve(signing.page.frame()).get_json()
    for other in (logged_in(signing.product), logged_in(signing.product, HUANG)):
        answer = other.post(f"/qr/{found['session_id']}/scan", {"ticket": found["ticket"]})
        assert told(answer) == (403, "ticket_refused")


@pytest.mark.row("S-05", "S-07")
def test_another_persons_mini_program_confirms_nothing(
    signing: Signing, phone: MiniProgram
) -> None:
    asked = phone.scan(signing.page.frame())
    other, before = logged_in(signing.product, HUANG), truth_of(signing.product, signing.id)

    answer = other.post(f"/qr/{asked['session_id']}/sign/confirm", agreement(signing, asked))

    assert told(answer) == (403, "already_scanned")
    assert truth_of(signing.product, signing.id) == before


@pytest.mark.row("S-12")
def test_the_wrong_number_ends_the_session(signing: Signing, phone: MiniProgram) -> None:
    asked = phone.scan(signing.page.frame())
    right = signing.page.read()["qr"]["reference_code"]
    wrong = next(one for one in asked["reference_choices"] if one != right)

    answer = phone.post(
        f"/qr/{asked['session_id']}/sign/confirm", agreement(signing, asked, reference_code=wrong)
    )

    assert told(answer)[1] == "wrong_reference"
    assert signing.page.read()["qr"]["state"] == "failed"


@pytest.mark.row("S-21")
def test_a_wrong_pin_is_counted_whatever_the_key(signing: Signing, phone: MiniProgram) -> None:
    asked = phone.scan(signing.page.frame())
    body = agreement(signing, asked, pin="000000")
    path = f"/qr/{asked['session_id']}/sign/confirm"

    said = [phone.post(path, body, key="same").get_json() for _ in range(2)]

    assert [one["code"] for one in said] == ["wrong_pin"] * 2
    assert said[0]["tries_left"] - said[1]["tries_left"] == 1


@pytest.mark.row("P-12", "R-12", "S-06")
def test_a_repeated_confirmation_is_answered_after_the_page_has_gone_on(
    signing: Signing, phone: MiniProgram
) -> None:
    asked = phone.scan(signing.page.frame())
    body, path = agreement(signing, asked), f"/qr/{asked['session_id']}/sign/confirm"
    first = phone.post(path, body, key="k-1")
    signing.page.load()

    second = phone.post(path, body, key="k-1")

    assert (first.status_code, second.status_code) == (200, 200)
    assert first.get_json()["message"] == second.get_json()["message"]
    assert events_of(signing.product, signing.id).count("signing.authorized") == 1
    assert told(phone.post(path, body, key="k-2"))[0] in (409, 410)


@pytest.mark.row("P-02", "S-09", "R-12")
@pytest.mark.parametrize("mine", [True, False])
def test_refusing_ends_it_and_may_be_sent_again(
    signing: Signing, phone: MiniProgram, mine: bool
) -> None:
    asked = phone.scan(signing.page.frame())
    path, body = f"/qr/{asked['session_id']}/decline", {"not_started_by_me": mine}

    said = [phone.post(path, body, key="k-1") for _ in range(2)]

    assert [one.status_code for one in said] == [200, 200], said[1].get_json()
    assert signing.page.read()["qr"]["state"] == "declined"
    event = "signing.not_started_by_me" if mine else "signing.declined"
    assert events_of(signing.product, signing.id).count(event) == 1


@pytest.mark.row("R-12")
def test_a_repeated_login_confirmation_and_refusal_change_nothing(product: Product) -> None:
    phone, page = logged_in(product), product.login_page()
    asked = phone.scan(page.frame())
    path, body = f"/qr/{asked['session_id']}", {"reference_code": page.qr()["reference_code"]}
    said = [phone.post(f"{path}/login/confirm", body, key="k-1").status_code for _ in range(2)]
    page.post_to("confirm")
    said.append(phone.post(f"{path}/login/confirm", body, key="k-1").status_code)

    assert said == [200, 200, 200]
    assert len(computers(product)) == 1


def test_reading_keeps_the_scan_alive(signing: Signing, phone: MiniProgram) -> None:
    asked = phone.scan(signing.page.frame())
    signing.product.clock.advance(seconds=100)

    later = phone.post(f"/qr/{asked['session_id']}/touch").get_json()["expires_at"]

    assert later > asked["expires_at"]


@pytest.fixture
def clerk(product: Product) -> MiniProgram:
    """The mini-program of Wei's company, by that company's own login, after the face gate."""
    asked = logged_in(product).get("/auth/me").get_json()
    company = Company("elog-test", asked["roles"][0]["enterprise_id"])
    clerk = logged_in(product, company=company)
    with product.parts.db.begin() as uow:
        mine = AccountSession.enterprise_login_id == company.login_id
        uow.session.execute(update(AccountSession).where(mine).values(face_at=uow.now))
    return clerk


@pytest.mark.row("S-49", "F-12")
def test_a_companys_login_touches_nothing_of_its_persons_own(
    product: Product, clerk: MiniProgram
) -> None:
    page: LoginPage = product.login_page()
    asked = clerk.scan(page.frame())
    body = {"reference_code": page.qr()["reference_code"]}
    refused = (403, "not_for_company_login")

    assert told(clerk.post(f"/qr/{asked['session_id']}/login/confirm", body)) == refused
    assert told(clerk.post("/auth/role", {})) == refused
    assert page.qr()["state"] == "scanned"
    listed = clerk.get("/auth/sessions").get_json()["items"]
    assert [one["here"] for one in listed] == [True]


@pytest.mark.row("S-29", "F-12")
def test_a_companys_login_signs_for_no_other_company(signing: Signing, clerk: MiniProgram) -> None:
    """Not even for another one of the same representative."""
    other = logged_in(signing.product, HUANG).get("/home").get_json()["acting"]["enterprise_id"]
    mine = logged_in(signing.product).get("/auth/me").get_json()["account"]["id"]
    with signing.product.parts.db.begin() as uow:
        uow.session.get_one(Enterprise, other).representative_id = mine
    asked = clerk.scan(signing.page.frame())
    assert other not in {one["id"] for one in asked["sign"]["acting"]}

    body = agreement(signing, asked, enterprise_id=other)
    answer = clerk.post(f"/qr/{asked['session_id']}/sign/confirm", body)

    assert told(answer) == (403, "no_right")
    assert signing.page.read()["qr"]["state"] == "scanned"
