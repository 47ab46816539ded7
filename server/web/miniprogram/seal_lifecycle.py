"""变更, 续期, 停用, 启用 and 注销 in the mini-program: each takes a proved intent (F-27 to F-30).

A request that is sent again with its key is answered as it was, and spends no second intent.
"""

from collections.abc import Callable

from apiflask import APIBlueprint
from flask import Response
from pydantic import BaseModel

from server.core.db import UnitOfWork
from server.core.idempotency import body_digest
from server.runtime import runtime
from server.seals import history
from server.seals.models import SealImpression
from server.seals.queries import impression_of
from server.web import cancellations, seal_acts
from server.web.cancellations import HandedIn, PictureUpload
from server.web.identity import current_person
from server.web.miniprogram import repeats
from server.web.miniprogram.answers import PICTURE, Answer, Moment
from server.web.miniprogram.seals import SealDetailOut, detail_out
from server.web.seal_acts import ActIn, ChangeIn, LookIn
from server.web.seal_looks import preview
from server.web.visible_seals import visible_seal

Act = Callable[[UnitOfWork, str, str], object]

bp = APIBlueprint("mp_seal_lifecycle", __name__, url_prefix="/mp/v1/seals", tag="Seals")


class LookOut(Answer):
    """`look` is the parameter that the intent is begun with; `picture` a data address."""

    look: str
    picture: str


class HandedInOut(Answer):
    """`missing`: slots that are empty; `content`: the parameter that the intent is begun with."""

    missing: list[str]
    content: str


class MaterialOut(Answer):
    slot: str
    size: int


class ImpressionOut(BaseModel):
    version: int
    since: Moment
    picture: str


class ImpressionsOut(Answer):
    items: list[ImpressionOut]


@bp.post("/<seal_id>/suspend")
@bp.input(ActIn, arg_name="body")
@bp.output(SealDetailOut)
def suspend(seal_id: str, body: ActIn) -> SealDetailOut:
    """停用: what is open under the seal ends at once. NotYoursToChange, SealSuspended …"""
    return _act("suspend", seal_id, body, seal_acts.suspend)


@bp.post("/<seal_id>/enable")
@bp.input(ActIn, arg_name="body")
@bp.output(SealDetailOut)
def enable(seal_id: str, body: ActIn) -> SealDetailOut:
    """启用. SuspendedByOwner, SealNotSuspended, and what the registry's news still forbid."""
    return _act("enable", seal_id, body, seal_acts.enable)


@bp.post("/<seal_id>/renew")
@bp.input(ActIn, arg_name="body")
@bp.output(SealDetailOut)
def renew(seal_id: str, body: ActIn) -> SealDetailOut:
    """续期: `under_way` until it is done. TooEarlyToRenew, SealExpired, ChangeUnderWay."""
    return _act("renew", seal_id, body, seal_acts.renew)


@bp.post("/<seal_id>/looks")
@bp.input(LookIn, arg_name="body")
@bp.output(LookOut)
def show_look(seal_id: str, body: LookIn) -> LookOut:
    """What another look would be, watermarked (P-49). ChangeNotOpen, LookNotForSeal …"""
    wish = body.look.wish()
    with runtime().db.read() as uow:
        seen = visible_seal(uow, current_person(), seal_id)
        former = impression_of(uow, seal_id)
    return LookOut(look=body_digest(wish), picture=preview(seen.seal, former, wish))


@bp.post("/<seal_id>/impression")
@bp.input(ChangeIn, arg_name="body")
@bp.output(SealDetailOut)
def change(seal_id: str, body: ChangeIn) -> SealDetailOut:
    """变更印模: `under_way` until it is done. ChangeNotOpen for a company's."""

    def act(uow: UnitOfWork, seal_id: str, intent: str) -> object:
        return seal_acts.change(uow, seal_id, intent, body.look.wish())

    return _act("change", seal_id, body, act)


@bp.post("/<seal_id>/cancel")
@bp.input(ActIn, arg_name="body")
@bp.output(SealDetailOut)
def cancel(seal_id: str, body: ActIn) -> SealDetailOut:
    """注销, for good. MaterialsNeeded before a company has handed in its own."""
    return _act("cancel", seal_id, body, seal_acts.cancel)


@bp.post("/<seal_id>/materials")
@bp.input(HandedIn, arg_name="body")
@bp.output(HandedInOut)
def hand_in(seal_id: str, body: HandedIn) -> HandedInOut:
    """Who acts for a company that cancels a seal. NotYoursToChange, SealCancelled …"""
    return HandedInOut(**cancellations.hand_in(seal_id, body))


@bp.post("/<seal_id>/materials/<slot>")
@bp.input(PictureUpload, location="files", arg_name="upload")
@bp.output(MaterialOut)
def take_material(seal_id: str, slot: str, upload: PictureUpload) -> MaterialOut:
    """A JPG or PNG of at most 5 MiB; again takes the place of the one before."""
    kept = cancellations.take(seal_id, slot, upload.picture)
    return MaterialOut(slot=kept.slot, size=kept.size)


@bp.get("/<seal_id>/impressions")
@bp.output(ImpressionsOut)
def list_impressions(seal_id: str) -> ImpressionsOut:
    """Every look that the seal has had, the newest first."""
    with runtime().db.read() as uow:
        seen = visible_seal(uow, current_person(), seal_id)
        rows = history.versions(uow, seen.seal.id)
    return ImpressionsOut(items=[_impression(row) for row in rows])


@bp.get("/<seal_id>/impressions/<int:number>")
@bp.doc(responses=PICTURE)
def former_picture(seal_id: str, number: int) -> Response:
    """One of them, watermarked (P-49). Raises SealNotFound."""
    with runtime().db.read() as uow:
        seen = visible_seal(uow, current_person(), seal_id)
        row = history.version_of(uow, seen.seal.id, number)
        return Response(row.preview, mimetype="image/png")


def _impression(row: SealImpression) -> ImpressionOut:
    place = f"/mp/v1/seals/{row.seal_id}/impressions"
    return ImpressionOut(
        version=row.version, since=row.created_at, picture=f"{place}/{row.version}"
    )


def _act(name: str, seal_id: str, body: ActIn, act: Act) -> SealDetailOut:
    person, said = current_person(), body.model_dump(mode="json")
    this = repeats.once(f"{name} {seal_id}", person.account.id, said)
    with runtime().db.begin() as uow:
        repeats.do(uow, this, lambda: act(uow, seal_id, body.intent))
        return detail_out(uow, visible_seal(uow, person, seal_id))
