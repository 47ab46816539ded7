"""The start page, the way to the APP, and the files behind short-lived links."""

from apiflask import APIBlueprint
from flask import Response, render_template, request
from markupsafe import Markup

from qr_session import qr_image
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


@bp.get("/app")
def app_guide() -> str:
    """Where the APP comes from and the three ways to the seals in it (F-09), on any screen."""
    settings = runtime().settings
    context = {"qr_picture": _picture(f"{settings.public_url}/app")}
    return render_template("desktop/app.html", download_url=settings.app_download_url, **context)


def _picture(address: str) -> Markup:
    """A code, made of our own address alone; its frame tells a screen reader what it is."""
    drawn = qr_image.svg(address).replace("<svg ", '<svg aria-hidden="true" ')
    return Markup(drawn)  # noqa: S704


@bp.get("/d/<token>")
def download(token: str) -> Response:
    """A file by its link: to save, or with `?view=1` to look at."""
    with runtime().db.read() as uow:
        document = uow.session.get(Document, document_of(token))
    if document is None:
        raise DocumentNotFound()
    inline = request.args.get("view") == "1"
    return pdf_response(runtime().providers.storage, document, inline=inline)
