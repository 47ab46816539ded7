"""Where an application stands, who is to act, and the ways out of it (P-45, F-18)."""

from typing import Any

from apiflask import APIBlueprint
from flask import Response, jsonify, redirect, render_template
from werkzeug import Response as AnyResponse

from server.accounts.models import Account
from server.applications import certification
from server.applications.certification_records import WITHDRAWABLE
from server.applications.form import TITLE
from server.applications.lifecycle import ApplicationState
from server.applications.models import Application
from server.core.db import UnitOfWork
from server.runtime import runtime
from server.web import application_acts as acts
from server.web.application_way import (
    STAGE_WORDS,
    Stage,
    Step,
    moves_by_itself,
    standing,
    way,
)
from server.web.attachments import disposition
from server.web.pages.apply_shapes import address, first_open, seals_of
from server.web.words import either

bp = APIBlueprint("apply_progress", __name__, url_prefix="/m/apply", enable_openapi=False)

S = ApplicationState
AGAIN = ("重新申领", "Apply again")
# What the person does next, and where: a page of the application, or another of ours.
NEXT = {
    S.CORRECTION: (("补正材料", "Mend the papers"), "details"),
    S.CERTIFYING: (("立即认证", "Certify now"), "/m/me/certifications"),
    S.DONE: (("查看印章", "See the seals"), "/m/"),
    S.REJECTED: (AGAIN, "/m/apply"),
    S.WITHDRAWN: (AGAIN, "/m/apply"),
    S.EXPIRED: (AGAIN, "/m/apply"),
}


@bp.get("/<application_id>")
def progress(application_id: str) -> AnyResponse | str:
    """Every step with its time and who is to act; a draft goes on where it was left."""
    with runtime().db.read() as uow:
        row = acts.seen(uow, application_id)
        if row.state == ApplicationState.DRAFT:
            return redirect(first_open(row), 303)
        shown = _shown(uow, row)
    return render_template("phone/apply_progress.html", **shown)


@bp.get("/<application_id>/state")
def state(application_id: str) -> Response:
    """What the open page asks for, to follow without being asked."""
    with runtime().db.read() as uow:
        row = acts.seen(uow, application_id)
        return jsonify(state=row.state, step=_mark(way(uow, row)))


@bp.post("/<application_id>/withdraw")
def withdraw(application_id: str) -> Response:
    """撤销申请, at any time before the seals are made."""
    return jsonify(state=acts.withdraw(application_id).state)


@bp.get("/<application_id>/form.pdf")
def form(application_id: str) -> Response:
    """下载申请表: what everybody has certified, sealed by the platform (B4.1, B5.1)."""
    response = Response(acts.form(application_id), mimetype="application/pdf")
    response.headers["Content-Disposition"] = disposition(f"{TITLE}.pdf", inline=False)
    return response


@bp.get("/<application_id>/seals/<kind>.png")
def seal_picture(application_id: str, kind: str) -> Response:
    """A seal as this application asks for it, watermarked (P-49)."""
    return Response(acts.seal_picture(application_id, kind), mimetype="image/png")


@bp.post("/<application_id>/texts")
def send_again(application_id: str) -> Response:
    """重新发送短信: a new link for whose turn it is; the one before is dead."""
    return jsonify(retry_after=acts.send_again(application_id))


def _shown(uow: UnitOfWork, row: Application) -> dict[str, Any]:
    steps, state = way(uow, row), ApplicationState(row.state)
    return {
        "application_id": row.id,
        "state": row.state,
        "step_mark": _mark(steps),
        "moving": moves_by_itself(row),
        "standing": standing(row),
        "reason": row.reason,
        "next": _next(row),
        "way": [_step(one) for one in steps],
        "form": address(row, "form.pdf") if certification.sealed_form(uow, row.id) else "",
        "may_withdraw": state in WITHDRAWABLE,
        "owner": {"name": row.unit_name or uow.session.get_one(Account, row.owner_id).masked_name},
        "seals": seals_of(row),
    }


def _next(row: Application) -> dict[str, str] | None:
    word, page = NEXT.get(ApplicationState(row.state), (None, ""))
    if word is None:
        return None
    return {"word": either(word), "url": page if page.startswith("/") else address(row, page)}


def _step(one: Step) -> dict[str, Any]:
    return {
        "name": one.name,
        "state": one.stage.value,
        "state_word": either(STAGE_WORDS[one.stage]),
        "at": one.at,
        "note": one.note,
        "may_resend": one.role is not None and one.stage == Stage.NOW,
    }


def _mark(steps: list[Step]) -> str:
    """How many steps are done: it changes when one of several people has certified."""
    return str(sum(one.stage == Stage.DONE for one in steps))
