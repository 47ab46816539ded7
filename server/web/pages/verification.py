"""验签 for anybody, on a phone and on a computer: hand in, verify, read the report (F-49, F-50)."""

from apiflask import APIBlueprint
from flask import Response, render_template

from server.runtime import runtime
from server.validation import service
from server.validation.service import Verified
from server.web.attachments import disposition
from server.web.times import local
from server.web.verification_shapes import (
    VerificationIn,
    VerificationOut,
    picture_of,
    shown,
    verified_now,
)

bp = APIBlueprint("verification", __name__, enable_openapi=False)

REPORT_NAME = "验签报告.pdf"
PHONE, DESKTOP = "phone", "desktop"


@bp.get("/verify", defaults={"screen": DESKTOP})
@bp.get("/m/verify", defaults={"screen": PHONE})
def page(screen: str) -> str:
    """上传文件, then 立即验证."""
    return render_template(f"{screen}/verify.html", largest=runtime().settings.largest_pdf_mib)


@bp.post("/verify")
@bp.input(VerificationIn, location="files", arg_name="upload")
def take(upload: VerificationIn) -> tuple[dict[str, str], int]:
    """Verify what was handed in; the file is forgotten with the answer."""
    return {"id": verified_now(upload).row.id}, 201


@bp.get("/verify/<token>", defaults={"screen": DESKTOP})
@bp.get("/m/verify/<token>", defaults={"screen": PHONE})
def report(token: str, screen: str) -> str:
    """验签详情: the outcome, every seal with its eight checks, what came afterwards."""
    found = VerificationOut.model_validate(shown(_found(token)))
    return render_template(f"{screen}/verified.html", report=found, local=local)


@bp.get("/verify/<token>/report.json")
def report_json(token: str) -> Response:
    """The report for a program."""
    found = VerificationOut.model_validate(shown(_found(token)))
    return Response(found.model_dump_json(), mimetype="application/json")


@bp.get("/verify/<token>/report.pdf")
def report_pdf(token: str) -> Response:
    """验签报告, signed by the platform."""
    return pdf_of(_found(token))


@bp.get("/verify/<token>/seals/<int:number>.png")
def seal_picture(token: str, number: int) -> Response:
    """A seal's picture, small and marked (P-49)."""
    return Response(picture_of(_found(token), number), mimetype="image/png")


def pdf_of(verified: Verified) -> Response:
    """The report as a PDF to be saved."""
    content = runtime().report_press.pdf(verified)
    response = Response(content, mimetype="application/pdf")
    response.headers["Content-Disposition"] = disposition(REPORT_NAME, inline=False)
    return response


def _found(token: str) -> Verified:
    with runtime().db.read() as uow:
        return service.find(uow, token)
