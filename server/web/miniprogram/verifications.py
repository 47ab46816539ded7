"""验签 in the mini-program, without a login too (F-49, F-50)."""

from apiflask import APIBlueprint
from flask import Response

from server.runtime import runtime
from server.validation import service
from server.validation.service import Verified
from server.web.miniprogram.answers import PDF, PICTURE, Answer
from server.web.pages.verification import pdf_of
from server.web.verification_shapes import (
    VerificationIn,
    VerificationOut,
    picture_of,
    shown,
    verified_now,
)

bp = APIBlueprint("mp_verifications", __name__, url_prefix="/mp/v1", tag="Verification")


class MiniVerificationOut(Answer, VerificationOut):
    """The report, in the form of every answer."""


@bp.post("/verifications")
@bp.input(VerificationIn, location="files", arg_name="upload")
@bp.output(MiniVerificationOut, status_code=201)
def create(upload: VerificationIn) -> MiniVerificationOut:
    """Verify a PDF, or the data of a seal; whoever has the id reads the report for 30 minutes."""
    return MiniVerificationOut.model_validate(shown(verified_now(upload)))


@bp.get("/verifications/<verification_id>")
@bp.output(MiniVerificationOut)
def show(verification_id: str) -> MiniVerificationOut:
    """The report again."""
    return MiniVerificationOut.model_validate(shown(_found(verification_id)))


@bp.get("/verifications/<verification_id>/report")
@bp.doc(responses=PDF)
def report_pdf(verification_id: str) -> Response:
    """验签报告 as a PDF, signed by the platform."""
    return pdf_of(_found(verification_id))


@bp.get("/verifications/<verification_id>/seals/<int:number>/picture")
@bp.doc(responses=PICTURE)
def seal_picture(verification_id: str, number: int) -> Response:
    """A seal's picture, small and marked (P-49)."""
    return Response(picture_of(_found(verification_id), number), mimetype="image/png")


def _found(verification_id: str) -> Verified:
    with runtime().db.read() as uow:
        return service.find(uow, verification_id)
