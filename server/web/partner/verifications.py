"""Partners have files verified; a report is read by the partner who asked for it alone."""

from apiflask import APIBlueprint
from flask import Response

from server.runtime import runtime
from server.validation import service
from server.validation.service import Verified
from server.web.identity import current_partner
from server.web.pages.verification import pdf_of
from server.web.verification_shapes import VerificationIn, VerificationOut, shown, verified_now

bp = APIBlueprint("partner_verifications", __name__, url_prefix="/partner/v1", tag="Verifications")


@bp.post("/verifications")
@bp.input(VerificationIn, location="files", arg_name="upload")
@bp.output(VerificationOut, status_code=201)
def create_verification(upload: VerificationIn) -> VerificationOut:
    """Verify a PDF, or the data of a seal; the report can be read again for 30 minutes."""
    return VerificationOut.model_validate(shown(verified_now(upload, current_partner().id)))


@bp.get("/verifications/<verification_id>")
@bp.output(VerificationOut)
def show_verification(verification_id: str) -> VerificationOut:
    """The report again."""
    return VerificationOut.model_validate(shown(_found(verification_id)))


@bp.get("/verifications/<verification_id>/report")
@bp.doc(responses={200: "The report as a PDF"})
def show_report(verification_id: str) -> Response:
    """验签报告 as a PDF, signed by the platform."""
    return pdf_of(_found(verification_id))


def _found(verification_id: str) -> Verified:
    with runtime().db.read() as uow:
        return service.find(uow, verification_id, partner_id=current_partner().id)
