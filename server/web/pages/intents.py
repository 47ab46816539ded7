"""意愿认证 on a phone's pages: what is at hand, a proof begun, and proved (F-29, F-30).

The dialog of `templates/phone/_intent.html` asks these; an acting route takes the intent's id and
spends it (`server/web/intents.py`).
"""

from typing import Any

from apiflask import APIBlueprint
from flask import jsonify, request
from werkzeug import Response

from server.accounts.faces import FacePurpose
from server.intents.actions import IntentMethod
from server.intents.service import IntentAsk
from server.runtime import runtime
from server.web import face_checks
from server.web.identity import current_person
from server.web.intents import BeginIn, MethodsIn, ProveIn, offered, prove
from server.web.pages.phone import own_path

bp = APIBlueprint("intents", __name__, url_prefix="/m/intents", enable_openapi=False)


class BeginHereIn(BeginIn):
    """`back`: the page that a face leads back to, with `intent` and `action` in its query."""

    back: str = ""

    def back_from(self, intent_id: str) -> str:
        """Where the face service leads back to."""
        page = own_path(self.back)
        more = f"intent={intent_id}&action={self.action.value}"
        return face_checks.back_to(f"{page}{'&' if '?' in page else '?'}{more}")


@bp.post("/methods")
@bp.input(MethodsIn, arg_name="body")
def methods(body: MethodsIn) -> dict[str, Any]:
    """The act in words, and by what this person may prove it. Raises NoIntentMethod."""
    return offered(body)


@bp.post("")
@bp.input(BeginHereIn, arg_name="body")
def begin(body: BeginHereIn) -> Response:
    """Begin a proof: by `sms` a code is sent, by `face` the answer says where to go on.

    Raises what `IntentDesk.begin` raises.
    """
    session, address = current_person().session, request.remote_addr or ""
    ask = IntentAsk(session, body.subject, body.method, address, body.consent, body.back_from)
    begun = runtime().intent_desk.begin(ask)
    told = {"intent": begun.intent.id, "method": body.method.value}
    if body.method == IntentMethod.SMS:
        return jsonify(**told, retry_after=begun.retry_after)
    if begun.face is None:
        return jsonify(**told)
    answer = jsonify(**told, next=begun.face.url)
    return face_checks.keep(answer, begun.intent.face_check_id or "", FacePurpose.INTENT)


@bp.post("/<intent_id>/prove")
@bp.input(ProveIn, arg_name="body")
def prove_it(intent_id: str, body: ProveIn) -> dict[str, str]:
    """By the PIN or the code, or by asking what came of the face: `passed`, `pending`, `failed`.

    Raises what the desk's `prove_…` raise.
    """
    return {"outcome": prove(intent_id, body)}
