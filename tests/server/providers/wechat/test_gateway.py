"""One request to WeChat: what goes wrong, how often it is tried, how long it may take."""

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from server.providers.bounded import CONNECT_SECONDS, READ_SECONDS
from server.providers.wechat import (
    TextScene,
    WeChatRejected,
    WeChatUnavailable,
)
from server.providers.wechat.client import HttpWeChat
from server.providers.wechat.token import LocalTokens
from tests.factories.wechat import Land
from tests.fakes.threads import together

CHECK = "/wxa/msg_sec_check"
TOKEN = "/cgi-bin/stable_token"
LOGIN = "/sns/jscode2session"
FOREVER = 10_000


def check(wechat: HttpWeChat, land: Land) -> object:
    openid = land.world.openid("wei")
    return wechat.check_text(openid=openid, scene=TextScene.PROFILE, text="韦志远")


def login(wechat: HttpWeChat, land: Land) -> object:
    return wechat.code_to_session(land.login_code())


@pytest.mark.parametrize("errcode", [40001, 40014, 42001])
def test_a_token_that_is_always_refused_is_tried_twice_and_no_more(
    land: Land, errcode: int
) -> None:
    land.trouble(CHECK, errcode=errcode, times=FOREVER)
    with pytest.raises(WeChatRejected) as refusal:
        check(land.client(), land)
    assert refusal.value.errcode == errcode
    assert (land.count(CHECK), land.count(TOKEN)) == (2, 2)


@pytest.mark.row("R-10")
@pytest.mark.parametrize("lost", ["revoke", "expire"])
def test_a_token_that_wechat_has_dropped_is_renewed_in_the_same_call(land: Land, lost: str) -> None:
    wechat = land.client()
    check(wechat, land)
    if lost == "revoke":
        land.world.tokens.revoke()
    else:
        land.world.tokens.expire(land.world.clock.now())
    assert check(wechat, land)
    assert (land.count(CHECK), land.count(TOKEN)) == (3, 2)


@pytest.mark.row("R-10")
def test_a_login_is_one_call_and_needs_no_token(land: Land) -> None:
    assert login(land.client(), land)
    assert dict(land.world.calls) == {LOGIN: 1}


@pytest.mark.row("R-10")
@pytest.mark.parametrize("dead", [{"errcode": 45009}, {"html": 502}, {"cut": True}])
def test_logins_go_on_while_no_token_is_to_be_had(land: Land, dead: dict[str, int]) -> None:
    wechat = land.client()
    land.trouble(TOKEN, times=FOREVER, **dead)
    with pytest.raises((WeChatUnavailable, WeChatRejected)):
        check(wechat, land)
    assert login(wechat, land)


@pytest.mark.row("R-10")
def test_fifty_callers_at_once_fetch_one_token(land: Land) -> None:
    wechat = land.client()
    said = together([lambda: check(wechat, land)] * 50)
    assert not [one for one in said if isinstance(one, Exception)]
    assert land.count(TOKEN) == 1


@pytest.mark.row("R-10")
def test_fifty_callers_at_a_dead_token_endpoint_do_not_queue_up_at_it(land: Land) -> None:
    wechat = land.client()
    land.trouble(TOKEN, times=FOREVER, html=502)
    said = together([lambda: check(wechat, land)] * 50)
    assert {type(one) for one in said} == {WeChatUnavailable}
    assert land.count(TOKEN) == 1
    land.clock.advance(seconds=2)
    land.world.faults.clear()
    assert check(wechat, land)


@pytest.mark.parametrize(
    "trouble",
    [
        {"errcode": -1},
        {"errcode": 45011},
        {"html": 502},
        {"html": 200},
        {"html": 302},
        {"cut": True},
    ],
    ids=str,
)
@pytest.mark.parametrize("act", [check, login])
def test_what_may_be_tried_again_is_unavailable_and_asked_once(
    land: Land, trouble: dict[str, int], act: Callable[[HttpWeChat, Land], object]
) -> None:
    path = CHECK if act is check else LOGIN
    land.trouble(path, times=FOREVER, **trouble)
    with pytest.raises(WeChatUnavailable):
        act(land.client(), land)
    assert land.count(path) == 1


@pytest.mark.parametrize("errcode", [40013, 40125, 40164, 45009, 48001])
def test_any_other_number_is_rejected_with_the_rid_that_support_asks_for(
    land: Land, errcode: int
) -> None:
    land.trouble(CHECK, errcode=errcode)
    with pytest.raises(WeChatRejected, match=rf"errcode={errcode} rid=\w{{8}}-\w{{8}}-\w{{8}}$"):
        check(land.client(), land)


def test_a_wrong_secret_is_rejected_and_not_asked_again_at_once(land: Land) -> None:
    land.world.app = replace(land.world.app, secret="another")
    wechat = land.client()
    with pytest.raises(WeChatRejected, match="40125"):
        check(wechat, land)
    with pytest.raises(WeChatUnavailable):
        check(wechat, land)
    assert land.count(TOKEN) == 1


def test_nobody_listens(land: Land) -> None:
    nowhere = replace(land.app(), base="http://127.0.0.1:9")
    wechat = HttpWeChat(nowhere, LocalTokens(land.clock), land.clock)
    with pytest.raises(WeChatUnavailable):
        login(wechat, land)


@pytest.mark.parametrize(
    ("path", "slow"), [(TOKEN, {"wait": 1.5}), (LOGIN, {"wait": 1.5}), (LOGIN, {"drip": 0.05})]
)
def test_a_slow_wechat_is_left_in_time(land: Land, path: str, slow: dict[str, float]) -> None:
    land.trouble(path, **slow)
    wechat = land.client(read_seconds=0.3)
    act = check if path == TOKEN else login
    started = time.monotonic()
    with pytest.raises(WeChatUnavailable):
        act(wechat, land)
    # A server that drips is within each read's limit, so the limit of the whole ends it.
    whole = 0.3 if "wait" in slow else CONNECT_SECONDS + 0.3
    assert time.monotonic() - started < whole + 1


def test_the_limits_are_three_seconds_and_eight() -> None:
    assert (CONNECT_SECONDS, READ_SECONDS) == (3, 8)


def test_the_environment_names_no_proxy_for_wechat(
    land: Land, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.setenv("no_proxy", "")
    assert login(land.client(), land)


UNREADABLE = [
    (LOGIN, {}),
    (LOGIN, {"openid": ""}),
    (LOGIN, {"openid": 7}),
    (LOGIN, []),
    (LOGIN, {"errcode": "?"}),
    (TOKEN, {"access_token": "a"}),
    (TOKEN, {"expires_in": 7200}),
    (TOKEN, {"access_token": "a", "expires_in": "soon"}),
    (CHECK, {"errcode": 0}),
    (CHECK, {"errcode": 0, "result": "pass"}),
    (CHECK, {"errcode": 0, "result": {"label": 100}}),
]


@pytest.mark.parametrize(("path", "body"), UNREADABLE, ids=str)
def test_an_answer_that_lacks_something_is_unavailable(land: Land, path: str, body: object) -> None:
    land.trouble(path, body=body)
    with pytest.raises(WeChatUnavailable):
        (login if path == LOGIN else check)(land.client(), land)


@pytest.mark.parametrize("other", [{"body": {"errcode": 0}}, {"html": 200}], ids=str)
def test_what_is_no_picture_is_not_given_out_as_one(land: Land, other: dict[str, Any]) -> None:
    land.trouble("/wxa/getwxacodeunlimit", **other)
    with pytest.raises(WeChatUnavailable):
        land.client().qr_code("a", page="pages/a/a")


@pytest.mark.parametrize("other", [{"body": {}}, {"body": []}, {"html": 200}], ids=str)
def test_a_message_is_sent_only_when_wechat_says_so(land: Land, other: dict[str, Any]) -> None:
    land.trouble("/cgi-bin/message/subscribe/send", **other)
    with pytest.raises(WeChatUnavailable):
        land.client().send_subscribe_message(openid="o", template="t", fields={}, page="pages/a/a")


@pytest.mark.row("S-42")
def test_a_phone_number_for_another_mini_program_is_not_taken(land: Land) -> None:
    mark = {"timestamp": 1, "appid": "wx-another"}
    info = {"purePhoneNumber": "13877100001", "countryCode": "86", "watermark": mark}
    land.trouble("/wxa/business/getuserphonenumber", body={"errcode": 0, "phone_info": info})
    with pytest.raises(WeChatUnavailable):
        land.client().phone_number("code")


@pytest.mark.parametrize("body", [{"verify_ret": 10000}, {"errcode": 0}])
def test_a_face_without_errcode_0_and_10000_has_not_passed(land: Land, body: object) -> None:
    land.trouble("/cityservice/face/identify/queryverifyinfo", body=body)
    with pytest.raises(WeChatUnavailable):
        land.client().face_result(
            verify_id="v", out_seq_no="1", name="韦志远", id_number="4", openid="o"
        )


def test_a_redirect_is_not_followed_with_the_secret(land: Land) -> None:
    land.trouble(LOGIN, html=302)
    with pytest.raises(WeChatUnavailable):
        login(land.client(), land)
    assert dict(land.world.calls) == {LOGIN: 1}
