"""Signing one's own files on the phone: the requests behind the pages (F-46 to F-48)."""

from typing import Any

from apiflask import APIBlueprint
from flask import Response, jsonify, request

from server.runtime import runtime
from server.web import own_signings as acts
from server.web.own_signing_bodies import OneFile, SubmitIn
from server.web.own_signing_shapes import SigningOut, shown
from server.web.own_signings import Taken
from server.web.placements import LayoutIn

bp = APIBlueprint("phone_signings", __name__, url_prefix="/m/signings", enable_openapi=False)
PICTURE = "/m/seals/{}/picture.png"


@bp.post("")
def begin() -> tuple[dict[str, Any], int]:
    """Begin with one file or several (multipart `file`), for whom the person acts now."""
    return _state(acts.begin(request.files.getlist("file"))), 201


@bp.post("/<signing_id>/documents")
@bp.input(OneFile, location="files", arg_name="upload")
def add_document(signing_id: str, upload: OneFile) -> tuple[dict[str, Any], int]:
    """One more file; `added` is its document, also when the answer was lost before."""
    added = acts.add(signing_id, upload.file)
    return {**_state(Taken(signing_id)), "added": added}, 201


@bp.delete("/<signing_id>/documents/<document_id>")
def remove_document(signing_id: str, document_id: str) -> dict[str, Any]:
    """Take a file out."""
    acts.remove(signing_id, document_id)
    return _state(Taken(signing_id))


@bp.get("/<signing_id>.json")
def state(signing_id: str) -> dict[str, Any]:
    """The whole signing, read afresh."""
    return _state(Taken(signing_id))


@bp.get("/<signing_id>/documents/<document_id>/pages/<int:page>.png")
def preview(signing_id: str, document_id: str, page: int) -> Response:
    """A page as it will be sealed; `width` in pixels, of which a few are drawn."""
    width = request.args.get("width", 800, int)
    picture = acts.preview(signing_id, document_id, page, width)
    return Response(picture, mimetype="image/png")


@bp.put("/<signing_id>/documents/<document_id>/placements")
@bp.input(LayoutIn, arg_name="body")
def save_placements(signing_id: str, document_id: str, body: LayoutIn) -> dict[str, Any]:
    """Keep where the seals of one file lie; nothing at all is 清除所有签章."""
    acts.save(signing_id, document_id, body)
    return _state(Taken(signing_id))


@bp.get("/<signing_id>/documents/<document_id>/sealed")
def sealed(signing_id: str, document_id: str) -> Response:
    """Links to the sealed file that live for a few minutes."""
    return jsonify(acts.sealed_links(signing_id, document_id))


@bp.post("/<signing_id>/submit")
@bp.input(SubmitIn, arg_name="body")
def submit(signing_id: str, body: SubmitIn) -> tuple[dict[str, Any], int]:
    """提交: proved by PIN, every file is sealed; how it goes is in the state."""
    acts.submit(signing_id, body)
    return _state(Taken(signing_id)), 202


@bp.post("/<signing_id>/cancel")
def cancel(signing_id: str) -> dict[str, Any]:
    """Give it up before it was submitted; a second time changes nothing."""
    acts.cancel(signing_id)
    return _state(Taken(signing_id))


def _state(taken: Taken) -> dict[str, Any]:
    with runtime().db.read() as uow:
        found = acts.seen(uow, taken.signing_id)
        whole = SigningOut(**shown(uow, found, PICTURE, tuple(taken.refused)))
    return whole.model_dump(mode="json")
