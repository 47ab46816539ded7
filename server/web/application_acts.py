"""What is done to an application for seals, for the pages and the mini-program alike."""

from werkzeug.datastructures import FileStorage

from server.accounts.models import Account
from server.applications import (
    certification,
    certification_records,
    content,
    fast,
    materials,
    parties,
    queries,
    service,
    wanted_seals,
)
from server.applications.certification_models import PAUSE
from server.applications.errors import ApplicationNotReady
from server.applications.lifecycle import ApplicationState
from server.applications.materials import LARGEST
from server.applications.models import Application, Material, PartyRole, Way
from server.applications.queries import Viewer
from server.applications.samples import authorization
from server.applications.service import Draft
from server.core.db import UnitOfWork
from server.runtime import runtime
from server.seals.errors import SealNotFound
from server.web import seal_samples
from server.web.admission import require_may_act_for, require_personal
from server.web.application_bodies import CompanySealsIn, MethodIn, PeopleIn, PersonalSealsIn
from server.web.identity import current_person


def viewer() -> Viewer:
    """Who asks for applications: a company's own login sees its company's alone."""
    return Viewer.of(current_person().session)


def seen(uow: UnitOfWork, application_id: str) -> Application:
    """An application of whoever is logged in. ApplicationNotFound; FaceGate before a company."""
    found = queries.find(uow, application_id, viewer())
    if found.is_of_company:
        require_may_act_for(current_person(), found.owner_id)
    return found


def read(application_id: str) -> Application:
    """The same, in a transaction of its own."""
    with runtime().db.read() as uow:
        return seen(uow, application_id)


def begin_company(body: CompanySealsIn) -> Application:
    """Begin an application for the chosen kinds, or change the choice of the one begun before.

    NoRight, FaceGate, RealNameNeeded, NotRepresentative, CannotApply, NothingWanted.
    """
    person, company = current_person(), body.enterprise_id
    require_may_act_for(person, company)
    draft = Draft(wanted=body.wanted())
    with runtime().db.begin() as uow:
        mine = {"account_id": person.account.id, "enterprise_id": company}
        row = service.start(uow, way=Way.FULL, **mine)
        return service.save(uow, application_id=row.id, viewer=viewer(), draft=draft)


def begin_personal(body: PersonalSealsIn) -> Application:
    """The same for oneself. NotForCompanyLogin, RealNameNeeded, NothingWanted, HandwritingNeeded,
    BadStrokes."""
    require_personal(current_person())
    with runtime().db.begin() as uow:
        row = service.start(uow, account_id=current_person().account.id, way=Way.PERSONAL)
        draft = Draft(wanted=body.wanted(row))
        return service.save(uow, application_id=row.id, viewer=viewer(), draft=draft)


def begin_fast(enterprise_id: str) -> tuple[Application, dict[str, str]]:
    """A5: every kind that the company does not have yet, at once by the registry's word; with what
    the intent is to be begun for. NoRight, FaceGate, RealNameNeeded, NoCertificate,
    NotRepresentative, CannotApply, SealsThere.
    """
    person = current_person()
    require_may_act_for(person, enterprise_id)
    with runtime().db.begin() as uow:
        row = fast.begin(uow, account_id=person.account.id, enterprise_id=enterprise_id)
        return row, intent_parameters(uow, row)


def keep_people(application_id: str, body: PeopleIn) -> Application:
    """Keep who acts and who represents. BadName, BadIdNumber, UnknownDocumentType, BadPhone,
    ConsentNeeded, ApplicationMovedOn."""
    forms = body.forms(read(application_id))
    people = runtime().application_desk.prepare_people(current_person().account.id, forms)
    return _save(application_id, Draft(people=people))


def keep_method(application_id: str, body: MethodIn) -> Application:
    """Keep how uses are to be verified. UsePasswordsDiffer, UsePasswordTooShort,
    UsePasswordIsLogin, ApplicationMovedOn."""
    row = read(application_id)
    if body.keeps and row.method == body.method:
        return row
    return _save(application_id, Draft(method=body.choice()))


def intent_parameters(uow: UnitOfWork, row: Application) -> dict[str, str]:
    """What an intent to hand it in is to be begun for: exactly what it says now."""
    return dict(service.subject(row, content.digest(uow, row)).parameters)


def submit(application_id: str, intent_id: str) -> Application:
    """Hand it in. ApplicationIncomplete, MissingGlyph, NotAsRegistered, SealsThere, the errors of
    intents, ApplicationMovedOn for what was handed in before."""
    read(application_id)
    checked = runtime().application_desk.check(application_id, viewer())
    parts, session = runtime(), current_person().session
    with parts.db.begin() as uow:
        terms = parts.application_terms
        return service.submit(uow, terms, checked=checked, session=session, intent_id=intent_id)


def withdraw(application_id: str) -> Application:
    """撤销申请; once more changes nothing. ApplicationEnded, TooLateToWithdraw."""
    read(application_id)
    with runtime().db.begin() as uow:
        return service.withdraw(uow, application_id=application_id, viewer=viewer())


def send_again(application_id: str) -> int:
    """重新发送短信 to whose turn it is; seconds until it may be asked for once more.

    ApplicationNotReady before anybody certifies, CertificationTextTooSoon,
    CertificationTextsUsedUp.
    """
    with runtime().db.read() as uow:
        row = seen(uow, application_id)
        turns = certification.of(uow, row.id)
    waiting = next((one for one in turns if not one.is_done), None)
    if waiting is None or row.state != ApplicationState.CERTIFYING:
        raise ApplicationNotReady(state=row.state)
    runtime().certification_desk.resend(waiting.id)
    return int(PAUSE.total_seconds())


def certify_now(certification_id: str) -> str:
    """立即认证: the path of the page behind a new link, without a text; the old link is dead.

    Raises CertificationNotFound, CertificationNotYours, and what `CertificationDesk.enter` does.
    """
    with runtime().db.read() as uow:
        row = certification_records.own_turn(uow, certification_id, viewer())
    return f"/m/certify/{runtime().certification_desk.enter(row.id)}"


def take(application_id: str, slot: str, picture: FileStorage) -> Material:
    """Take a picture of the papers, in the place of the one before.

    MaterialTooLarge, NotAPicture, PictureDamaged, PictureTooLarge, PictureTooComplex, SlotUnknown.
    """
    read(application_id).require_editable()
    content = picture.stream.read(LARGEST + 1)
    taken = runtime().material_desk.take(slot, content)
    with runtime().db.begin() as uow:
        return materials.keep(uow, application_id=application_id, viewer=viewer(), taken=taken)


def show(application_id: str, slot: str) -> bytes:
    """A picture that was handed in, a JPEG. ApplicationNotFound, MaterialNotFound."""
    with runtime().db.read() as uow:
        seen(uow, application_id)
        found = materials.find(uow, application_id, slot, viewer())
    return runtime().material_desk.read(found)


def letter(application_id: str) -> bytes:
    """The letter of authorization as a PDF, with company, representative and agent filled in."""
    with runtime().db.read() as uow:
        row = seen(uow, application_id)
        people = parties.of(uow, row.id)
        account = uow.session.get_one(Account, row.applicant_id)
    agent = people.get(PartyRole.AGENT)
    named = agent.name if agent and not parties.is_one_person(people) else ""
    return authorization((row.unit_name, row.unit_number), account.name, named)


def form(application_id: str) -> bytes:
    """数字证书申请表, certified and sealed, a PDF. ApplicationNotReady until it is there."""
    with runtime().db.read() as uow:
        row = seen(uow, application_id)
        found = certification.sealed_form(uow, row.id)
    if found is None:
        raise ApplicationNotReady(state=row.state)
    return runtime().certification_desk.opened(found)


def seal_picture(application_id: str, kind: str) -> bytes:
    """A seal as an application asks for it, watermarked. SealNotFound, MissingGlyph."""
    with runtime().db.read() as uow:
        seals = wanted_seals.of(uow, seen(uow, application_id))
    found = next((one for one in seals if one.kind == kind), None)
    if found is None:
        raise SealNotFound()
    return seal_samples.picture(found)


def is_same_person(uow: UnitOfWork, row: Application) -> bool:
    """Whether the applicant acts himself; so it is until another agent is named."""
    people = parties.of(uow, row.id)
    return not people or parties.is_one_person(people)


def _save(application_id: str, draft: Draft) -> Application:
    with runtime().db.begin() as uow:
        return service.save(uow, application_id=application_id, viewer=viewer(), draft=draft)
