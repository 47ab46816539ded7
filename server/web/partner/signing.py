"""Partners ask for a signature and fetch what came of it."""

from dataclasses import asdict
from datetime import datetime
from typing import Annotated

from apiflask import APIBlueprint
from flask import Response
from pydantic import BaseModel, StringConstraints

from qr_session import Code
from server.core import idempotency
from server.core.idempotency import Once, body_digest
from server.runtime import runtime
from server.signing import queries, service, sessions
from server.signing.errors import ResultNotReady
from server.signing.models import SigningTask
from server.signing.queries import TaskView
from server.signing.service import NewTask
from server.web.attachments import pdf_response
from server.web.bodies import Body, idempotency_key
from server.web.identity import current_partner
from server.web.partner.documents import Problem, spoken_problem
from server.web.partner.expected_signer import ExpectedSigner, name_of

bp = APIBlueprint("partner_signing", __name__, url_prefix="/partner/v1", tag="Signing")

Title = Annotated[str, StringConstraints(min_length=1, max_length=120)]
Reference = Annotated[str, StringConstraints(max_length=64)]
Url = Annotated[str, StringConstraints(max_length=1000)]


class SigningTaskIn(Body):
    """`user_reference` is the partner's own name of its user; it is never shown.

    Only the phone of `expected_signer` may take the task. Whether that person is registered here
    makes no difference to the answer.
    """

    document_id: Reference
    title: Title
    return_url: Url | None = None
    user_reference: Reference = ""
    expected_signer: ExpectedSigner | None = None


class Result(BaseModel):
    document_id: str
    name: str
    size: int
    sha256: str
    seals: int


class SigningTaskOut(BaseModel):
    """`status`: awaiting_signer, authorized, sealing, sealed, failed, cancelled or expired."""

    id: str
    status: str
    title: str
    failure: Problem | None
    sealed_at: datetime | None
    result: Result | None


class OpenedTaskOut(SigningTaskOut):
    """`open_url` opens the signing page once, until `expires_at`."""

    open_url: str
    expires_at: datetime


@bp.post("/signing-tasks")
@bp.input(SigningTaskIn, arg_name="body")
@bp.output(OpenedTaskOut, status_code=201)
def create_signing_task(body: SigningTaskIn) -> OpenedTaskOut:
    """Ask for a signature on a checked file.

    With the same Idempotency-Key the same task comes back, with a fresh `open_url`.
    """
    partner, new = current_partner(), _new_task(body)
    once = Once(f"signing-tasks:{partner.id}", idempotency_key(), body_digest(asdict(new)))
    with runtime().db.begin() as uow:
        made = idempotency.made_before(uow, once)
        if made is not None:
            task = queries.of_partner(uow, partner.id, made)
        else:
            task = service.create_task(uow, partner, new)
            idempotency.remember(uow, once, task.id)
        open_token = service.new_open_token(uow, task)
        uow.session.flush()
        return opened(queries.view(uow, task), open_token, uow.now)


@bp.get("/signing-tasks/<task_id>")
@bp.output(SigningTaskOut)
def show_signing_task(task_id: str) -> SigningTaskOut:
    """Where a signing task stands."""
    with runtime().db.read() as uow:
        task = queries.of_partner(uow, current_partner().id, task_id)
        return shown(queries.view(uow, task), uow.now)


@bp.post("/signing-tasks/<task_id>/cancel")
@bp.output(SigningTaskOut)
def cancel_signing_task(task_id: str) -> SigningTaskOut:
    """End a task that is not sealed yet; its QR dies at once."""
    partner = current_partner()
    with runtime().db.begin() as uow:
        task = queries.of_partner(uow, partner.id, task_id)
        service.cancel(uow, task, actor=partner.id)
        session_id, qr = task.qr_session_id, runtime().qr_sessions
        uow.after_commit(lambda: sessions.cancel(qr, session_id, Code.CANCELLED_BY_PARTNER))
        return shown(queries.view(uow, task), uow.now)


@bp.get("/signing-tasks/<task_id>/result")
@bp.doc(responses={200: "The sealed PDF"})
def show_result(task_id: str) -> Response:
    """The sealed PDF itself."""
    with runtime().db.read() as uow:
        found = queries.view(uow, queries.of_partner(uow, current_partner().id, task_id))
    if found.sealed is None:
        raise ResultNotReady()
    return pdf_response(runtime().providers.storage, found.sealed, inline=False)


def _new_task(body: SigningTaskIn) -> NewTask:
    """What is asked for; of the expected signer only a keyed digest goes on from here."""
    rest = body.model_dump(exclude={"expected_signer"})
    return NewTask(**rest, named_signer=name_of(body.expected_signer))


def opened(found: TaskView, open_token: str, now: datetime) -> OpenedTaskOut:
    """A task with the address that opens its page, once and soon."""
    task = found.task
    return OpenedTaskOut(
        **shown(found, now).model_dump(),
        open_url=f"{runtime().settings.public_url}/sign/{task.id}#{open_token}",
        expires_at=task.open_until or now,
    )


def shown(found: TaskView, now: datetime) -> SigningTaskOut:
    """A task as its partner sees it."""
    task = found.task
    return SigningTaskOut(
        id=task.id,
        status=task.status_at(now),
        title=task.title,
        failure=spoken_problem(task.failure),
        sealed_at=task.sealed_at,
        result=_result(task, found),
    )


def _result(task: SigningTask, found: TaskView) -> Result | None:
    if found.sealed is None:
        return None
    sealed = found.sealed
    return Result(
        document_id=sealed.id,
        name=sealed.name,
        size=sealed.size,
        sha256=sealed.digest,
        seals=task.seal_count,
    )
