"""Certification by link: who certifies in which turn, and who holds a link (F-15 to F-17, B4.1).

The link is a random token that only its text message holds. The first browser that opens it holds
it from then on, so that an address read off a log opens nothing; and who that is, face and number
decide. Here are the transactions; `certification_desk.CertificationDesk` does what is outside.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import select

from server.accounts import texts
from server.accounts.texts import ClosedText
from server.applications import parties
from server.applications.certification_errors import CertificationLinkUnknown
from server.applications.certification_models import (
    ApplicationForm,
    Certification,
    CertificationState,
)
from server.applications.closed_blobs import ClosedBlob
from server.applications.errors import ApplicationEnded, ApplicationMovedOn
from server.applications.lifecycle import ENDED, ApplicationState
from server.applications.models import Application, PartyRole, Way
from server.core import audit
from server.core.db import UnitOfWork
from server.core.ids import fingerprint, new_id

TURNS = {
    Way.FULL: (PartyRole.REPRESENTATIVE, PartyRole.AGENT),
    Way.PERSONAL: (PartyRole.PERSON,),
}


@dataclass(frozen=True)
class Link:
    """A fresh link: the digest of its token, how long it lives, and the text that brings it.

    Without a text it is given to the person on the spot (立即认证).
    """

    digest: str = field(repr=False)
    life: timedelta
    text: ClosedText | None = None


@dataclass(frozen=True)
class DrawnForm:
    """A form that was drawn, closed and stored."""

    blob: ClosedBlob
    sha256: str
    pages: int


@dataclass(frozen=True)
class Visit:
    """One request by a link: its token, and the browser that brought it."""

    token: str = field(repr=False)
    browser: str = field(repr=False)

    @property
    def holder(self) -> str:
        return fingerprint(self.browser)

    def face_holder(self, certification_id: str) -> str:
        """To what a face check is bound: to this certification, in this browser."""
        return f"{certification_id} {self.browser}"


def begin(uow: UnitOfWork, application_id: str, form: DrawnForm, link: Link) -> None:
    """Review has passed: a row for each turn, the form, and the first text; once, however often."""
    application = uow.locked(Application, application_id)
    if application.state != ApplicationState.CERTIFYING or of(uow, application_id):
        return
    people = parties.of(uow, application_id)
    for turn, role in enumerate(roles_of(application), 1):
        person = people[role]
        uow.session.add(
            Certification(
                id=new_id("cfn"),
                application_id=application_id,
                party_id=person.id,
                turn=turn,
                role=role,
                name=person.name,
                number_index=person.number_index,
                state=CertificationState.WAITING,
            )
        )
    uow.session.flush()
    keep_form(uow, application_id, form, signatures=0)
    first = uow.locked(Certification, of(uow, application_id)[0].id)
    give_link(uow, application, first, link)


def of(uow: UnitOfWork, application_id: str) -> Sequence[Certification]:
    """The certifications of an application in the order of their turns."""
    mine = select(Certification).where(Certification.application_id == application_id)
    return uow.session.scalars(mine.order_by(Certification.turn)).all()


def roles_of(application: Application) -> tuple[PartyRole, ...]:
    """Who certifies, in the order of the turns (F-16, F-17)."""
    return TURNS[Way(application.way)]


def form_of(uow: UnitOfWork, application_id: str, *, signatures: int) -> ApplicationForm:
    """The form with so many signatures, as it was shown or made, or sealed since."""
    wanted = select(ApplicationForm).where(
        ApplicationForm.application_id == application_id,
        ApplicationForm.signatures == signatures,
    )
    return uow.session.scalars(wanted).one()


def last_form(uow: UnitOfWork, application_id: str) -> ApplicationForm:
    """The form that everybody has signed; for who knows that they all have."""
    return form_of(uow, application_id, signatures=len(of(uow, application_id)))


def sealed_form(uow: UnitOfWork, application_id: str) -> ApplicationForm | None:
    """The certified form as it is kept; None until the platform has sealed it."""
    wanted = select(ApplicationForm).where(
        ApplicationForm.application_id == application_id, ApplicationForm.sealed
    )
    return uow.session.scalars(wanted).one_or_none()


def found(uow: UnitOfWork, token: str) -> Certification:
    """Raises CertificationLinkUnknown."""
    mine = Certification.link_digest == fingerprint(token)
    row = uow.session.scalars(select(Certification).where(mine)).one_or_none()
    if row is None:
        raise CertificationLinkUnknown()
    return row


def looked_at(uow: UnitOfWork, visit: Visit) -> tuple[Application, Certification]:
    """For the page: the row as it stands. CertificationLinkUnknown, CertificationLinkExpired,
    ApplicationEnded; CertificationElsewhere for another browser than the one that opened it.
    """
    row = found(uow, visit.token)
    application = uow.session.get_one(Application, row.application_id)
    require_alive(uow, application, row)
    if row.holder:
        row.require_holder(visit.holder)
    return application, row


def held(uow: UnitOfWork, visit: Visit) -> Certification:
    """The locked row of who holds the link. What `looked_at` raises, CertificationStep before
    前往签署.
    """
    _, row = locked(uow, visit)
    row.require_holder(visit.holder)
    return row


def give_link(uow: UnitOfWork, application: Application, row: Certification, link: Link) -> None:
    """A new link takes the place of the one before; both rows are locked."""
    row.take_link(link.digest, uow.now, link.life)
    application.expires_at = row.link_expires_at
    if link.text is not None:
        row.sent_at, row.texts = uow.now, row.texts + 1
        text_id = texts.send_closed(uow, link.text)
        texts.tell_if_unsent(uow, text_id, application.applicant_id)
    record(uow, "certification.link_given", row, by_text=link.text is not None)


def keep_form(
    uow: UnitOfWork,
    application_id: str,
    form: DrawnForm,
    *,
    signatures: int,
) -> None:
    """Write down a form that was drawn."""
    uow.session.add(
        ApplicationForm(
            id=new_id("form"),
            application_id=application_id,
            signatures=signatures,
            digest=form.blob.digest,
            key_closed=form.blob.key_closed,
            sha256=form.sha256,
            pages=form.pages,
            made_at=uow.now,
        )
    )


def locked(uow: UnitOfWork, visit: Visit) -> tuple[Application, Certification]:
    """The rows of a link that lives. What `looked_at` raises, but for the browser."""
    # The application first, as whoever withdraws it does, so that nobody waits in a ring.
    application = uow.locked(Application, found(uow, visit.token).application_id)
    row = uow.locked(Certification, found(uow, visit.token).id)
    require_alive(uow, application, row)
    return application, row


def require_alive(uow: UnitOfWork, application: Application, row: Certification) -> None:
    """Who has certified may look at it for good; everybody else needs a living link."""
    if row.is_done:
        return
    if application.state in ENDED:
        raise ApplicationEnded(state=application.state)
    if application.state != ApplicationState.CERTIFYING:
        raise ApplicationMovedOn(state=application.state)
    row.require_link(uow.now)


def record(uow: UnitOfWork, event: str, row: Certification, **details: object) -> None:
    """Write down what happened to one certification."""
    told = {"certification": row.id, "turn": row.turn, "role": row.role, **details}
    audit.record(uow, event, actor=row.id, subject=row.application_id, **told)
