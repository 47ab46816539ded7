"""意愿认证 in the mini-program: what is at hand, a proof begun, and proved.

Inside WeChat `wx.requestFacialVerify` takes `verify_id`; elsewhere the face is shown at `url`. The
acting request then carries `intent`.
"""

from dataclasses import replace

from apiflask import APIBlueprint
from flask import request

from server.intents.actions import IntentMethod
from server.intents.service import Begun, IntentAsk
from server.providers.face import Outcome
from server.runtime import runtime
from server.web.identity import current_person
from server.web.intents import BeginIn, MethodsIn, ProveIn, offered, prove
from server.web.miniprogram import repeats
from server.web.miniprogram.answers import Answer
from server.web.miniprogram.bound_wechat import openid_of
from server.web.miniprogram.faces import BACK

bp = APIBlueprint("mp_intents", __name__, url_prefix="/mp/v1/intents", tag="Intents")


class MethodsOut(Answer):
    """`action` in words for the person; `phone` is where a code would go, masked."""

    action: str
    methods: list[IntentMethod]
    phone: str


class IntentOut(Answer):
    """`retry_after`: seconds until another code may be asked for; the rest is for a face."""

    intent: str
    method: IntentMethod
    retry_after: int = 0
    verify_id: str = ""
    url: str = ""
    expires_in: int = 0


class ProvedOut(Answer):
    """`pending`: the face was not shown yet, ask again. `failed` is final: begin another."""

    outcome: Outcome


@bp.post("/methods")
@bp.input(MethodsIn, arg_name="body")
@bp.output(MethodsOut)
def methods(body: MethodsIn) -> MethodsOut:
    """By what this person may prove the act. Raises NoIntentMethod."""
    return MethodsOut(**offered(body))


@bp.post("")
@bp.input(BeginIn, arg_name="body")
@bp.output(IntentOut)
def begin(body: BeginIn) -> IntentOut:
    """Begin a proof; a repeat by PIN or code is told of the same one, a face is asked anew.

    Raises IntentMethodRefused, NoIntentMethod, CodeTooSoon, TooManyCodes, SmsUnavailable,
    ConsentNeeded, FaceLocked, FaceNotSupported, FaceUnavailable.
    """
    person, method = current_person(), body.method
    this = repeats.once("intent", person.session.id, body.model_dump(mode="json"))
    if made := repeats.made_before(this):
        return IntentOut(intent=made, method=method)
    ask = IntentAsk(person.session, body.subject, method, request.remote_addr or "", body.consent)
    if method == IntentMethod.FACE:
        ask = replace(ask, back_url=lambda _: BACK, wechat_openid=openid_of(person))
    begun = runtime().intent_desk.begin(ask)
    if method != IntentMethod.FACE:
        repeats.note(this, begun.intent.id)
    return _shown(begun)


@bp.post("/<intent_id>/prove")
@bp.input(ProveIn, arg_name="body")
@bp.output(ProvedOut)
def prove_it(intent_id: str, body: ProveIn) -> ProvedOut:
    """By the PIN or the code, or by asking what came of the face.

    Raises BadPin, WrongPin, PinLocked, WrongCode, CodeExpired, Locked, FaceCheckUnknown,
    FaceUnavailable, IntentRefused, IntentExpired.
    """
    asks_face = body.pin is None and body.code is None
    openid = openid_of(current_person()) if asks_face else ""
    return ProvedOut(outcome=prove(intent_id, body, openid))


def _shown(begun: Begun) -> IntentOut:
    intent, face = begun.intent, begun.face
    method = IntentMethod(intent.method)
    shown = IntentOut(intent=intent.id, method=method, retry_after=begun.retry_after)
    if face is None:
        return shown
    about = {"verify_id": face.verify_id, "url": face.url, "expires_in": face.life_s}
    return shown.model_copy(update=about)
