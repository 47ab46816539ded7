"""What WeChat must do for us: our client over HTTP, against the stand-in on loopback."""

import io
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from PIL import Image

from server.providers.wechat import (
    TextScene,
    TextVerdict,
    WeChat,
    WeChatAccountRefused,
    WeChatCodeRefused,
    WeChatNotConfigured,
    WeChatNotSubscribed,
    WeChatRejected,
    WeChatUnavailable,
)
from server.providers.wechat.unconfigured import NoWeChat
from tests.factories.wechat import Land, land_of

NAME, ID_NUMBER = "韦志远", "450103198506123011"
FACE = {"out_seq_no": "face-1", "name": NAME, "id_number": ID_NUMBER}


@pytest.fixture
def land(clock) -> Iterator[Land]:
    with land_of(clock) as made:
        yield made


@pytest.fixture
def wechat(land: Land) -> WeChat:
    return land.client()


@pytest.fixture
def openid(land: Land) -> str:
    return land.world.openid("wei")


def test_a_login_code_tells_who_opened_the_mini_program(land: Land, wechat: WeChat) -> None:
    found = wechat.code_to_session(land.login_code("wei"))
    assert found.openid == land.world.openid("wei")
    assert found.unionid == land.world.unionid("wei")
    assert wechat.code_to_session(land.login_code("wei")) == found
    assert wechat.code_to_session(land.login_code("qin")).openid != found.openid


def test_an_appid_that_is_bound_to_nothing_gives_no_unionid(land: Land, wechat: WeChat) -> None:
    land.world.has_unionid = False
    assert wechat.code_to_session(land.login_code()).unionid is None


@pytest.mark.row("S-42")
def test_a_login_code_counts_once_and_for_five_minutes(land: Land, wechat: WeChat) -> None:
    code, late = land.login_code(), land.login_code()
    wechat.code_to_session(code)
    land.clock.advance(seconds=300)
    for refused, errcode in ((code, 40029), (late, 40029), ("made up", 40029)):
        with pytest.raises(WeChatCodeRefused) as refusal:
            wechat.code_to_session(refused)
        assert refusal.value.errcode == errcode
    again = land.login_code()
    wechat.code_to_session(again)
    with pytest.raises(WeChatCodeRefused) as refusal:
        wechat.code_to_session(again)
    assert refusal.value.errcode == 40163


def test_a_user_whom_wechat_holds_for_a_risk_does_not_log_in(land: Land, wechat: WeChat) -> None:
    land.world.risky_users.add("wei")
    with pytest.raises(WeChatAccountRefused):
        wechat.code_to_session(land.login_code("wei"))


def test_too_many_logins_of_one_user_may_be_tried_again(land: Land, wechat: WeChat) -> None:
    land.world.limits["login"] = (1, 60)
    wechat.code_to_session(land.login_code("wei"))
    with pytest.raises(WeChatUnavailable) as refusal:
        wechat.code_to_session(land.login_code("wei"))
    assert refusal.value.errcode == 45011
    assert wechat.code_to_session(land.login_code("qin"))
    land.clock.advance(seconds=60)
    assert wechat.code_to_session(land.login_code("wei"))


@pytest.mark.parametrize("phone", ["13877100001", "+8525551234"])
def test_a_phone_code_gives_the_number_once(land: Land, wechat: WeChat, phone: str) -> None:
    code = land.world.mint("phone", "wei", phone)
    assert wechat.phone_number(code) == phone
    with pytest.raises(WeChatCodeRefused):
        wechat.phone_number(code)


@pytest.mark.row("S-42")
def test_a_login_code_is_no_phone_code(land: Land, wechat: WeChat) -> None:
    with pytest.raises(WeChatCodeRefused):
        wechat.phone_number(land.login_code())
    with pytest.raises(WeChatCodeRefused):
        wechat.code_to_session(land.world.mint("phone", "wei", "13877100001"))


def test_a_code_is_a_picture_of_the_width_that_was_asked_for(wechat: WeChat) -> None:
    picture = wechat.qr_code("1" + "a" * 31, page="pages/scan/scan", width=280)
    assert Image.open(io.BytesIO(picture)).size == (280, 280)


def test_a_page_that_is_not_published_is_for_the_trial_version_only(
    land: Land, wechat: WeChat
) -> None:
    land.world.pages = {"pages/index/index"}
    with pytest.raises(WeChatRejected) as refusal:
        wechat.qr_code("a", page="pages/scan/scan")
    assert refusal.value.errcode == 41030
    assert wechat.qr_code("a", page="pages/scan/scan", env_version="trial")


@pytest.mark.parametrize(
    ("scene", "page", "width"),
    [
        ("", "pages/a/a", 430),
        ("a" * 33, "pages/a/a", 430),
        ("南宁", "pages/a/a", 430),
        ("a%20b", "pages/a/a", 430),
        ("a\n", "pages/a/a", 430),
        ("a", "/pages/a/a", 430),
        ("a", "pages/a/a?b=1", 430),
        ("a", "pages/a/a", 279),
        ("a", "pages/a/a", 1281),
    ],
)
def test_what_a_code_cannot_hold_is_not_even_asked_for(
    land: Land, wechat: WeChat, scene: str, page: str, width: int
) -> None:
    with pytest.raises(ValueError, match="can hold"):
        wechat.qr_code(scene, page=page, width=width)
    assert not land.world.calls


def test_a_link_lives_up_to_30_days(land: Land, wechat: WeChat) -> None:
    month = timedelta(days=30)
    link = wechat.url_link("pages/certify/certify", query="id=%E9%9F%A6", life=month)
    assert link.startswith("https://")
    for life in (timedelta(0), month + timedelta(seconds=1)):
        with pytest.raises(ValueError, match="life"):
            wechat.url_link("pages/certify/certify", life=life)
    for path, query in (
        ("/pages/a", ""),
        ("pages/a?b=1", ""),
        ("pages/a", "韦"),
        ("pages/a", "a" * 1025),
    ):
        with pytest.raises(ValueError, match="path, query"):
            wechat.url_link(path, query=query, life=month)
    assert land.count("/wxa/generate_urllink") == 1


def send(wechat: WeChat, openid: str, template: str = "sealed", **fields: str) -> None:
    wechat.send_subscribe_message(
        openid=openid, template=template, fields=fields, page="pages/documents/documents"
    )


def test_one_consent_is_one_message(land: Land, wechat: WeChat, openid: str) -> None:
    land.world.templates["sealed"] = ["thing1", "phrase2"]
    land.world.consents["wei", "sealed"] = 1
    send(wechat, openid, thing1="施工许可申请书（2026年第十一批）补充材料一", phrase2="已签章")
    sent = land.world.sent[0]["data"]
    assert sent["thing1"]["value"] == "施工许可申请书（2026年第十一批）补…"
    with pytest.raises(WeChatNotSubscribed):
        send(wechat, openid, thing1="又一份", phrase2="已签章")
    assert len(land.world.sent) == 1


def test_a_message_that_wechat_refuses_is_sent_once(
    land: Land, wechat: WeChat, openid: str
) -> None:
    land.world.templates["sealed"] = ["thing1"]
    land.world.consents["wei", "sealed"] = 9
    for errcode, template, fields in (
        (40037, "unknown", {"thing1": "合同"}),
        (47003, "sealed", {"thing2": "合同"}),
    ):
        land.world.calls.clear()
        with pytest.raises(WeChatRejected) as refusal:
            send(wechat, openid, template, **fields)
        assert refusal.value.errcode == errcode
        assert land.count("/cgi-bin/message/subscribe/send") == 1
    with pytest.raises(WeChatRejected, match="40003"):
        send(wechat, "nobody", thing1="合同")


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("韦志远", TextVerdict.PASS),
        ("待审的名字", TextVerdict.REVIEW),
        ("违规的名字", TextVerdict.RISKY),
    ],
)
def test_a_text_is_judged_by_its_verdict_and_not_by_the_errcode(
    wechat: WeChat, openid: str, text: str, verdict: TextVerdict
) -> None:
    assert wechat.check_text(openid=openid, scene=TextScene.PROFILE, text=text) is verdict


def test_a_verdict_that_nobody_knows_is_risky(land: Land, wechat: WeChat, openid: str) -> None:
    land.world.words = {"新词": "unheard-of"}
    said = wechat.check_text(openid=openid, scene=TextScene.PROFILE, text="新词")
    assert said is TextVerdict.RISKY


@pytest.mark.parametrize("text", ["", "a" * 2501])
def test_a_text_has_1_to_2500_characters(wechat: WeChat, openid: str, text: str) -> None:
    with pytest.raises(ValueError, match="2,500"):
        wechat.check_text(openid=openid, scene=TextScene.PROFILE, text=text)


@pytest.mark.parametrize(("outcome", "passed"), [(10000, True), (90004, False), (10004, False)])
def test_only_the_outcome_10000_is_a_face_that_passed(
    land: Land, wechat: WeChat, openid: str, outcome: int, passed: bool
) -> None:
    land.world.face_outcomes["wei"] = outcome
    started = wechat.start_face(**FACE, openid=openid)
    assert started.life == timedelta(hours=1)
    ended = wechat.face_result(verify_id=started.verify_id, **FACE, openid=openid)
    assert (ended.passed, ended.verify_ret) == (passed, outcome)


def test_a_face_that_nobody_showed_has_not_passed(wechat: WeChat, openid: str) -> None:
    started = wechat.start_face(**FACE, openid=openid)
    assert not wechat.face_result(verify_id=started.verify_id, **FACE, openid=openid).passed


@pytest.mark.parametrize(
    "other",
    [
        {"name": "覃美兰"},
        {"id_number": "450103199001011234"},
        {"out_seq_no": "face-2"},
        {"openid": "somebody"},
        {"verify_id": "made up"},
    ],
    ids=lambda one: next(iter(one)),
)
def test_a_face_proves_nothing_for_anybody_else(
    land: Land, wechat: WeChat, openid: str, other: dict[str, str]
) -> None:
    land.world.face_outcomes["wei"] = 10000
    started = wechat.start_face(**FACE, openid=openid)
    asked = {"verify_id": started.verify_id, **FACE, "openid": openid, **other}
    with pytest.raises(WeChatRejected):
        wechat.face_result(**asked)


def test_a_face_check_ends_after_an_hour(land: Land, wechat: WeChat, openid: str) -> None:
    land.world.face_outcomes["wei"] = 10000
    started = wechat.start_face(**FACE, openid=openid)
    land.clock.advance(hours=1)
    with pytest.raises(WeChatRejected, match="84002"):
        wechat.face_result(verify_id=started.verify_id, **FACE, openid=openid)


def test_an_installation_without_a_mini_program_says_so() -> None:
    wechat: WeChat = NoWeChat()
    message = {"openid": "o", "template": "t", "fields": {}, "page": "p"}
    asks: list[Callable[[], object]] = [
        lambda: wechat.code_to_session("c"),
        lambda: wechat.phone_number("c"),
        lambda: wechat.qr_code("s", page="p"),
        lambda: wechat.url_link("p", life=timedelta(days=1)),
        lambda: wechat.send_subscribe_message(**message),
        lambda: wechat.check_text(openid="o", scene=TextScene.PROFILE, text="t"),
        lambda: wechat.start_face(**FACE, openid="o"),
        lambda: wechat.face_result(verify_id="v", **FACE, openid="o"),
    ]
    for ask in asks:
        with pytest.raises(WeChatNotConfigured):
            ask()
