"""What the mini-program is told of applications for seals."""

from pydantic import BaseModel

from server.accounts.models import Account
from server.applications import certification, content, parties
from server.applications.lifecycle import ApplicationState
from server.applications.models import Application, PartyRole, Way
from server.certificates.models import OwnerKind
from server.core.db import UnitOfWork
from server.intents.models import VerificationMethod
from server.seals.models import SealKind
from server.web import application_acts as acts
from server.web.applicants import Applicant
from server.web.application_papers import Paper, papers
from server.web.application_way import Stage, Step, standing, way
from server.web.miniprogram.answers import Answer, Moment
from server.web.problems import problem_of
from server.web.seal_samples import kind_name, letterings


class WantedOut(BaseModel):
    """`picture`: watermarked, to be fetched with the token; of a photo the photo itself."""

    kind: SealKind
    name: str
    font: str
    picture: str


class ApplicationOut(BaseModel):
    """`standing` is for showing; `reason` says what a reviewer wants mended, or refused."""

    id: str
    way: Way
    owner_kind: OwnerKind
    owner: str
    state: ApplicationState
    standing: str
    reason: str
    seals: list[WantedOut]
    created_at: Moment
    changed_at: Moment


class ApplicationsOut(Answer):
    items: list[ApplicationOut]
    next_cursor: str | None


class StepOut(BaseModel):
    """`role`: who certifies in this step, by the link in a text message."""

    name: str
    stage: Stage
    at: Moment | None
    note: str
    role: PartyRole | None


class PaperOut(BaseModel):
    """One picture of the papers; `fault` is what a reviewer found wrong with it."""

    slot: str
    name: str
    hint: str
    needed: bool
    fault: str
    picture: str | None


class PersonOut(BaseModel):
    role: PartyRole
    name: str


class ApplicationDetailOut(Answer):
    """`missing`: what is still to be given before it can be handed in, such as `party:agent` or
    `material:licence`. `intent_parameters`: for `POST /mp/v1/intents` with the action `apply`;
    any change of the application makes others. `form`: the certified 数字证书申请表, a PDF; null
    until the platform has sealed it."""

    application: ApplicationOut
    steps: list[StepOut]
    people: list[PersonOut]
    papers: list[PaperOut]
    method: VerificationMethod | None
    missing: list[str]
    intent_parameters: dict[str, str]
    form: str | None


class PictureOut(Answer):
    """As it is kept, in pixels."""

    slot: str
    width: int
    height: int


class SentOut(Answer):
    retry_after: int


class ChoiceOut(BaseModel):
    """`picture` is null for a handwritten seal, which shows nothing before it is drawn."""

    kind: SealKind
    name: str
    about: str
    taken: bool
    picture: str | None


class LetteringOut(BaseModel):
    font: str
    name: str


class ObstacleOut(BaseModel):
    code: str
    detail: str
    next_step: str


class ChoicesOut(Answer):
    """`obstacle`: why nothing may be asked for now. `fonts`: the letterings of a square seal that
    have every character of the name."""

    owner_kind: OwnerKind
    owner_id: str
    owner: str
    obstacle: ObstacleOut | None
    kinds: list[ChoiceOut]
    fonts: list[LetteringOut]


def choices_out(uow: UnitOfWork, here: Applicant) -> ChoicesOut:
    """What somebody may ask for in his role."""
    why = here.obstacle(uow)
    draft = here.draft(uow, Way.FULL if here.enterprise else Way.PERSONAL)
    fonts = [] if here.enterprise else letterings(here.person.account.name)
    return ChoicesOut(
        owner_kind=here.owner_kind,
        owner_id=here.owner_id,
        owner=here.owner["name"],
        obstacle=ObstacleOut.model_validate(problem_of(why)[0]) if why else None,
        kinds=[
            ChoiceOut(
                kind=one.kind,
                name=one.name,
                about=one.about,
                taken=one.taken,
                picture=None if one.kind == SealKind.HANDWRITTEN else _sample(one.kind),
            )
            for one in here.choices(uow, draft)
        ],
        fonts=[LetteringOut(font=font, name=name) for font, name in fonts],
    )


def application_out(uow: UnitOfWork, row: Application) -> ApplicationOut:
    """One application in a list."""
    person = "" if row.is_of_company else uow.session.get_one(Account, row.owner_id).masked_name
    return ApplicationOut(
        id=row.id,
        way=Way(row.way),
        owner_kind=OwnerKind(row.owner_kind),
        owner=row.unit_name or person,
        state=ApplicationState(row.state),
        standing=standing(row).title,
        reason=row.reason,
        seals=[_wanted(row, one) for one in row.wanted],
        created_at=row.created_at,
        changed_at=row.changed_at,
    )


def detail_out(uow: UnitOfWork, row: Application) -> ApplicationDetailOut:
    """All of one application."""
    people = parties.of(uow, row.id)
    lacking = content.missing(row, people, content.materials_of(uow, row.id))
    return ApplicationDetailOut(
        application=application_out(uow, row),
        steps=[_step(one) for one in way(uow, row)],
        people=[PersonOut(role=role, name=one.name) for role, one in people.items()],
        papers=[_paper(row, one) for one in papers(uow, row)],
        method=VerificationMethod(row.method) if row.method else None,
        missing=lacking,
        intent_parameters=acts.intent_parameters(uow, row),
        form=_form(uow, row),
    )


def _form(uow: UnitOfWork, row: Application) -> str | None:
    if certification.sealed_form(uow, row.id) is None:
        return None
    return f"/mp/v1/applications/{row.id}/form"


def _wanted(row: Application, one: dict[str, str]) -> WantedOut:
    kind = SealKind(one["kind"])
    part = "materials/handwriting" if one.get("picture") else f"seals/{kind}"
    return WantedOut(
        kind=kind,
        name=kind_name(kind),
        font=one.get("font", ""),
        picture=f"/mp/v1/applications/{row.id}/{part}/picture",
    )


def _step(one: Step) -> StepOut:
    return StepOut(name=one.name, stage=one.stage, at=one.at, note=one.note, role=one.role)


def _paper(row: Application, one: Paper) -> PaperOut:
    address = f"/mp/v1/applications/{row.id}/materials/{one.slot}/picture"
    return PaperOut(
        slot=one.slot,
        name=one.name,
        hint=one.hint,
        needed=one.needed,
        fault=one.fault,
        picture=address if one.kept else None,
    )


def _sample(kind: SealKind) -> str:
    return f"/mp/v1/applications/choices/{kind}/picture"
