"""The signing page after the phone's confirmation: seals, placements, 确认签署, the result."""

from typing import Annotated, Any

from apiflask import APIBlueprint
from flask import Response, jsonify
from pydantic import Field

from server.core import idempotency
from server.core.errors import NotFound
from server.core.idempotency import Once
from server.documents.models import Document
from server.runtime import runtime
from server.seals import queries as seals
from server.signing import page_grants, queries, service, sessions
from server.signing.errors import ResultNotReady
from server.signing.sealing import Confirmation, confirm_placements, handover, save_draft
from server.web.attachments import pdf_response
from server.web.bodies import digest_of, idempotency_key
from server.web.identity import page_token
from server.web.links import links_to
from server.web.pages.shapes import page_state
from server.web.placements import LayoutIn

bp = APIBlueprint("sealing", __name__, url_prefix="/sign/<task_id>", enable_openapi=False)


class ConfirmIn(LayoutIn):
    document_sha256: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]


@bp.post("/load")
def load(task_id: str) -> dict[str, Any]:
    """Take what the phone confirmed: ask the QR session, take the row in SQL, close the session."""
    token, qr = str(page_token()), runtime().qr_sessions
    with runtime().db.read() as uow:
        task = service.task_seen_by_page(uow, task_id, token)
    confirmed = sessions.is_confirmed(qr, task, token)
    with runtime().db.begin() as uow:
        task = service.task_of_page(uow, task_id, token)
        page_grants.take_grant(uow, task, confirmed=confirmed)
        session_id = task.qr_session_id
        uow.after_commit(lambda: sessions.consume(qr, session_id, token))
    return page_state(task, token)


@bp.get("/document")
def document(task_id: str) -> Response:
    """The very bytes that will be sealed."""
    with runtime().db.read() as uow:
        task = service.task_seen_by_page(uow, task_id, page_token())
        found = uow.session.get_one(Document, task.document_id)
    return pdf_response(runtime().providers.storage, found, inline=True)


@bp.get("/seals/<seal_id>.svg")
def seal_picture(task_id: str, seal_id: str) -> Response:
    """A seal's picture, only while the page has the right to place it."""
    with runtime().db.read() as uow:
        task = service.task_seen_by_page(uow, task_id, page_token())
        if seal_id not in page_grants.loaded_grant(uow, task).seal_ids:
            raise NotFound()
        svg = seals.impression_of(uow, seal_id).svg
    return Response(svg, mimetype="image/svg+xml")


@bp.put("/placements")
@bp.input(LayoutIn, arg_name="body")
def save_placements(task_id: str, body: LayoutIn) -> dict[str, Any]:
    """Keep the placements, so that a reload loses nothing (Settled 9)."""
    with runtime().db.begin() as uow:
        task = service.task_of_page(uow, task_id, page_token())
        bare = save_draft(uow, task, body.layout())
        return {"saved_at": uow.now.isoformat(), "pages_without_seal": bare}


@bp.post("/confirm")
@bp.input(ConfirmIn, arg_name="body")
def confirm(task_id: str, body: ConfirmIn) -> Response:
    """确认签署: freeze the placements and start sealing; the same call again changes nothing."""
    token = str(page_token())
    halves = handover(runtime().providers.keys, task_id)
    once = Once(f"confirm:{task_id}", idempotency_key(), digest_of(body))
    with runtime().db.begin() as uow:
        task = service.task_of_page(uow, task_id, token)
        if idempotency.made_before(uow, once) is None:
            confirmation = Confirmation(body.layout(), body.document_sha256, token)
            use = confirm_placements(uow, task, confirmation, halves)
            idempotency.remember(uow, once, use.id)
    response = jsonify(page_state(task, token))
    response.status_code = 202
    return response


@bp.get("/download")
def download(task_id: str) -> dict[str, Any]:
    """Links to the sealed file that live for a few minutes (P-28)."""
    with runtime().db.read() as uow:
        found = queries.view(uow, service.task_seen_by_page(uow, task_id, page_token()))
    if found.sealed is None:
        raise ResultNotReady()
    return links_to(found.sealed.id)
