"""Signing one's own files in the mini-program (F-46 to F-48).

`wx.uploadFile` sends one file at a time: the first one begins the signing.
"""

from apiflask import APIBlueprint
from flask import Response
from pydantic import Field

from server.runtime import runtime
from server.web import own_signings as acts
from server.web.bodies import Body
from server.web.miniprogram.answers import PICTURE, Answer
from server.web.own_signing_bodies import OneFile, SubmitIn
from server.web.own_signing_shapes import SigningOut, shown
from server.web.placements import LayoutIn

bp = APIBlueprint("mp_signings", __name__, url_prefix="/mp/v1/signings", tag="Signings")
SEAL_PICTURE = "/mp/v1/seals/{}/picture"


class SigningAnswer(Answer, SigningOut):
    """The whole signing."""


class LinksOut(Answer):
    """`url` to save and `view_url` to look at the sealed file, both for `expires_in` seconds."""

    url: str
    view_url: str
    expires_in: int


class WidthAsked(Body):
    """`width` in pixels; the next larger one of a few is drawn."""

    width: int = Field(default=800, ge=1, le=4000)


@bp.post("")
@bp.input(OneFile, location="files", arg_name="upload")
@bp.output(SigningAnswer)
def begin(upload: OneFile) -> SigningAnswer:
    """Begin with one file, for whom the person acts now. PdfTooLarge, NoRight, NoUsableSeal."""
    return _shown(acts.begin([upload.file]).signing_id)


@bp.get("/<signing_id>")
@bp.output(SigningAnswer)
def show(signing_id: str) -> SigningAnswer:
    """The whole signing, read afresh. Raises OwnSigningNotFound."""
    return _shown(signing_id)


@bp.post("/<signing_id>/documents")
@bp.input(OneFile, location="files", arg_name="upload")
@bp.output(SigningAnswer)
def add_document(signing_id: str, upload: OneFile) -> SigningAnswer:
    """One more file, up to nine. PdfTooLarge, TooManyFiles, OwnSigningOver."""
    acts.add(signing_id, upload.file)
    return _shown(signing_id)


@bp.delete("/<signing_id>/documents/<document_id>")
@bp.output(SigningAnswer)
def remove_document(signing_id: str, document_id: str) -> SigningAnswer:
    """Take a file out. DocumentNotFound, FileBeingSealed."""
    acts.remove(signing_id, document_id)
    return _shown(signing_id)


@bp.get("/<signing_id>/documents/<document_id>/pages/<int:page>")
@bp.input(WidthAsked, location="query", arg_name="asked")
@bp.doc(responses=PICTURE)
def preview(signing_id: str, document_id: str, page: int, asked: WidthAsked) -> Response:
    """A page as it will be sealed. DocumentNotReady while it is looked through."""
    picture = acts.preview(signing_id, document_id, page, asked.width)
    return Response(picture, mimetype="image/png")


@bp.put("/<signing_id>/documents/<document_id>/placements")
@bp.input(LayoutIn, arg_name="body")
@bp.output(SigningAnswer)
def save_placements(signing_id: str, document_id: str, body: LayoutIn) -> SigningAnswer:
    """Keep where the seals of one file lie; nothing at all is 清除所有签章."""
    acts.save(signing_id, document_id, body)
    return _shown(signing_id)


@bp.get("/<signing_id>/documents/<document_id>/sealed")
@bp.output(LinksOut)
def sealed(signing_id: str, document_id: str) -> LinksOut:
    """Links to the sealed file. ResultNotReady before it is sealed."""
    return LinksOut.model_validate(acts.sealed_links(signing_id, document_id))


@bp.post("/<signing_id>/submit")
@bp.input(SubmitIn, arg_name="body")
@bp.output(SigningAnswer)
def submit(signing_id: str, body: SubmitIn) -> SigningAnswer:
    """提交: have every file sealed that is not yet; ask again for how it goes. A repeat changes
    nothing. DigestMismatch, WrongPin, PinLocked, NoCertificate, GrantExhausted."""
    acts.submit(signing_id, body)
    return _shown(signing_id)


@bp.post("/<signing_id>/cancel")
@bp.output(SigningAnswer)
def cancel(signing_id: str) -> SigningAnswer:
    """Give it up before it was submitted; a second time changes nothing. OwnSigningOver."""
    acts.cancel(signing_id)
    return _shown(signing_id)


def _shown(signing_id: str) -> SigningAnswer:
    with runtime().db.read() as uow:
        return SigningAnswer(**shown(uow, acts.seen(uow, signing_id), SEAL_PICTURE))
