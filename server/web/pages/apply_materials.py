"""The pictures of an application: handed in one by one, and shown to who handed them in (F-22)."""

from apiflask import APIBlueprint
from flask import Response, jsonify

from server.applications.samples import sample
from server.web import application_acts as acts
from server.web.application_bodies import PictureUpload
from server.web.application_papers import slot_of
from server.web.attachments import disposition

bp = APIBlueprint("apply_materials", __name__, url_prefix="/m/apply", enable_openapi=False)


@bp.post("/<application_id>/materials/<slot>")
@bp.input(PictureUpload, location="files", arg_name="upload")
def take(application_id: str, slot: str, upload: PictureUpload) -> Response:
    """A JPG or PNG of at most 5 MiB; the server looks at it, and keeps it drawn anew."""
    kept = acts.take(application_id, slot, upload.picture)
    return jsonify(slot=kept.slot, size=kept.size)


@bp.get("/<application_id>/materials/<slot>/picture")
def show(application_id: str, slot: str) -> Response:
    """A picture that was handed in, for those who may see the application."""
    return Response(acts.show(application_id, slot), mimetype="image/jpeg")


@bp.get("/papers/<slot>.png")
def show_sample(slot: str) -> Response:
    """How the picture for a slot should look (P-47)."""
    return Response(sample(slot_of(slot)), mimetype="image/png")


@bp.get("/<application_id>/authorization.pdf")
def letter(application_id: str) -> Response:
    """授权委托书 with what is known filled in, to print and sign (P-47)."""
    response = Response(acts.letter(application_id), mimetype="application/pdf")
    response.headers["Content-Disposition"] = disposition("授权委托书.pdf", inline=False)
    return response
