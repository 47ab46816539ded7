"""The start page, and the files behind short-lived links."""

from apiflask import APIBlueprint
from flask import Response, render_template, request

from server.documents.errors import DocumentNotFound
from server.documents.models import Document
from server.runtime import runtime
from server.web.attachments import pdf_response
from server.web.links import document_of

bp = APIBlueprint("desktop", __name__, enable_openapi=False)


@bp.get("/")
def index() -> str:
    """Where a newcomer finds the phone pages, the demo and the interface."""
    demo = "" if runtime().settings.is_production else runtime().settings.demo_partner_url
    return render_template("desktop/index.html", demo_partner_url=demo)


@bp.get("/d/<token>")
def download(token: str) -> Response:
    """A file by its link: to save, or with `?view=1` to look at."""
    with runtime().db.read() as uow:
        document = uow.session.get(Document, document_of(token))
    if document is None:
        raise DocumentNotFound()
    inline = request.args.get("view") == "1"
    return pdf_response(runtime().providers.storage, document, inline=inline)
