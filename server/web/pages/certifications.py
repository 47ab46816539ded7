"""我的 → 认证记录: applications that are not finished, for who has lost the text message (B6)."""

from typing import Any

from apiflask import APIBlueprint
from flask import jsonify, render_template
from werkzeug import Response

from server.applications import certification_records
from server.applications.certification_records import Record
from server.applications.lifecycle import STATE_WORDS, ApplicationState
from server.applications.models import PartyRole
from server.applications.telling import owner_name
from server.core.db import UnitOfWork
from server.runtime import runtime
from server.web.application_acts import certify_now, viewer
from server.web.pages.certify import role_word
from server.web.seal_samples import kind_name
from server.web.times import local
from server.web.words import say

bp = APIBlueprint(
    "certifications", __name__, url_prefix="/m/me/certifications", enable_openapi=False
)


@bp.get("")
def page() -> str:
    """Each application with whose turn it is, 撤销申请, and 立即认证 where it is his own."""
    with runtime().db.read() as uow:
        rows = [_shown(uow, one) for one in certification_records.of(uow, viewer())]
    return render_template("phone/certifications.html", records=rows)


@bp.post("/<certification_id>/enter")
def enter(certification_id: str) -> Response:
    """立即认证: a new link, without a text; `next` is its page, and the old link is dead."""
    return jsonify(next=certify_now(certification_id))


def _shown(uow: UnitOfWork, record: Record) -> dict[str, Any]:
    row, waiting = record.application, record.waiting
    return {
        "id": row.id,
        "owner": owner_name(uow, row),
        "by_company": row.is_of_company,
        "kinds": [kind_name(kind) for kind in row.kinds],
        "at": local(row.submitted_at or row.created_at),
        "state": say(STATE_WORDS[ApplicationState(row.state)]),
        "certification": waiting.id if waiting else "",
        "role": role_word(PartyRole(waiting.role)) if waiting else "",
        "turn": waiting.turn if waiting else 0,
        "turns": record.turns,
        "is_mine": record.is_mine,
        "is_seen": record.is_seen,
        "may_withdraw": record.may_withdraw,
        "may_resend": record.may_resend,
    }
