"""What a push tells of subscribe messages: consents given and taken back, messages delivered."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from server.providers.wechat.push import PushEvent


class SubscriptionNewsKind(StrEnum):
    """`accept` is one consent more; `reject` ends all; `sent` and `failed` concern one message."""

    ACCEPT = "accept"
    REJECT = "reject"
    SENT = "sent"
    FAILED = "failed"


@dataclass(frozen=True)
class SubscriptionNews:
    """One template of one push; the user is the push's openid."""

    template: str
    kind: SubscriptionNewsKind


ANSWERED: Final = {"accept": SubscriptionNewsKind.ACCEPT, "reject": SubscriptionNewsKind.REJECT}
# XML wraps the list in an element of this name, JSON has it bare.
WRAPPERS: Final = {
    "subscribe_msg_popup_event": "SubscribeMsgPopupEvent",
    "subscribe_msg_change_event": "SubscribeMsgChangeEvent",
    "subscribe_msg_sent_event": "SubscribeMsgSentEvent",
}


def news(event: PushEvent) -> list[SubscriptionNews]:
    """In the push's order; empty for any other push, and without what nobody can read."""
    wrapper = WRAPPERS.get(event.event)
    if wrapper is None:
        return []
    inner = event.body.get(wrapper)
    listed = (inner if isinstance(inner, Mapping) else event.body).get("List")
    items = listed if isinstance(listed, list) else [listed]
    return [one for item in items if isinstance(item, Mapping) for one in _read(event, item)]


def _read(event: PushEvent, item: Mapping[str, Any]) -> Iterator[SubscriptionNews]:
    template = item.get("TemplateId")
    kind = ANSWERED.get(str(item.get("SubscribeStatusString")))
    if event.event == "subscribe_msg_sent_event":
        sent = str(item.get("ErrorCode")) == "0"
        kind = SubscriptionNewsKind.SENT if sent else SubscriptionNewsKind.FAILED
    if isinstance(template, str) and template and kind is not None:
        yield SubscriptionNews(template, kind)
