"""What WeChat's own documentation gives as examples, on our side and on the stand-in's."""

from datetime import UTC, datetime

import pytest

from server.providers.wechat.client import certificate_hash
from server.providers.wechat.push import PushReader
from server.providers.wechat.seen import LocalSeen
from standins.wechat import pushing
from standins.wechat.world import App, cert_hash, session_signature
from tests.factories.wechat import APPID, PUSH
from tests.fakes.clock import FakeClock

# developers.weixin.qq.com, miniprogram/dev/framework/server-ability/message-push
ECHO = {
    "signature": "f464b24fc39322e44b38aa78f5edd27bd1441696",
    "echostr": "4375120948345356249",
    "timestamp": "1714036504",
    "nonce": "1514711492",
}
PLAIN = {
    "signature": "899cf89e464efb63f54ddac96b0a0a235f53aa78",
    "timestamp": "1714037059",
    "nonce": "486452656",
}
SAFE = {
    "signature": "6c5c811b55cc85e0e1b54100749188c20beb3f5d",
    "timestamp": "1714112445",
    "nonce": "415670741",
    "openid": "o9AgO5Kd5ggOC-bXrbNODIiE3bGY",
    "encrypt_type": "aes",
    "msg_signature": "046e02f8204d34f8ba5fa3b1db94908f3df2e9b3",
}
SEALED = (
    "+qdx1OKCy+5JPCBFWw70tm0fJGb2Jmeia4FCB7kao+/Q5c/ohsOzQHi8khUOb05JCpj0JB4RvQMkUyus8TPxLKJG"
    "QqcvZqzDpVzazhZv6JsXUnnR8XGT740XgXZUXQ7vJVnAG+tE8NUd4yFyjPy7GgiaviNrlCTj+l5kdfMuFUPpRSrf"
    "MZuMcp3Fn2Pede2IuQrKEYwKSqFIZoNqJ4M8EajAsjLY2km32IIjdf8YL/P50F7mStwntrA2cPDrM1kb6mOcfBgR"
    "tWygb3VIYnSeOBrebufAlr7F9mFUPAJGj04="
)
BODY = f'{{"ToUserName": "gh_97417a04a28d", "Encrypt": "{SEALED}"}}'.encode()


def reader_at(query: dict[str, str]) -> PushReader:
    clock = FakeClock(datetime.fromtimestamp(int(query["timestamp"]), UTC))
    return PushReader(PUSH, LocalSeen(clock), clock)


def test_the_address_is_echoed() -> None:
    assert reader_at(ECHO).echo(ECHO) == "4375120948345356249"


@pytest.mark.parametrize("query", [ECHO, PLAIN, SAFE])
def test_the_stand_in_signs_as_wechat_does(query: dict[str, str]) -> None:
    app = App(APPID, "", PUSH.token, PUSH.aes_key)
    assert pushing.signature(app, query) == query["signature"]


def test_the_stand_in_signs_what_is_sealed_as_wechat_does() -> None:
    app = App(APPID, "", PUSH.token, PUSH.aes_key)
    assert pushing.signature(app, SAFE, SEALED) == SAFE["msg_signature"]


def test_the_sealed_example_is_opened() -> None:
    event = reader_at(SAFE).read(SAFE, "application/json", BODY)
    assert (event.kind, event.event) == ("event", "debug_demo")
    assert event.body["debug_str"] == "hello world"
    assert event.openid == SAFE["openid"]
    assert event.sent_at == datetime.fromtimestamp(1714112445, UTC)
    assert event.key == f"{SAFE['openid']}:1714112445:debug_demo"


# developers.weixin.qq.com, miniprogram/dev/platform-capabilities/cityservice/face2
def test_the_hash_of_a_certificate() -> None:
    expected = "3c241f7ff324977aeb91f173bb2a7b06569e6fd784d5573db34a636d8671108b"
    assert certificate_hash("张三", "310101199801011234") == expected
    asked = {
        "cert_type": "IDENTITY_CARD",
        "cert_name": "张三",
        "cert_no": "310101199801011234",
    }
    assert cert_hash(asked) == expected


# developers.weixin.qq.com, minigame/dev/tutorial/open-ability/session-signature
def test_the_signature_of_a_session_has_the_text_of_its_key_as_key() -> None:
    assert session_signature("o0q0otL8aEzpcZL/FT9WsQ==", '{"foo":"bar"}') == (
        "654571f79995b2ce1e149e53c0a33dc39c0a74090db514261454e8dbe432aa0b"
    )
