"""协议已更新 on a computer: what has changed, and both answers (P-41)."""

from apiflask import APIBlueprint
from flask import jsonify, redirect, render_template, request
from werkzeug import Response

from server.accounts import consents
from server.runtime import runtime
from server.web import admission
from server.web.agreement_texts import shown
from server.web.identity import current_person
from server.web.pages.phone import own_path
from server.web.pages.phone_agreements import AcceptIn

bp = APIBlueprint("desktop_agreements", __name__, url_prefix="/account", enable_openapi=False)


@bp.get("/agreements")
def changed() -> Response | str:
    """The texts that are still to be accepted; whoever has accepted them goes on at once."""
    with runtime().db.read() as uow:
        missing = admission.missing_agreements(uow, current_person())
    if not missing:
        return redirect(_goal(), 303)
    texts = [shown(kind) for kind in missing]
    return render_template("desktop/agreements.html", texts=texts, next=_goal())


@bp.post("/agreements")
@bp.input(AcceptIn, arg_name="body")
def accept(body: AcceptIn) -> Response:
    """Write down the person's word on what he was shown. AgreementsChanged for an old version,
    FaceGate before the person behind a company's login was seen."""
    person = current_person()
    admission.require_seen(person)
    with runtime().db.begin() as uow:
        consents.accept(uow, person.account.id, body.versions)
    return jsonify(next=_goal())


def _goal() -> str:
    return own_path(request.args.get("next"), within="/", home="/account")
