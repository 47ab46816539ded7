"""What the pages of an application show: its steps, its seals, and where each one leads."""

from typing import Any

from server.applications import queries
from server.applications.lifecycle import EDITABLE, ApplicationState
from server.applications.models import Application, Way
from server.core.db import UnitOfWork
from server.core.errors import DomainError
from server.seals.models import SealKind
from server.web.applicants import Applicant
from server.web.application_acts import viewer
from server.web.language import is_english
from server.web.seal_samples import kind_name
from server.web.words import either

# The order of B4.1: papers before the method; of B5.1: the method before the papers.
_CHOOSE, _METHOD = ("选择印章", "Seals"), ("核验方式", "Method")
_PAPERS, _INTENT = ("信息与材料", "Papers"), ("意愿认证", "Intent")
COMPANY_STEPS = (_CHOOSE, _PAPERS, _METHOD, _INTENT)
PERSONAL_STEPS = (_CHOOSE, _METHOD, ("上传材料", "Papers"), _INTENT)
COMPANY_PATHS = ("", "details", "method", "confirm")
PERSONAL_PATHS = ("", "method", "details", "confirm")
STATES = {
    ApplicationState.DRAFT: ("继续填写申请", "Go on with your application"),
    ApplicationState.CORRECTION: ("需要补正材料", "Papers to be mended"),
    ApplicationState.IN_REVIEW: ("审核中", "Under review"),
    ApplicationState.CERTIFYING: ("待认证", "To be certified"),
    ApplicationState.ISSUING: ("印章生成中", "Seals being made"),
}


def spoken(error: DomainError) -> tuple[str, str]:
    """What happened and what to do, in the reader's language."""
    return either(error.message), either(error.next_step)


def address(row: Application, page: str = "") -> str:
    """Where a page of this application is; without a name that of its progress."""
    return f"/m/apply/{row.id}/{page}" if page else f"/m/apply/{row.id}"


def step_of(row: Application, page: str) -> dict[str, Any]:
    """The place of a page among the steps: their names, its number, the way back and on."""
    personal = row.way == Way.PERSONAL
    names, paths = (PERSONAL_STEPS, PERSONAL_PATHS) if personal else (COMPANY_STEPS, COMPANY_PATHS)
    place = paths.index(page)
    before = paths[place - 1]
    return {
        "step_names": [either(name) for name in names],
        "step": place + 1,
        "back": address(row, before) if before else "/m/apply",
        "url": address(row, page),
        "application_id": row.id,
    }


def next_of(row: Application, page: str) -> str:
    """The address of the page after this one."""
    paths = PERSONAL_PATHS if row.way == Way.PERSONAL else COMPANY_PATHS
    return address(row, paths[paths.index(page) + 1])


def seals_of(row: Application) -> list[dict[str, str]]:
    """The seals that are asked for, each with its watermarked picture."""
    return [
        {"name": kind_name(SealKind(one["kind"])), "picture": picture_of(row, one)}
        for one in row.wanted
    ]


def picture_of(row: Application, one: dict[str, Any]) -> str:
    """Where a seal of an application is shown; one by photo is shown by the photo."""
    by_photo = bool(one.get("picture"))
    return address(row, "materials/handwriting/picture" if by_photo else f"seals/{one['kind']}.png")


def under_way(uow: UnitOfWork, here: Applicant) -> list[dict[str, str]]:
    """What this owner has begun or handed in, the newest first, each with where it goes on."""
    rows = queries.unfinished(uow, viewer())
    return [_open(row) for row in rows if row.owner_id == here.owner_id and not _is_one_tap(row)]


def _is_one_tap(row: Application) -> bool:
    """A5's draft has nothing to fill in: its button is on the page itself."""
    return row.way == Way.FAST and row.state == ApplicationState.DRAFT


def _open(row: Application) -> dict[str, str]:
    state = ApplicationState(row.state)
    is_draft = state == ApplicationState.DRAFT
    names = [kind_name(kind) for kind in row.kinds]
    return {
        "word": either(STATES[state]),
        "about": ("、" if not is_english() else ", ").join(names),
        "next": first_open(row) if is_draft else address(row),
    }


def first_open(row: Application) -> str:
    """The page on which a draft goes on."""
    if not row.wanted or row.way == Way.FAST:
        return "/m/apply"
    return address(row, "method" if row.way == Way.PERSONAL else "details")


def is_editable(row: Application) -> bool:
    """Whether its content may still be changed."""
    return ApplicationState(row.state) in EDITABLE


FOLLOWS = {
    Way.FULL: (
        "提交后先核对登记信息，再向法定代表人、经办人先后发送认证短信；同一个人也需要认证两次。",
        "The registry is asked first. Then the representative and the agent get a text message"
        " each, one after the other, also where both are one person.",
    ),
    Way.PERSONAL: (
        "提交后会收到数字证书申请短信，打开链接完成人脸识别和手写签名。",
        "A text message follows; open its link, show your face and sign by hand.",
    ),
}


def what_follows(row: Application) -> str:
    """What happens after it was handed in, in the reader's language."""
    return either(FOLLOWS[Way(row.way)])
