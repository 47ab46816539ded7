"""No secret of ours and nothing of a person stands in an error, in a log or in what is printed."""

import io
import logging
from collections.abc import Callable, Iterator

import pytest
import structlog

from server.core import logs
from server.providers.wechat import TextScene, WeChatRejected, WeChatUnavailable
from server.providers.wechat.client import HttpWeChat
from tests.factories.wechat import SECRET, Land

CHECK, LOGIN = "/wxa/msg_sec_check", "/sns/jscode2session"
FACE = "/cityservice/face/identify/getverifyid"
JS_CODE, ID_NUMBER = "canary-js-code", "450103198506123011"
FOREVER = 10_000


def check(wechat: HttpWeChat, land: Land) -> object:
    openid = land.world.openid("wei")
    return wechat.check_text(openid=openid, scene=TextScene.PROFILE, text="韦志远")


def login(wechat: HttpWeChat, _land: Land) -> object:
    return wechat.code_to_session(JS_CODE)


def face(wechat: HttpWeChat, land: Land) -> object:
    openid = land.world.openid("wei")
    return wechat.start_face(out_seq_no="1", name="韦志远", id_number=ID_NUMBER, openid=openid)


ACTS: list[tuple[str, Callable[[HttpWeChat, Land], object]]] = [
    (CHECK, check),
    (LOGIN, login),
    (FACE, face),
]


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """What the process logs, down to the talk of the libraries."""
    root = logging.getLogger()
    handlers, level, stream = root.handlers[:], root.level, io.StringIO()
    logs.configure("json", stream)
    root.setLevel(logging.DEBUG)
    yield stream
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


TROUBLES = [
    {"errcode": 40001, "times": FOREVER},
    {"errcode": 40029},
    {"errcode": -1},
    {"html": 502},
    {"html": 200},
    {"cut": True},
    {"wait": 1.0},
]


def text_of(error: BaseException | None) -> str:
    """All that anything could print of an error: itself, what caused it, what was going on."""
    if error is None:
        return ""
    parts = [repr(error), str(error), repr(vars(error))]
    return " ".join([*parts, text_of(error.__cause__), text_of(error.__context__)])


@pytest.mark.row("S-44")
@pytest.mark.parametrize("trouble", TROUBLES, ids=str)
@pytest.mark.parametrize(("path", "act"), ACTS)
def test_an_error_and_the_log_tell_no_secret(
    land: Land,
    written: io.StringIO,
    path: str,
    act: Callable[[HttpWeChat, Land], object],
    trouble: dict[str, float],
) -> None:
    wechat = land.client(read_seconds=0.3)
    check(wechat, land)
    first = land.world.tokens.stable
    land.trouble(path, **trouble)
    with pytest.raises((WeChatUnavailable, WeChatRejected)) as refusal:
        act(wechat, land)
    said = text_of(refusal.value) + written.getvalue()
    hidden = [SECRET, first, land.world.tokens.stable, JS_CODE, ID_NUMBER]
    assert "wechat_refused" in said or "wechat_unreadable" in said
    assert [one for one in hidden if one in said] == []


@pytest.mark.row("S-44")
def test_a_secret_that_wechat_repeats_in_its_answer_is_not_logged(
    land: Land, caplog: pytest.LogCaptureFixture
) -> None:
    land.trouble(LOGIN, errcode=40125, more=f"[{SECRET}] [{JS_CODE}]")
    with pytest.raises(WeChatRejected):
        login(land.client(), land)
    said = str([vars(one) for one in caplog.records])
    assert "invalid appsecret [[redacted]] [[redacted]] rid: " in said


@pytest.mark.row("S-44")
def test_a_client_that_is_printed_tells_no_secret(land: Land) -> None:
    wechat = land.client()
    identity = wechat.code_to_session(land.login_code())
    shown = f"{wechat!r} {land.app()!r} {identity!r} {wechat._gateway!r}"
    assert SECRET not in shown
    assert identity.openid not in shown


@pytest.mark.row("S-42")
def test_the_session_key_does_not_leave_the_client(land: Land) -> None:
    identity = land.client().code_to_session(land.login_code())
    assert set(vars(identity)) == {"openid", "unionid"}
