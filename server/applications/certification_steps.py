"""The steps that a person takes by his link, one after another; each again changes nothing (F-15).

Each is one transaction; `certification_desk.CertificationDesk` does what is outside of it.
"""

from dataclasses import dataclass

from server.accounts import faces
from server.accounts.consents import VERSIONS, Agreement
from server.applications import certification, service
from server.applications.certification import DrawnForm, Link, Visit
from server.applications.certification_errors import (
    CertificationNotYourTurn,
    CertificationSameBrowser,
    CertificationStep,
)
from server.applications.certification_models import Certification, CertificationState
from server.applications.closed_blobs import ClosedBlob
from server.applications.models import Application
from server.applications.service import ISSUE_TRIES
from server.core import jobs
from server.core.db import UnitOfWork

SEAL_FORM = "applications.seal_form"


def open_link(uow: UnitOfWork, visit: Visit) -> Certification:
    """前往签署: this browser holds the link. What `looked_at` raises, CertificationNotYourTurn,
    CertificationSameBrowser.
    """
    application, row = certification.locked(uow, visit)
    for other in certification.of(uow, application.id):
        if other.turn < row.turn and not other.is_done:
            raise CertificationNotYourTurn(turn=row.turn)
        if other.is_held_by(visit.holder) and other.number_index != row.number_index:
            raise CertificationSameBrowser()
    if not row.has_passed(CertificationState.OPENED):
        certification.record(uow, "certification.opened", row)
    row.open(visit.holder, uow.now)
    return row


def note_read(uow: UnitOfWork, visit: Visit) -> Certification:
    """下一步 under the preview. What `held` raises."""
    row = certification.held(uow, visit)
    if not row.has_passed(CertificationState.READ):
        form = certification.form_of(uow, row.application_id, signatures=row.turn - 1)
        row.read(form.sha256, uow.now)
        certification.record(uow, "certification.read", row, form=form.sha256)
    return row


def keep_check(uow: UnitOfWork, visit: Visit, check_id: str) -> None:
    """A face check was begun, by a consent that was ticked. What `held` raises,
    CertificationStep.
    """
    row = certification.held(uow, visit)
    row.forget_old_face(uow.now)
    version = VERSIONS[Agreement.FACE]
    row.begin_check(check_id, version)
    certification.record(uow, "certification.face_begun", row, consent=version, check=check_id)


def identify(uow: UnitOfWork, visit: Visit) -> Certification:
    """完成身份认证: spends the face check, once. What `held` raises, CertificationStep,
    FaceNotPassed.
    """
    row = certification.held(uow, visit)
    if row.has_passed(CertificationState.IDENTIFIED):
        return row
    row.require_read()
    holder = visit.face_holder(row.id)
    check = faces.spend_named(uow, row.face_check_id, holder, row.number_index)
    row.identify(check.result_id, uow.now)
    certification.record(
        uow, "certification.identified", row, check=check.id, result_id=check.result_id
    )
    return row


@dataclass(frozen=True)
class Signed:
    """A signature with the form that shows it; `link` is the next person's, if there is one."""

    signature: ClosedBlob
    form: DrawnForm
    link: Link | None


def sign(uow: UnitOfWork, visit: Visit, signed: Signed) -> Certification:
    """确认: this turn is done; the next person's text goes out, or the seals are made.

    What `held` raises, CertificationStep, CertificationFaceOld.
    """
    row = certification.held(uow, visit)
    if row.is_done:
        return row
    row.sign(signed.signature.digest, signed.signature.key_closed, uow.now)
    certification.keep_form(uow, row.application_id, signed.form, signatures=row.turn)
    certification.record(uow, "certification.signed", row, form=signed.form.sha256)
    application = uow.session.get_one(Application, row.application_id)
    waiting = [one for one in certification.of(uow, application.id) if not one.is_done]
    if waiting and signed.link is not None:
        certification.give_link(
            uow, application, uow.locked(Certification, waiting[0].id), signed.link
        )
    elif not waiting:
        service.certified(uow, application)
        jobs.enqueue(uow, SEAL_FORM, max_attempts=ISSUE_TRIES, application_id=application.id)
    return row


def renew(uow: UnitOfWork, certification_id: str, link: Link) -> None:
    """A new link takes the old one's place, and the steps begin anew.

    Raises CertificationNotYourTurn, CertificationStep for one that is done, ApplicationEnded,
    CertificationLinkExpired; with a text also CertificationTextTooSoon, CertificationTextsUsedUp.
    """
    known = uow.session.get_one(Certification, certification_id)
    application = uow.locked(Application, known.application_id)
    row = uow.locked(Certification, certification_id)
    certification.require_alive(uow, application, row)
    if link.text is not None:
        row.require_may_send(uow.now)
    if row.is_done:
        raise CertificationStep(step="done")
    certification.give_link(uow, application, row, link)
