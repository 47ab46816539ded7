"""The pictures of an application: handed in one by one, and shown to who handed them in (F-22)."""

from apiflask import APIBlueprint
from flask import Response, jsonify

from server.web import application_acts as acts
from server.web.application_bodies import PictureUpload

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
