"""What a certification needs of the world outside, done before each transaction begins."""

import hashlib
import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hmac import compare_digest
from typing import Any

from server.accounts import texts
from server.accounts.faces import FaceAsk, FaceDesk, FacePurpose
from server.applications import certification, certification_steps, parties
from server.applications.certification import DrawnForm, Link, Visit
from server.applications.certification_errors import CertificationNameDiffers
from server.applications.certification_models import ApplicationForm, Certification
from server.applications.certification_steps import Signed
from server.applications.closed_blobs import ClosedBlob, get, put
from server.applications.form import Signature, form_of
from server.applications.lifecycle import ApplicationState
from server.applications.models import Application, Party, PartyRole
from server.applications.parties import Person
from server.core.db import Database
from server.core.ids import fingerprint
from server.providers.face import FacePerson, FaceStarted, Outcome
from server.providers.keys import Keys
from server.providers.storage import Storage
from server.sealing.form_ink import printed, written
from server.sealing.form_pdf import draw, page_count
from server.sealing.impression import Impression
from server.sealing.impression.strokes import read_strokes
from server.sealing.page_picture import page_picture
from server.sealing.sandbox import Sandbox

TEXT = "certification_link"
Ink = Mapping[str, Any]


@dataclass(frozen=True)
class Case:
    """An application with its people and certifications, read at one moment."""

    application: Application
    people: Mapping[PartyRole, Party]
    turns: Sequence[Certification]


@dataclass(frozen=True)
class CertificationDesk:
    """Draws forms, sends links, asks for faces. `base` is where our own pages are."""

    db: Database
    keys: Keys
    storage: Storage
    faces: FaceDesk
    sandbox: Sandbox
    base: str
    link_life: timedelta

    def begin(self, application_id: str) -> None:
        """Draw the form and send the first link; for the job that the review enqueues."""
        case = self._case(application_id)
        if case.application.state != ApplicationState.CERTIFYING or case.turns:
            return
        people = self._people(case)
        form = self._form(case.application, people, {})
        link, _ = self.link(case.application, people[0])
        with self.db.begin() as uow:
            certification.begin(uow, application_id, form, link)

    def link(self, application: Application, person: Person | None) -> tuple[Link, str]:
        """A fresh link with the text that brings it to `person`, and its token; without a person
        no text: the token is given to who is there."""
        token = secrets.token_urlsafe(32)
        text = None
        if person is not None:
            owner = application.unit_name if application.is_of_company else person.name
            words = {"owner": owner, "days": str(self.link_life.days)}
            words["link"] = f"{self.base}/m/certify/{token}"
            text = texts.close_text(self.keys, person.phone, TEXT, words)
        return Link(fingerprint(token), self.link_life, text), token

    def page(self, visit: Visit, number: int) -> bytes:
        """PNG of one page of the form that this person signs, or has signed.

        Raises what `certification.looked_at` does, CertificationStep, PageOutside.
        """
        with self.db.read() as uow:
            _, row = certification.looked_at(uow, visit)
            row.require_holder(visit.holder)
            count = row.turn if row.is_done else row.turn - 1
            form = certification.form_of(uow, row.application_id, signatures=count)
        return self.sandbox.run(page_picture, self.opened(form), number)

    def opened(self, form: ApplicationForm) -> bytes:
        """The PDF of a form."""
        blob = ClosedBlob(form.digest, form.key_closed)
        return get(self.storage, self.keys, form.application_id, blob)

    def begin_face(self, visit: Visit, *, consent: bool) -> FaceStarted:
        """Begin the face check of the person whom the form names (`FaceDesk.start`)."""
        with self.db.read() as uow:
            _, row = certification.looked_at(uow, visit)
            row.require_holder(visit.holder)
            row.require_read()
            party = uow.session.get_one(Party, row.party_id)
        check, started = self.faces.start(
            FaceAsk(
                None,
                FacePurpose.CERTIFY,
                visit.face_holder(row.id),
                consent,
                back_url=f"{self.base}/m/certify/{visit.token}?face=back",
                name_index=row.number_index,
                named=self._named(party),
            )
        )
        with self.db.begin() as uow:
            certification_steps.keep_check(uow, visit, check.id)
        return started

    def settle_face(self, visit: Visit) -> Outcome:
        """What came of the check; what `FaceDesk.settle` raises."""
        with self.db.read() as uow:
            _, row = certification.looked_at(uow, visit)
            row.require_holder(visit.holder)
            party = uow.session.get_one(Party, row.party_id)
        named, holder = self._named(party), visit.face_holder(row.id)
        return self.faces.settle(row.face_check_id, holder, named=named)

    def sign(self, visit: Visit, ink: Ink) -> Certification:
        """`ink` is the pad's `strokes` or, for who cannot write by hand, {"typed": his name}.

        Raises BadStrokes, CertificationNameDiffers, MissingGlyph and what
        `certification_steps.sign` does.
        """
        with self.db.read() as uow:
            _, row = certification.looked_at(uow, visit)
            row.require_holder(visit.holder)
            if row.is_done:
                return row
            row.require_identified(uow.now)
            now = uow.now
        signed = self._signed(row, ink, now)
        with self.db.begin() as uow:
            return certification_steps.sign(uow, visit, signed)

    def resend(self, certification_id: str) -> None:
        """Send the text again, with a new link; the old one is dead. What `renew` raises."""
        case, row = self._case_of(certification_id)
        with self.db.read() as uow:
            row.require_may_send(uow.now)
        person = parties.opened(self.keys, case.people[PartyRole(row.role)])
        link, _ = self.link(case.application, person)
        with self.db.begin() as uow:
            certification_steps.renew(uow, certification_id, link)

    def enter(self, certification_id: str) -> str:
        """立即认证: a new link for who is there himself; its token. What `renew` raises."""
        case, _ = self._case_of(certification_id)
        link, token = self.link(case.application, None)
        with self.db.begin() as uow:
            certification_steps.renew(uow, certification_id, link)
        return token

    def _case_of(self, certification_id: str) -> tuple[Case, Certification]:
        with self.db.read() as uow:
            row = uow.session.get_one(Certification, certification_id)
        return self._case(row.application_id), row

    def _signed(self, row: Certification, ink: Ink, now: datetime) -> Signed:
        case = self._case(row.application_id)
        people = self._people(case)
        made = {PartyRole(row.role): _signature(row, ink, now)}
        for other in case.turns:
            if other.turn < row.turn:
                made[PartyRole(other.role)] = self._kept(other)
        form = self._form(case.application, people, made)
        blob = put(self.storage, self.keys, row.id, json.dumps(dict(ink)).encode())
        later = people[row.turn :]
        link = self.link(case.application, later[0])[0] if later else None
        return Signed(blob, form, link)

    def _kept(self, row: Certification) -> Signature:
        blob = ClosedBlob(row.signature_digest or "", row.signature_key or b"")
        ink = json.loads(get(self.storage, self.keys, row.id, blob))
        return _signature(row, ink, row.done_at)

    def _case(self, application_id: str) -> Case:
        with self.db.read() as uow:
            application = uow.session.get_one(Application, application_id)
            people = parties.of(uow, application_id)
            return Case(application, people, certification.of(uow, application_id))

    def _people(self, case: Case) -> list[Person]:
        """In the order of their turns, in the clear."""
        roles = certification.roles_of(case.application)
        return [parties.opened(self.keys, case.people[role]) for role in roles]

    def _form(
        self,
        application: Application,
        people: Sequence[Person],
        signatures: Mapping[PartyRole, Signature],
    ) -> DrawnForm:
        form = form_of(application, people, signatures)
        pdf = draw(form)
        blob = put(self.storage, self.keys, application.id, pdf)
        return DrawnForm(blob, hashlib.sha256(pdf).hexdigest(), page_count(pdf))

    def _named(self, party: Party) -> FacePerson:
        person = parties.opened(self.keys, party)
        return FacePerson(person.name, person.document.type, person.document.number)


def _signature(row: Certification, ink: Ink, at: datetime | None) -> Signature:
    if row.identified_at is None or at is None:
        raise ValueError("a signature of nobody")
    return Signature(_drawn(row.name, ink), "typed" in ink, row.identified_at, at)


def _drawn(name: str, ink: Ink) -> Impression:
    if "typed" not in ink:
        return written(read_strokes(ink))
    typed = " ".join(str(ink["typed"]).split())
    if not compare_digest(typed.encode(), name.encode()):
        raise CertificationNameDiffers()
    return printed(typed)
