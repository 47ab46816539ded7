"""A task's QR sessions: one at a time, each for the browser that holds the page's token."""

from qr_session import Code, PageView, Purpose, QrSessionError, QrSessionService, State
from qr_session.errors import PageTokenRefused, SessionUnknown
from server.core.db import Database
from server.signing import service
from server.signing.models import SigningTask, TaskStatus

# Forgotten by its store, also when that was lost and began empty, or another page's. A store that
# is away is neither: then nobody knows, and the caller is told to come back.
NOT_THERE = (SessionUnknown, PageTokenRefused)


def ensure(db: Database, qr: QrSessionService, task: SigningTask, page_token: str) -> str:
    """The id of a QR session that this page can watch; a new one when there is none open."""
    if task.status_at(db.clock.now()) != TaskStatus.AWAITING_SIGNER:
        return task.qr_session_id
    view = watched(qr, task, page_token)
    if view is not None and view.state in (State.PENDING, State.SCANNED, State.CONFIRMED):
        return view.id
    return start(db, qr, task, page_token)


def start(db: Database, qr: QrSessionService, task: SigningTask, page_token: str) -> str:
    """A fresh QR session; its two minutes begin when the page shows it."""
    created = qr.create(
        purpose=Purpose.SIGN,
        subject=task.id,
        named_signer=task.named_signer,
        page_token=page_token,
    )
    with db.begin() as uow:
        service.task_of_page(uow, task.id, page_token).qr_session_id = created.id
    return created.id


def watched(qr: QrSessionService, task: SigningTask, page_token: str) -> PageView | None:
    """What this page may see of the task's QR session; None when there is none any more.

    Raises Unavailable while the QR store is away.
    """
    if not task.qr_session_id:
        return None
    try:
        return qr.view(task.qr_session_id, page_token)
    except NOT_THERE:
        return None


def wait(
    qr: QrSessionService, task: SigningTask, page_token: str, *, after: int, seconds: float
) -> None:
    """Come back when the QR session is past `after`, or after some seconds, or when it is gone."""
    try:
        qr.wait(task.qr_session_id, page_token, after=after, seconds=seconds)
    except NOT_THERE:
        return


def is_confirmed(qr: QrSessionService, task: SigningTask, page_token: str) -> bool:
    """Whether the phone's confirmation stands; asked before the grant is taken in SQL."""
    view = watched(qr, task, page_token)
    return view is not None and view.state in (State.CONFIRMED, State.CONSUMED)


def consume(qr: QrSessionService, session_id: str, page_token: str) -> None:
    """Close the QR session after its grant was taken; SQL has decided, so a race is no error."""
    try:
        qr.consume(session_id, page_token)
    except QrSessionError:
        return


def cancel(qr: QrSessionService, session_id: str, hint: Code) -> None:
    """End the QR session of a task that was cancelled; one that has ended stays as it is."""
    if not session_id:
        return
    try:
        qr.cancel(session_id, hint=hint)
    except QrSessionError:
        return
