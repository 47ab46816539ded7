"""Fields of a subscribe message: cut where that is honest, refused where it is not."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qr_session import Purpose, frames
from qr_session.keys import b64url
from server.providers.wechat.client import SCENE, HttpWeChat
from server.providers.wechat.fields import fit, fitted
from server.providers.wechat.gateway import WeChatApp
from server.providers.wechat.token import LocalTokens
from standins.wechat import calls, people
from standins.wechat.refusals import Refusal
from standins.wechat.world import App, World
from tests.fakes.clock import FakeClock

TAKEN = string.ascii_letters + string.digits + "!#$&'()*+,/:;=?@-._~"
KINDS = ["thing", "character_string", "letter", "phrase", "name", "number", "amount"]
KINDS += ["phone_number", "date", "time"]


@pytest.mark.parametrize(
    ("name", "value", "fits"),
    [
        ("thing1", "施工许可申请书", "施工许可申请书"),
        ("thing20", "一" * 20, "一" * 20),
        ("thing1", "一" * 21, "一" * 19 + "…"),
        ("thing1", "第一行\n第二行\u202e", "第一行 第二行"),
        ("character_string2", "SN-2026/1120 已", "SN-2026/1120"),
        ("character_string2", "9" * 40, "9" * 32),
        ("letter3", "A1b2", "Ab"),
        ("phrase4", "已签章并归档了", "已签章并归"),
        ("phrase4", "OK已签章", "已签章"),
        ("name5", "南宁桂印科技有限公司员工", "南宁桂印科技有限公司"),
        ("name5", "Wei Zhiyuan of Nanning", "Wei Zhiyuan of Nanni"),
        ("number6", "12.50", "12.50"),
        ("amount7", "￥100.00元", "￥100.00元"),
        ("phone_number8", "+86-0771-4977565", "+86-0771-4977565"),
        ("date9", "2026年11月20日 16:00", "2026年11月20日 16:00"),
        ("time10", "16:00~17:30", "16:00~17:30"),
    ],
)
def test_a_value_is_cut_to_what_its_kind_allows(name: str, value: str, fits: str) -> None:
    assert fit(name, value) == fits


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("number1", "9" * 33),
        ("number1", "十二"),
        ("number1", "1.2.3"),
        ("amount1", "约100"),
        ("amount1", "123456789012"),
        ("phone_number1", "1" * 18),
        ("date1", "2026-11-20"),
        ("time1", "下午四点"),
        ("thing1", " \n"),
        ("phrase1", "OK"),
        ("unheard1", "x"),
        ("", "x"),
    ],
)
def test_what_would_be_false_or_empty_is_refused(name: str, value: str) -> None:
    with pytest.raises(ValueError, match=r"does not take|nothing to show|no kind"):
        fit(name, value)


@given(
    kind=st.sampled_from(KINDS), value=st.text(max_size=60) | st.text(string.printable, max_size=60)
)
def test_whatever_we_send_wechat_takes(kind: str, value: str) -> None:
    name = f"{kind}1"
    try:
        fields = fitted({name: value})
    except ValueError:
        return
    people._check_fields([name], fields)


def is_taken(scene: str) -> bool:
    """Whether WeChat makes a code of it."""
    try:
        calls.getwxacodeunlimit(World(App("wx1", "s")), {}, {"scene": scene, "width": 280})
    except Refusal:
        return False
    return True


def test_we_ask_for_exactly_the_characters_that_wechat_takes() -> None:
    every = [chr(number) for number in range(0x250)]
    assert [one for one in every if bool(SCENE.fullmatch(one)) != is_taken(one)] == []
    assert sum(map(is_taken, every)) == 82


@given(scene=st.text(max_size=40) | st.text(TAKEN, max_size=40))
def test_we_ask_for_exactly_the_scenes_that_wechat_takes(scene: str) -> None:
    assert bool(SCENE.fullmatch(scene)) == is_taken(scene)
    if not is_taken(scene):
        clock = FakeClock()
        nowhere = WeChatApp("wx1", "s", "http://127.0.0.1:9")
        with pytest.raises(ValueError, match="scene"):
            HttpWeChat(nowhere, LocalTokens(clock), clock).qr_code(scene, page="pages/a/a")


@pytest.mark.parametrize("length", [1, 32, 33])
def test_a_scene_has_1_to_32_characters(length: int) -> None:
    assert bool(SCENE.fullmatch("a" * length)) == is_taken("a" * length) == (length < 33)


@given(session=st.binary(min_size=12, max_size=12), step=st.integers(0, frames.LAST_STEP))
def test_every_token_of_a_qr_code_is_a_scene(session: bytes, step: int) -> None:
    token = frames.build(b"k" * 32, session_id=b64url(session), step=step, purpose=Purpose.SIGN)
    assert SCENE.fullmatch(token)
