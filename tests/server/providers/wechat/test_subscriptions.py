"""Pushes about subscribe messages say the same in JSON and in XML."""

from dataclasses import replace
from typing import Any

import pytest

from server.providers.wechat.push import PushReader
from server.providers.wechat.seen import LocalSeen
from server.providers.wechat.subscriptions import WRAPPERS, news
from standins.wechat import pushing
from standins.wechat.clock import Clock
from standins.wechat.world import App, World
from tests.factories.wechat import PUSH
from tests.fakes.clock import FakeClock

POPUP = [
    {"TemplateId": "t1", "SubscribeStatusString": "accept", "PopupScene": "0"},
    {"TemplateId": "t2", "SubscribeStatusString": "reject", "PopupScene": "0"},
    {"TemplateId": "t3", "SubscribeStatusString": "unheard of", "PopupScene": "0"},
]
SENT = [
    {
        "TemplateId": "t1",
        "MsgID": "1700827132819554304",
        "ErrorCode": "0",
        "ErrorStatus": "success",
    },
    {"TemplateId": "t2", "MsgID": "1700827132819554305", "ErrorCode": 3, "ErrorStatus": "refused"},
]


def told(clock: FakeClock, event: str, form: str, listed: Any) -> list[tuple[str, str]]:
    keys = replace(PUSH, aes_key="")
    world = World(App(keys.appid, "", keys.token), Clock(lambda: clock.now().timestamp()))
    body = {"List": listed} if form == "json" else {WRAPPERS.get(event, "Other"): {"List": listed}}
    push = {"FromUserName": "o1", "ToUserName": "gh", "CreateTime": 1, "MsgType": "event"}
    made = pushing.signed(world, push | {"Event": event} | body, form)
    read = PushReader(keys, LocalSeen(clock), clock).read(
        made["params"], made["headers"]["Content-Type"], made["content"]
    )
    return [(one.template, one.kind.value) for one in news(read)]


@pytest.mark.parametrize("form", ["json", "xml"])
@pytest.mark.parametrize(
    ("event", "listed", "said"),
    [
        ("subscribe_msg_popup_event", POPUP, [("t1", "accept"), ("t2", "reject")]),
        ("subscribe_msg_popup_event", POPUP[0], [("t1", "accept")]),
        ("subscribe_msg_change_event", POPUP[1:2], [("t2", "reject")]),
        ("subscribe_msg_sent_event", SENT, [("t1", "sent"), ("t2", "failed")]),
        ("subscribe_msg_popup_event", [{"SubscribeStatusString": "accept"}], []),
        ("subscribe_msg_popup_event", "accept", []),
        ("debug_demo", POPUP, []),
    ],
)
def test_consents_and_deliveries_are_read(
    clock: FakeClock, form: str, event: str, listed: Any, said: list[tuple[str, str]]
) -> None:
    assert told(clock, event, form, listed) == said
