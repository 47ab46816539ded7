"""Applying for seals in the mini-program: chosen, filled in, handed in, followed (F-19 to F-25)."""

from typing import Annotated

from apiflask import APIBlueprint
from flask import Response
from pydantic import Field, StringConstraints

from server.applications import queries
from server.applications.form import TITLE
from server.applications.samples import sample as sample_of
from server.runtime import runtime
from server.web import application_acts as acts
from server.web.applicants import Applicant
from server.web.application_bodies import (
    CompanySealsIn,
    FastIn,
    MethodIn,
    PeopleIn,
    PersonalSealIn,
    PersonalSealsIn,
    PictureUpload,
    SubmitIn,
)
from server.web.application_papers import slot_of
from server.web.attachments import disposition
from server.web.bodies import Body
from server.web.miniprogram import repeats
from server.web.miniprogram.answers import JPEG, PDF, PICTURE, Answer
from server.web.miniprogram.application_shapes import (
    ApplicationDetailOut,
    ApplicationsOut,
    ChoicesOut,
    PictureOut,
    SentOut,
    application_out,
    choices_out,
    detail_out,
)

bp = APIBlueprint("mp_applications", __name__, url_prefix="/mp/v1/applications", tag="Applications")

Cursor = Annotated[str, StringConstraints(max_length=40)]


class ApplicationsAsked(Body):
    """`cursor`: the `next_cursor` of the page before."""

    cursor: Cursor | None = None
    limit: Annotated[int, Field(ge=1, le=100)] = 20


class LetteringAsked(Body):
    font: Annotated[str, StringConstraints(pattern="^[a-z]{0,16}$")] = "song"


class ApplicationIn(Body):
    """With `enterprise_id` some of a company's five kinds, the full way (F-21); without it one's
    own. An application that was begun before, and may still be changed, is changed."""

    enterprise_id: Annotated[str, StringConstraints(min_length=1, max_length=40)] | None = None
    seals: Annotated[list[PersonalSealIn], Field(max_length=5)]


@bp.get("/choices")
@bp.output(ChoicesOut)
def list_choices() -> ChoicesOut:
    """What may be asked for in the acting role, or why nothing may be; P-37, A5."""
    with runtime().db.read() as uow:
        return choices_out(uow, Applicant.here(uow))


@bp.get("/choices/<kind>/picture")
@bp.input(LetteringAsked, location="query", arg_name="asked")
@bp.doc(responses=PICTURE)
def sample(kind: str, asked: LetteringAsked) -> Response:
    """The applicant's own name on a kind of seal, watermarked (P-47)."""
    with runtime().db.read() as uow:
        here = Applicant.here(uow)
    return Response(here.sample(kind, asked.font), mimetype="image/png")


@bp.get("")
@bp.input(ApplicationsAsked, location="query", arg_name="asked")
@bp.output(ApplicationsOut)
def list_applications(asked: ApplicationsAsked) -> ApplicationsOut:
    """One's own applications and those of one's companies, the newest first."""
    with runtime().db.read() as uow:
        page = queries.seen_by(uow, acts.viewer(), cursor=asked.cursor, limit=asked.limit)
        items = [application_out(uow, row) for row in page.items]
    return ApplicationsOut(items=items, next_cursor=page.next_cursor)


@bp.post("")
@bp.input(ApplicationIn, arg_name="body")
@bp.output(ApplicationDetailOut)
def begin(body: ApplicationIn) -> ApplicationDetailOut:
    """Begin an application for these seals. RealNameNeeded, NotRepresentative, CannotApply."""
    if body.enterprise_id is None:
        row = acts.begin_personal(PersonalSealsIn.model_construct(seals=body.seals))
    else:
        chosen = CompanySealsIn.model_construct(enterprise_id=body.enterprise_id, seals=body.seals)
        row = acts.begin_company(chosen)
    return _shown(row.id)


@bp.post("/fast")
@bp.input(FastIn, arg_name="body")
@bp.output(ApplicationDetailOut)
def begin_fast(body: FastIn) -> ApplicationDetailOut:
    """A5: all that the company does not have yet; hand it in at once. NoCertificate, SealsThere."""
    return _shown(acts.begin_fast(body.enterprise_id)[0].id)


@bp.get("/papers/<slot>/picture")
@bp.doc(responses=PICTURE)
def paper_sample(slot: str) -> Response:
    """How the picture for a slot should look (P-47)."""
    return Response(sample_of(slot_of(slot)), mimetype="image/png")


@bp.get("/<application_id>/authorization")
@bp.doc(responses=PDF)
def letter(application_id: str) -> Response:
    """授权委托书 with what is known filled in, to print and sign (P-47)."""
    return Response(acts.letter(application_id), mimetype="application/pdf")


@bp.get("/<application_id>/form")
@bp.doc(responses=PDF)
def form(application_id: str) -> Response:
    """数字证书申请表 as everybody has certified it, sealed by the platform (B4.1, B5.1)."""
    response = Response(acts.form(application_id), mimetype="application/pdf")
    response.headers["Content-Disposition"] = disposition(f"{TITLE}.pdf", inline=False)
    return response


@bp.get("/<application_id>")
@bp.output(ApplicationDetailOut)
def show(application_id: str) -> ApplicationDetailOut:
    """All of one application, its way, and what its intent is to be begun for."""
    return _shown(application_id)


@bp.post("/<application_id>/people")
@bp.input(PeopleIn, arg_name="body")
@bp.output(ApplicationDetailOut)
def keep_people(application_id: str, body: PeopleIn) -> ApplicationDetailOut:
    """Keep who acts and who represents; for oneself the phone, where none is bound."""
    return _shown(acts.keep_people(application_id, body).id)


@bp.post("/<application_id>/method")
@bp.input(MethodIn, arg_name="body")
@bp.output(ApplicationDetailOut)
def keep_method(application_id: str, body: MethodIn) -> ApplicationDetailOut:
    """Keep how later uses are verified (F-23). UsePasswordsDiffer, UsePasswordTooShort."""
    return _shown(acts.keep_method(application_id, body).id)


@bp.post("/<application_id>/materials/<slot>")
@bp.input(PictureUpload, location="files", arg_name="upload")
@bp.output(PictureOut)
def take_picture(application_id: str, slot: str, upload: PictureUpload) -> PictureOut:
    """Hand in a JPG or PNG of at most 5 MiB (`wx.uploadFile`, field `picture`)."""
    kept = acts.take(application_id, slot, upload.picture)
    return PictureOut(slot=kept.slot, width=kept.width, height=kept.height)


@bp.get("/<application_id>/materials/<slot>/picture")
@bp.doc(responses=JPEG)
def show_picture(application_id: str, slot: str) -> Response:
    """A picture that was handed in, as it is kept."""
    return Response(acts.show(application_id, slot), mimetype="image/jpeg")


@bp.get("/<application_id>/seals/<kind>/picture")
@bp.doc(responses=PICTURE)
def seal_picture(application_id: str, kind: str) -> Response:
    """A seal as this application asks for it, watermarked (P-49)."""
    return Response(acts.seal_picture(application_id, kind), mimetype="image/png")


@bp.post("/<application_id>/submit")
@bp.input(SubmitIn, arg_name="body")
@bp.output(ApplicationDetailOut)
def submit(application_id: str, body: SubmitIn) -> ApplicationDetailOut:
    """Hand it in, by a proof of intent for `intent_parameters`; a repeat changes nothing."""
    this = repeats.once("application_submit", application_id, body.intent)
    if not repeats.is_done(this):
        acts.submit(application_id, body.intent)
        repeats.note(this)
    return _shown(application_id)


@bp.post("/<application_id>/withdraw")
@bp.output(Answer)
def withdraw(application_id: str) -> Answer:
    """撤销申请 before the seals are made; once more changes nothing."""
    acts.withdraw(application_id)
    return Answer()


@bp.post("/<application_id>/texts")
@bp.output(SentOut)
def send_again(application_id: str) -> SentOut:
    """重新发送短信 to whose turn it is to certify; `retry_after` seconds before the next."""
    return SentOut(retry_after=acts.send_again(application_id))


def _shown(application_id: str) -> ApplicationDetailOut:
    with runtime().db.read() as uow:
        return detail_out(uow, acts.seen(uow, application_id))
