"""The slots for materials: which pictures each way of applying asks for (F-22, P-47); pure."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from server.applications.models import Way


class Slot(StrEnum):
    """One picture that is asked for."""

    LICENCE = "licence"
    REPRESENTATIVE_FRONT = "representative_front"
    REPRESENTATIVE_BACK = "representative_back"
    AGENT_FRONT = "agent_front"
    AGENT_BACK = "agent_back"
    AUTHORIZATION = "authorization"
    PERSON_FRONT = "person_front"
    PERSON_BACK = "person_back"
    HANDWRITING = "handwriting"


HANDWRITING: Final = Slot.HANDWRITING


@dataclass(frozen=True)
class SlotWords:
    """What a slot is called, in Chinese and English, and what the picture has to show."""

    names: tuple[str, str]
    hint: tuple[str, str]


_EDGES = ("四角完整、文字清晰、无反光。", "All four corners, readable, without glare.")

SLOT_WORDS: Final[dict[Slot, SlotWords]] = {
    Slot.LICENCE: SlotWords(("营业执照", "Business licence"), _EDGES),
    Slot.REPRESENTATIVE_FRONT: SlotWords(
        ("法定代表人证件（人像面）", "Representative's document, portrait side"), _EDGES
    ),
    Slot.REPRESENTATIVE_BACK: SlotWords(
        ("法定代表人证件（国徽面）", "Representative's document, emblem side"), _EDGES
    ),
    Slot.AGENT_FRONT: SlotWords(
        ("经办人证件（人像面）", "Agent's document, portrait side"), _EDGES
    ),
    Slot.AGENT_BACK: SlotWords(("经办人证件（国徽面）", "Agent's document, emblem side"), _EDGES),
    Slot.AUTHORIZATION: SlotWords(
        ("授权委托书", "Letter of authorization"),
        (
            "请下载模板，填写并由法定代表人签字后拍照。",
            "Download the template, fill it in, let the representative sign, then photograph it.",
        ),
    ),
    Slot.PERSON_FRONT: SlotWords(("本人证件（人像面）", "Your document, portrait side"), _EDGES),
    Slot.PERSON_BACK: SlotWords(("本人证件（国徽面）", "Your document, emblem side"), _EDGES),
    Slot.HANDWRITING: SlotWords(
        ("手写签名照片", "Photo of your signature"),
        ("在白纸上用深色笔签名后拍照。", "Sign with a dark pen on white paper."),
    ),
}
_COMPANY: Final = (Slot.LICENCE, Slot.REPRESENTATIVE_FRONT, Slot.REPRESENTATIVE_BACK)
_ANOTHER_AGENT: Final = (Slot.AGENT_FRONT, Slot.AGENT_BACK, Slot.AUTHORIZATION)
_PERSON: Final = (Slot.PERSON_FRONT, Slot.PERSON_BACK)


def needed(way: Way, *, another_agent: bool = False) -> tuple[Slot, ...]:
    """What a way asks for; an agent who is not the representative shows who he is, and why."""
    if way == Way.FULL:
        return (*_COMPANY, *_ANOTHER_AGENT) if another_agent else _COMPANY
    return _PERSON if way == Way.PERSONAL else ()


def allowed(way: Way) -> tuple[Slot, ...]:
    """Every slot that a way has, needed or not."""
    if way == Way.PERSONAL:
        return (*_PERSON, Slot.HANDWRITING)
    return needed(way, another_agent=True)
