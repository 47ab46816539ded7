"""印章详情 on the phone, and what is done there: 变更, 续期, 停用, 启用, 注销 (F-26 to F-30)."""

from typing import Any

from apiflask import APIBlueprint
from flask import Response, jsonify, render_template

from server.core.idempotency import body_digest
from server.runtime import runtime
from server.seals import changing, history
from server.seals.models import SealKind
from server.seals.queries import impression_of
from server.web import cancellations, seal_acts
from server.web.cancellations import HandedIn, PictureUpload
from server.web.identity import current_person
from server.web.pages.seal_cards import card, details
from server.web.seal_acts import ActIn, ChangeIn, LookIn
from server.web.seal_looks import preview
from server.web.visible_seals import visible_seal

bp = APIBlueprint("phone_seals", __name__, url_prefix="/m/seals", enable_openapi=False)


@bp.get("/<seal_id>")
def seal(seal_id: str) -> str:
    """Detail of a seal that the person may see (F-26)."""
    person = current_person()
    with runtime().db.read() as uow:
        shown = details(uow, visible_seal(uow, person, seal_id), person)
    return render_template("phone/seal.html", seal=shown)


@bp.get("/<seal_id>/picture.png")
def picture(seal_id: str) -> Response:
    """The watermarked picture (P-49)."""
    with runtime().db.read() as uow:
        seen = visible_seal(uow, current_person(), seal_id)
        return Response(impression_of(uow, seen.seal.id).preview, mimetype="image/png")


@bp.get("/<seal_id>/impressions/<int:number>.png")
def former_picture(seal_id: str, number: int) -> Response:
    """A former impression, watermarked (P-49). Raises SealNotFound."""
    with runtime().db.read() as uow:
        seen = visible_seal(uow, current_person(), seal_id)
        row = history.version_of(uow, seen.seal.id, number)
        return Response(row.preview, mimetype="image/png")


@bp.post("/<seal_id>/suspend")
@bp.input(ActIn, arg_name="body")
def suspend(seal_id: str, body: ActIn) -> Response:
    """停用: what is open under the seal ends at once (F-29)."""
    with runtime().db.begin() as uow:
        seal_acts.suspend(uow, seal_id, body.intent)
    return _back_to(seal_id)


@bp.post("/<seal_id>/enable")
@bp.input(ActIn, arg_name="body")
def enable(seal_id: str, body: ActIn) -> Response:
    """启用 (F-29)."""
    with runtime().db.begin() as uow:
        seal_acts.enable(uow, seal_id, body.intent)
    return _back_to(seal_id)


@bp.post("/<seal_id>/renew")
@bp.input(ActIn, arg_name="body")
def renew(seal_id: str, body: ActIn) -> Response:
    """续期, within the ten days before the end; the worker carries it out (F-28)."""
    with runtime().db.begin() as uow:
        seal_acts.renew(uow, seal_id, body.intent)
    return _back_to(seal_id)


@bp.get("/<seal_id>/change")
def change_page(seal_id: str) -> str:
    """变更印模 of a person's own seal; raises ChangeNotOpen for a company's (F-27)."""
    with runtime().db.read() as uow:
        seen = visible_seal(uow, current_person(), seal_id)
        changing.require_open(seen.seal)
        fonts = changing.fonts_of(seen.seal, impression_of(uow, seal_id))
        shown: dict[str, Any] = {**card(seen, uow.now), "subject": seen.subject}
    writes = shown["kind"] == SealKind.HANDWRITTEN
    return render_template("phone/seal_change.html", seal=shown, fonts=fonts, writes=writes)


@bp.post("/<seal_id>/looks")
@bp.input(LookIn, arg_name="body")
def show_look(seal_id: str, body: LookIn) -> Response:
    """What another look would be, watermarked; `look` is what the intent is bound to."""
    wish = body.look.wish()
    with runtime().db.read() as uow:
        seen = visible_seal(uow, current_person(), seal_id)
        former = impression_of(uow, seal_id)
    return jsonify(look=body_digest(wish), picture=preview(seen.seal, former, wish))


@bp.post("/<seal_id>/impression")
@bp.input(ChangeIn, arg_name="body")
def change(seal_id: str, body: ChangeIn) -> Response:
    """Take another look on (F-27); the former one is kept."""
    with runtime().db.begin() as uow:
        seal_acts.change(uow, seal_id, body.intent, body.look.wish())
    return _back_to(seal_id)


@bp.get("/<seal_id>/cancel")
def cancel_page(seal_id: str) -> str:
    """注销: what it means, that it cannot be undone, and a company's materials (F-30)."""
    person = current_person()
    with runtime().db.read() as uow:
        seen = visible_seal(uow, person, seal_id)
        seen.require_owner()
        seen.seal.require_not_cancelled()
        papers = cancellations.shown(uow, seen) if seen.right else None
        about = {**card(seen, uow.now), "subject": seen.subject}
    return render_template("phone/seal_cancel.html", seal=about, papers=papers)


@bp.post("/<seal_id>/materials")
@bp.input(HandedIn, arg_name="body")
def hand_in(seal_id: str, body: HandedIn) -> Response:
    """Who acts for the company; what is still missing, and what the intent is bound to."""
    return jsonify(cancellations.hand_in(seal_id, body))


@bp.post("/<seal_id>/materials/<slot>")
@bp.input(PictureUpload, location="files", arg_name="upload")
def take_material(seal_id: str, slot: str, upload: PictureUpload) -> Response:
    """A JPG or PNG of at most 5 MiB; the server looks at it, and keeps it drawn anew."""
    kept = cancellations.take(seal_id, slot, upload.picture)
    return jsonify(slot=kept.slot, size=kept.size)


@bp.get("/<seal_id>/materials/<slot>/picture")
def show_material(seal_id: str, slot: str) -> Response:
    """A picture that was handed in, for who handed it in."""
    return Response(cancellations.show(seal_id, slot), mimetype="image/jpeg")


@bp.post("/<seal_id>/cancel")
@bp.input(ActIn, arg_name="body")
def cancel(seal_id: str, body: ActIn) -> Response:
    """注销; raises MaterialsNeeded before a company has handed in its own (F-30)."""
    with runtime().db.begin() as uow:
        seal_acts.cancel(uow, seal_id, body.intent)
    return _back_to(seal_id)


def _back_to(seal_id: str) -> Response:
    return jsonify(next=f"/m/seals/{seal_id}")
