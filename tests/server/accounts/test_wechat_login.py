"""Coming in by WeChat: a WeChat identity is no account, and a proved phone leads to one."""

from collections.abc import Iterator

import pytest

from server.accounts import identities, sessions
from server.accounts.errors import (
    AgreementsNotTicked,
    AnotherIdentityBound,
    BadPhone,
    IdentityNotBound,
)
from server.accounts.models import Means
from server.accounts.wechat_login import Arrival, WeChatDesk
from server.providers.wechat import WeChatCodeRefused, WeChatUnavailable
from tests.factories.people import BROWSER, NEW_PHONE, People
from tests.factories.wechat import APPID, Land, land_of

LOGIN, TOKEN = "/sns/jscode2session", "/cgi-bin/stable_token"
ARRIVAL = Arrival(agreed=True, device=BROWSER)


@pytest.fixture
def land(clock) -> Iterator[Land]:
    with land_of(clock) as made:
        yield made


@pytest.fixture
def desk(people: People, land: Land) -> WeChatDesk:
    return WeChatDesk(people.db, people.desk.keys, land.client(), APPID)


def phone_code(land: Land, user: str = "wei", phone: str = NEW_PHONE) -> str:
    return land.world.mint("phone", user, phone)


@pytest.mark.row("F-08", "R-10")
def test_a_login_costs_one_call_and_no_access_token(desk: WeChatDesk, land: Land) -> None:
    land.trouble(TOKEN, errcode=45009, times=9)
    found = desk.recognise(land.login_code())
    assert found.account_id is None
    assert desk.recognise(land.login_code()).id == found.id
    assert dict(land.world.calls) == {LOGIN: 2}


@pytest.mark.row("S-42")
def test_a_replayed_code_recognises_nobody(desk: WeChatDesk, land: Land) -> None:
    code = land.login_code()
    desk.recognise(code)
    with pytest.raises(WeChatCodeRefused):
        desk.recognise(code)


@pytest.mark.row("F-08")
def test_a_silent_login_gives_an_identity_and_no_account(desk: WeChatDesk, land: Land) -> None:
    found = desk.recognise(land.login_code())
    with desk.db.begin() as uow, pytest.raises(IdentityNotBound):
        identities.log_in(uow, found.id, BROWSER)


@pytest.mark.row("F-03", "F-08")
def test_the_phone_that_wechat_proves_registers_and_binds(
    people: People, desk: WeChatDesk, land: Land
) -> None:
    found = desk.recognise(land.login_code())
    account, token = desk.enter_by_phone(found.id, phone_code(land), ARRIVAL)
    registered = people.found(NEW_PHONE)
    assert registered is not None
    assert registered.id == account.id
    assert token
    again = desk.recognise(land.login_code())
    assert again.account_id == account.id
    with people.db.read() as uow:
        assert [one.means for one in sessions.open_sessions(uow, account.id)] == [Means.WECHAT]


def test_the_phone_that_wechat_proves_finds_its_account(
    people: People, desk: WeChatDesk, land: Land
) -> None:
    mine = people.register()
    found = desk.recognise(land.login_code())
    assert desk.enter_by_phone(found.id, phone_code(land), ARRIVAL)[0].id == mine


@pytest.mark.row("F-04")
def test_without_the_tick_not_even_wechat_is_asked(desk: WeChatDesk, land: Land) -> None:
    found = desk.recognise(land.login_code())
    land.world.calls.clear()
    with pytest.raises(AgreementsNotTicked):
        desk.enter_by_phone(found.id, phone_code(land), Arrival(agreed=False, device=BROWSER))
    assert not land.world.calls


def test_a_number_with_a_new_owner_does_not_open_the_account_of_the_old_one(
    people: People, desk: WeChatDesk, land: Land
) -> None:
    old, new = desk.recognise(land.login_code("wei")), desk.recognise(land.login_code("qin"))
    mine, _ = desk.enter_by_phone(old.id, phone_code(land), ARRIVAL)
    with pytest.raises(AnotherIdentityBound):
        desk.enter_by_phone(new.id, phone_code(land, "qin"), ARRIVAL)
    with people.db.read() as uow:
        assert len(sessions.open_sessions(uow, mine.id)) == 1


def test_a_number_from_elsewhere_and_a_used_code_register_nobody(
    people: People, desk: WeChatDesk, land: Land
) -> None:
    found = desk.recognise(land.login_code())
    with pytest.raises(BadPhone):
        desk.enter_by_phone(found.id, phone_code(land, phone="+85291234567"), ARRIVAL)
    code = phone_code(land)
    desk.proved_phone(code)
    with pytest.raises(WeChatCodeRefused):
        desk.enter_by_phone(found.id, code, ARRIVAL)
    assert people.found(NEW_PHONE) is None


@pytest.mark.row("R-10")
def test_a_wechat_that_is_away_is_said_and_leaves_nothing(desk: WeChatDesk, land: Land) -> None:
    land.trouble(LOGIN, html=502)
    with pytest.raises(WeChatUnavailable):
        desk.recognise(land.login_code())
    assert desk.recognise(land.login_code()).account_id is None
