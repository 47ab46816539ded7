"""Coming in by WeChat: one call of WeChat for each code, nothing of WeChat's goes to the client."""

from collections.abc import Iterator

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from server.accounts.models import Subscription
from tests.factories.mini_program import MiniProgram, logged_in, told
from tests.factories.people import NEW_PHONE
from tests.factories.product import HUANG, WEI, Product
from tests.factories.wechat import APPID, Land, land_of
from tests.fakes.clock import FakeClock

LOGIN, PHONE_NUMBER = "/sns/jscode2session", "/wxa/business/getuserphonenumber"


@pytest.fixture
def land(clock: FakeClock) -> Iterator[Land]:
    with land_of(clock) as made:
        yield made


@pytest.fixture
def connected(product: Product, land: Land) -> Product:
    """The product with a mini-program of this land."""
    made = product.restarted_with(wechat=land.client())
    return made.restarted(wechat_appid=APPID)


@pytest.fixture
def phone(connected: Product) -> MiniProgram:
    return MiniProgram(connected)


def open_by(phone: MiniProgram, code: str, key: str | None = None) -> TestResponse:
    return phone.post("/auth/wx_login", {"code": code}, key=key)


def bind(phone: MiniProgram, land: Land, user: str = "wei") -> TestResponse:
    """Open the mini-program by this WeChat, and bind it to who is logged in."""
    ticket = open_by(phone, land.login_code(user)).get_json()["wx_ticket"]
    return phone.post("/auth/bind", {"wx_ticket": ticket})


@pytest.mark.row("F-08", "S-42")
def test_a_new_wechat_gets_a_ticket_and_no_login(phone: MiniProgram, land: Land) -> None:
    answer = open_by(phone, land.login_code())

    body = answer.get_json()
    assert (body["bound"], body["session_token"], body["account"]) == (False, None, None)
    assert body["expires_in"] == 600
    assert "openid" not in answer.text
    assert "session_key" not in answer.text
    assert dict(land.world.calls) == {LOGIN: 1}


@pytest.mark.row("F-08")
def test_a_bound_wechat_logs_in_with_one_call(phone: MiniProgram, land: Land) -> None:
    phone.log_in()
    assert bind(phone, land).status_code == 200
    again, before = MiniProgram(phone.product), land.count(LOGIN)

    body = again.keep(open_by(again, land.login_code()))

    assert (body["bound"], body["account"]["name"]) == (True, "韦*远")
    assert again.get("/auth/me").status_code == 200
    assert land.count(LOGIN) == before + 1
    assert sum(land.world.calls.values()) == land.count(LOGIN)


@pytest.mark.row("P-12", "R-12")
def test_a_repeated_login_asks_wechat_once_and_renews_the_token(
    phone: MiniProgram, land: Land
) -> None:
    phone.log_in()
    bind(phone, land)
    code, before = land.login_code(), land.count(LOGIN)

    first, second = (open_by(phone, code, key="k-1").get_json() for _ in range(2))

    assert land.count(LOGIN) == before + 1
    tokens = [one["session_token"] for one in (first, second)]
    said = [MiniProgram(phone.product, token=one).get("/auth/me").status_code for one in tokens]
    assert said == [401, 200]


@pytest.mark.row("S-42")
def test_a_code_without_its_key_is_good_once(phone: MiniProgram, land: Land) -> None:
    code = land.login_code()
    open_by(phone, code)

    assert told(open_by(phone, code)) == (409, "wechat_code_refused")


@pytest.mark.row("S-42")
def test_a_repeat_after_ten_minutes_is_refused(phone: MiniProgram, land: Land) -> None:
    code = land.login_code()
    open_by(phone, code, key="k-1")
    phone.product.clock.advance(minutes=10)

    assert told(open_by(phone, code, key="k-1")) == (410, "repeat_too_late")


@pytest.mark.row("F-03", "F-08")
def test_the_phone_that_wechat_proves_registers_and_binds(phone: MiniProgram, land: Land) -> None:
    ticket = open_by(phone, land.login_code("nong")).get_json()["wx_ticket"]
    body = {"wx_ticket": ticket, "code": land.world.mint("phone", "nong", NEW_PHONE)}
    assert told(phone.post("/auth/phone", body)) == (422, "agreements_not_ticked")

    answers = [phone.post("/auth/phone", {**body, "agreed": True}, key="k-1") for _ in range(2)]

    assert land.count(PHONE_NUMBER) == 1
    phone.keep(answers[1])
    assert phone.get("/auth/me").get_json()["phone"] == "139****9001"
    assert open_by(phone, land.login_code("nong")).get_json()["bound"]


@pytest.mark.row("S-42")
def test_a_forged_or_old_ticket_binds_nothing(phone: MiniProgram, land: Land) -> None:
    phone.log_in()
    ticket = open_by(phone, land.login_code()).get_json()["wx_ticket"]
    assert phone.post("/auth/bind", {"wx_ticket": ticket + "x"}).status_code >= 400
    phone.product.clock.advance(minutes=11)

    assert phone.post("/auth/bind", {"wx_ticket": ticket}).status_code >= 400

    assert not open_by(phone, land.login_code()).get_json()["bound"]


@pytest.mark.row("F-08", "S-42")
def test_a_wechat_that_is_somebodys_is_bound_to_nobody_else(connected: Product, land: Land) -> None:
    first, second = logged_in(connected, WEI), logged_in(connected, HUANG)
    ticket = open_by(second, land.login_code("wei")).get_json()["wx_ticket"]
    bind(first, land)

    assert told(second.post("/auth/bind", {"wx_ticket": ticket})) == (409, "identity_taken")


@pytest.mark.row("P-38")
def test_a_wechat_is_taken_away_and_its_other_logins_end(phone: MiniProgram, land: Land) -> None:
    bind(logged_in(phone.product), land)
    other = MiniProgram(phone.product)
    for one in (phone, other):
        one.keep(open_by(one, land.login_code()))

    assert phone.delete("/auth/bind").status_code == 200

    assert phone.get("/auth/me").status_code == 200
    assert told(other.get("/auth/me")) == (401, "login_needed")
    assert not open_by(other, land.login_code()).get_json()["bound"]


@pytest.mark.row("R-10")
def test_while_wechat_is_away_other_logins_work(phone: MiniProgram, land: Land) -> None:
    code = land.login_code()
    land.trouble(LOGIN, html=502, times=9)

    assert told(open_by(phone, code, key="k-1")) == (503, "wechat_unavailable")
    phone.log_in()
    land.world.faults.clear()

    assert open_by(phone, code, key="k-1").status_code == 200


def test_without_a_mini_program_wechat_is_said_to_be_missing(product: Product) -> None:
    answer = MiniProgram(product).post("/auth/wx_login", {"code": "any"})

    assert told(answer) == (503, "wechat_not_configured")


@pytest.fixture
def subscribed(connected: Product) -> MiniProgram:
    """A mini-program with templates, at which Wei is logged in."""
    templates = {"sign": ["t-sealed", "t-asked"], "grant": ["t-granted"]}
    return logged_in(connected.restarted(wechat_templates=templates))


def taken(phone: MiniProgram) -> dict[str, int]:
    """How many messages of each template may be sent."""
    with phone.product.parts.db.read() as uow:
        return {one.template: one.left for one in uow.session.scalars(select(Subscription)).all()}


def test_each_place_asks_for_its_templates(subscribed: MiniProgram) -> None:
    def asked(scene: str) -> list[str]:
        listed: list[str] = subscribed.get(f"/subscribe/templates?scene={scene}").get_json()[
            "items"
        ]
        return listed

    assert asked("sign") == ["t-sealed", "t-asked"]
    assert asked("elsewhere") == []


@pytest.mark.row("P-12")
def test_an_agreement_to_messages_counts_once_and_for_our_templates(
    subscribed: MiniProgram, land: Land
) -> None:
    body = {"results": {"t-sealed": "accept", "t-asked": "reject", "t-of-others": "accept"}}
    assert told(subscribed.post("/subscribe/results", body)) == (403, "identity_not_bound")
    bind(subscribed, land)

    for _ in range(2):
        assert subscribed.post("/subscribe/results", body, key="k-1").status_code == 200

    assert taken(subscribed) == {"t-sealed": 1}
