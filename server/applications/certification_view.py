"""What a link's page shows: where this person stands, and what the application is about."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from server.accounts.models import FACE_LIFE, FaceCheck, FaceState
from server.applications import certification
from server.applications.certification import Visit
from server.applications.certification_models import Certification, CertificationState
from server.applications.models import Application, PartyRole
from server.core.db import UnitOfWork


class Stage(StrEnum):
    """The step that comes next. ELSEWHERE: another browser holds the link, or has used it up."""

    OPEN = "open"
    READ = "read"
    FACE = "face"
    IDENTIFY = "identify"
    SIGN = "sign"
    DONE = "done"
    ELSEWHERE = "elsewhere"


@dataclass(frozen=True)
class LinkView:
    """Everything for the page; `pages` of the form, `next_role` who certifies after this one."""

    application: Application
    row: Certification
    stage: Stage
    turns: int
    pages: int
    next_role: PartyRole | None


def view(uow: UnitOfWork, visit: Visit) -> LinkView:
    """Raises CertificationLinkUnknown, CertificationLinkExpired, CertificationNotYourTurn,
    ApplicationEnded, ApplicationMovedOn.
    """
    row = certification.found(uow, visit.token)
    application = uow.session.get_one(Application, row.application_id)
    certification.require_alive(uow, application, row)
    turns = certification.of(uow, application.id)
    count = row.turn if row.is_done else row.turn - 1
    form = certification.form_of(uow, application.id, signatures=count)
    later = [one for one in turns if not one.is_done and one.turn > row.turn]
    return LinkView(
        application,
        row,
        _stage(uow, row, visit.holder),
        len(turns),
        form.pages,
        PartyRole(later[0].role) if later else None,
    )


def _stage(uow: UnitOfWork, row: Certification, holder: str) -> Stage:
    state = CertificationState(row.state)
    if state == CertificationState.SENT:
        return Stage.OPEN
    if not row.is_held_by(holder):
        return Stage.ELSEWHERE
    if row.is_done:
        return Stage.DONE
    if state == CertificationState.IDENTIFIED and row.is_fresh(uow.now):
        return Stage.SIGN
    if state == CertificationState.OPENED:
        return Stage.READ
    return Stage.IDENTIFY if _face_passed(uow, row, uow.now) else Stage.FACE


def _face_passed(uow: UnitOfWork, row: Certification, now: datetime) -> bool:
    """Whether the check waits for 完成身份认证; a check that was spent is over."""
    check = uow.session.get(FaceCheck, row.face_check_id)
    if check is None or check.state != FaceState.PASSED or check.settled_at is None:
        return False
    return now < check.settled_at + FACE_LIFE
