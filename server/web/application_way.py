"""The way of an application as people follow it: each step, when it was done, whose turn it is
(P-45)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from server.accounts.models import mask_name
from server.applications import certification, parties
from server.applications.lifecycle import ENDED, ApplicationState
from server.applications.models import Application, PartyRole, Way
from server.core.db import UnitOfWork
from server.web.times import local
from server.web.words import either

S = ApplicationState
Words = tuple[str, str]


class Stage(StrEnum):
    """How a step stands."""

    DONE = "done"
    NOW = "now"
    LATER = "later"
    STOPPED = "stopped"


STAGE_WORDS = {
    Stage.DONE: ("已完成", "done"),
    Stage.NOW: ("进行中", "in progress"),
    Stage.LATER: ("未开始", "not begun"),
    Stage.STOPPED: ("已终止", "ended"),
}


@dataclass(frozen=True)
class Step:
    """One step: `at` when it was done, `note` whose turn it is; `role` certifies in it."""

    name: str
    stage: Stage
    at: datetime | None
    note: str
    role: PartyRole | None = None


@dataclass(frozen=True)
class _Part:
    """A step of a way: it is at work while the application is in `during`."""

    name: Words
    during: ApplicationState
    note: Words
    role: PartyRole | None = None


_HAND_IN = _Part(
    ("提交申请", "Hand in the application"),
    S.DRAFT,
    ("请补正后重新提交", "Mend it and hand it in again"),
)
_REVIEW = _Part(
    ("资料审核", "Review"),
    S.IN_REVIEW,
    ("正在核对申请信息和材料", "Data and papers are being checked"),
)
_ISSUE = _Part(
    ("生成数字证书和印章", "Make certificate and seals"),
    S.ISSUING,
    ("系统自动办理，请稍候", "This goes by itself; please wait"),
)
_BY_LINK = (
    "等待 {name} 打开短信链接完成认证",
    "Waiting for {name} to open the link in the text message",
)


def _by_link(chinese: str, english: str, role: PartyRole) -> _Part:
    return _Part((chinese, english), S.CERTIFYING, _BY_LINK, role)


WAYS: dict[Way, tuple[_Part, ...]] = {
    Way.FAST: (_HAND_IN, _ISSUE),
    Way.FULL: (
        _HAND_IN,
        _REVIEW,
        _by_link("法定代表人认证", "Representative certifies", PartyRole.REPRESENTATIVE),
        _by_link("经办人认证", "Agent certifies", PartyRole.AGENT),
        _ISSUE,
    ),
    Way.PERSONAL: (
        _HAND_IN,
        _REVIEW,
        _by_link("本人认证", "You certify", PartyRole.PERSON),
        _ISSUE,
    ),
}
# Where each state stands among the stages that follow each other.
_PLACE = {S.DRAFT: 0, S.CORRECTION: 0, S.IN_REVIEW: 1, S.CERTIFYING: 2, S.ISSUING: 3, S.DONE: 4}
_FOLLOWS = {0: (S.IN_REVIEW, S.ISSUING), 1: (S.CERTIFYING,), 2: (S.ISSUING,), 3: (S.DONE,)}


def way(uow: UnitOfWork, row: Application) -> list[Step]:
    """Every step of this application's way, in order."""
    names = {role: mask_name(one.name) for role, one in parties.of(uow, row.id).items()}
    certified = _certified(uow, row)
    waiting = False
    steps = []
    for part in WAYS[Way(row.way)]:
        stage, at = _stage(row, part, certified)
        if stage == Stage.NOW and waiting:
            stage = Stage.LATER
        waiting = waiting or stage == Stage.NOW
        name = names.get(part.role, "") if part.role else ""
        note = either(part.note).format(name=name) if stage == Stage.NOW else ""
        steps.append(Step(either(part.name), stage, at, note, part.role))
    return steps


def _stage(
    row: Application, part: _Part, certified: dict[PartyRole, datetime]
) -> tuple[Stage, datetime | None]:
    if part.role in certified:
        return Stage.DONE, local(certified[part.role])
    state, place = S(row.state), _PLACE[part.during]
    times = {S(name): datetime.fromisoformat(at) for name, at in row.steps}
    here = _PLACE[_living(row)]
    if here > place:
        at = next((times[one] for one in _FOLLOWS[place] if one in times), None)
        return Stage.DONE, local(at) if at else None
    if here < place:
        return Stage.LATER, None
    return (Stage.STOPPED if state in ENDED else Stage.NOW), None


def _living(row: Application) -> ApplicationState:
    """The last state before an application ended, or the present one."""
    return next(S(name) for name, _ in reversed(row.steps) if S(name) not in ENDED)


def _certified(uow: UnitOfWork, row: Application) -> dict[PartyRole, datetime]:
    """Who has certified, and when."""
    rows = certification.of(uow, row.id)
    return {PartyRole(one.role): one.done_at for one in rows if one.done_at is not None}


@dataclass(frozen=True)
class Standing:
    """The heading of the page: a tone, an icon, what is so, and what to do."""

    tone: str
    icon: str
    title: str
    text: str


_STANDINGS: dict[ApplicationState, tuple[str, str, Words, Words]] = {
    S.DRAFT: (
        "waiting",
        "pen",
        ("尚未提交", "Not handed in yet"),
        ("请继续填写并提交。", "Go on and hand it in."),
    ),
    S.IN_REVIEW: (
        "waiting",
        "clock",
        ("已提交，正在审核", "Handed in, under review"),
        ("审核通过后会发送短信，请留意。", "A text message follows when it has passed."),
    ),
    S.CORRECTION: (
        "stopped",
        "warning",
        ("需要补正", "To be mended"),
        ("请按原因修改后重新提交。", "Mend what is named and hand it in again."),
    ),
    S.CERTIFYING: (
        "waiting",
        "clock",
        ("等待认证", "To be certified"),
        (
            "请点击短信中的链接，核对申请表、完成人脸识别并手写签名。",
            "Open the link in the text message: check the form, show your face, sign by hand.",
        ),
    ),
    S.ISSUING: (
        "waiting",
        "clock",
        ("正在生成印章", "The seals are being made"),
        ("通常几秒内完成。", "This usually takes seconds."),
    ),
    S.DONE: (
        "good",
        "check",
        ("印章申领成功", "The seals are yours"),
        ("印章已在首页，可以使用。", "They are on the home page, ready for use."),
    ),
    S.REJECTED: (
        "stopped",
        "cross",
        ("申请未通过", "Refused"),
        ("请核对原因，需要时重新申领。", "See the reason, and apply again if you wish."),
    ),
    S.WITHDRAWN: (
        "stopped",
        "cross",
        ("申请已撤销", "Withdrawn"),
        ("需要时可以重新申领。", "You can apply again at any time."),
    ),
    S.EXPIRED: (
        "stopped",
        "clock",
        ("申请已失效", "Its time is over"),
        ("超过办理期限，请重新申领。", "Please apply again."),
    ),
}


def standing(row: Application) -> Standing:
    """How the application stands, in the reader's language."""
    tone, icon, title, text = _STANDINGS[S(row.state)]
    return Standing(f"outcome-{tone}", icon, either(title), either(text))


def moves_by_itself(row: Application) -> bool:
    """Whether the page has to look again: somebody else, or the system, is at work."""
    return S(row.state) in (S.IN_REVIEW, S.CERTIFYING, S.ISSUING)
