"""The signing page: opening it, watching the QR, and leaving."""

from typing import Any, Literal

from apiflask import APIBlueprint
from flask import Response, jsonify, make_response, render_template, request

from qr_session import Code
from server.core.db import UnitOfWork
from server.runtime import runtime
from server.signing import page_grants, queries, service, sessions
from server.signing.models import SigningTask
from server.web.bodies import Body
from server.web.identity import (
    PAGE_COOKIE,
    asking_browser,
    browser_id,
    browser_of,
    page_token,
    set_cookie,
)
from server.web.pages.phone import after_login, keep_here
from server.web.pages.shapes import frames_dict, page_state

bp = APIBlueprint("sign", __name__, url_prefix="/sign/<task_id>", enable_openapi=False)
COOKIE_SECONDS = 24 * 3600


class Open(Body):
    """The open token out of the address's fragment, or nothing to go on by cookie."""

    open_token: str | None = None


class Switch(Body):
    """There is no way back: the page that was public stays so until a new link is opened."""

    on: Literal[True]


class Leave(Body):
    page_token: str | None = None


@bp.get("")
def page(task_id: str) -> str:
    """The page itself holds nothing of the task that its partner's name would not tell."""
    with runtime().db.read() as uow:
        found = queries.view(uow, queries.by_id(uow, task_id))
    phone = "" if runtime().settings.is_production else runtime().settings.public_url
    return render_template(
        "desktop/sign.html", task_id=task_id, partner=found.partner, phone_demo_url=phone
    )


@bp.post("/open")
@bp.input(Open, arg_name="body")
def open_page(task_id: str, body: Open) -> Response:
    """Exchange the open token for the page's cookie, or go on by the cookie there is."""
    browser_id()  # named from here on: the tickets of its sockets are good in this browser alone
    token = page_token()
    with runtime().db.begin() as uow:
        if service.is_page(uow, task_id, token) or not body.open_token:
            task = service.resume_page(uow, task_id, token, body.open_token)
        else:
            _end_session_of(uow, task_id)
            task, token = service.open_page(uow, task_id, body.open_token, asking_browser())
    return _answer(_with_session(task, str(token)), str(token))


@bp.get("/state")
def state(task_id: str) -> dict[str, Any]:
    """The whole state, read afresh."""
    return page_state(_task(task_id), str(page_token()))


@bp.get("/events")
def events(task_id: str) -> dict[str, Any]:
    """Long poll: the state as soon as the QR session's `seq` is past `after`, or after `wait` s."""
    task, token = _task(task_id), str(page_token())
    after, wait = request.args.get("after", 0, int), request.args.get("wait", 25.0, float)
    seconds = max(0.0, min(wait, 25.0))
    sessions.wait(runtime().qr_sessions, task, token, after=after, seconds=seconds)
    return page_state(_task(task_id), token)


@bp.post("/ticket")
def ticket(task_id: str) -> dict[str, str]:
    """A minute's proof for the websocket that the page token is held here, in this browser."""
    task, holder = _task(task_id), browser_of(request.environ, runtime().settings)
    token = str(page_token())
    return {"ticket": runtime().qr_sessions.watch_ticket(task.qr_session_id, token, holder=holder)}


@bp.get("/frames")
def frames(task_id: str) -> dict[str, Any]:
    """The next frames of the QR with their times, as text and as modules to draw."""
    task = _task(task_id)
    found = runtime().qr_sessions.frames(task.qr_session_id, str(page_token()))
    return frames_dict(found)


@bp.post("/refresh")
def refresh(task_id: str) -> dict[str, Any]:
    """刷新二维码: a new generation of the same session."""
    task = _task(task_id)
    runtime().qr_sessions.refresh(task.qr_session_id, str(page_token()))
    return page_state(task, str(page_token()))


@bp.post("/another-phone")
def another_phone(task_id: str) -> dict[str, Any]:
    """Take the session back from the phone that scanned it."""
    task = _task(task_id)
    runtime().qr_sessions.use_another_phone(task.qr_session_id, str(page_token()))
    return page_state(task, str(page_token()))


@bp.post("/this-device")
def this_device(task_id: str) -> Response:
    """在本机签署: the page is on the phone itself, whose browser goes on to the confirm screen."""
    task, token = _task(task_id), str(page_token())
    task.require_cookie()
    qr = runtime().qr_sessions
    here = qr.take_on_this_device(task.qr_session_id, token, holder=browser_id())
    response = jsonify(next=after_login(f"/m/qr/{here.session_id}"))
    keep_here(response, here)
    return response


@bp.post("/cancel")
def cancel(task_id: str) -> dict[str, Any]:
    """End the whole task."""
    with runtime().db.begin() as uow:
        task = service.task_of_page(uow, task_id, page_token())
        service.cancel(uow, task, actor="page")
        session_id, qr = task.qr_session_id, runtime().qr_sessions
        uow.after_commit(lambda: sessions.cancel(qr, session_id, Code.CANCELLED_BY_PAGE))
    return page_state(task, str(page_token()))


@bp.post("/restart")
def restart(task_id: str) -> dict[str, Any]:
    """A fresh QR after a failed or ended authentication; placed seals are kept."""
    token = str(page_token())
    with runtime().db.begin() as uow:
        task = service.task_of_page(uow, task_id, token)
        page_grants.restart(uow, task)
        session_id = task.qr_session_id
    sessions.cancel(runtime().qr_sessions, session_id, Code.CANCELLED_BY_PAGE)
    sessions.start(runtime().db, runtime().qr_sessions, task, token)
    return page_state(_task(task_id), token)


@bp.post("/public-computer")
@bp.input(Switch, arg_name="body")
def public_computer(task_id: str, body: Switch) -> Response:
    """公用电脑: from now on the right to seal lives in the open page alone (Settled 9)."""
    with runtime().db.begin() as uow:
        task = service.task_of_page(uow, task_id, page_token())
        token = service.use_public_computer(uow, task)
        session_id = task.qr_session_id
    sessions.cancel(runtime().qr_sessions, session_id, Code.CANCELLED_BY_PAGE)
    sessions.start(runtime().db, runtime().qr_sessions, task, token)
    response = jsonify(page_token=token)
    response.delete_cookie(PAGE_COOKIE, path=f"/sign/{task_id}")
    return response


@bp.post("/leave")
@bp.input(Leave, arg_name="body")
def leave(task_id: str, body: Leave) -> Response:
    """The page goes: on a public computer the right to seal goes with it."""
    with runtime().db.begin() as uow:
        task = service.task_of_page(uow, task_id, body.page_token or page_token())
        service.leave_page(uow, task)
    return make_response("", 204)


def _task(task_id: str) -> SigningTask:
    with runtime().db.read() as uow:
        return service.task_seen_by_page(uow, task_id, page_token())


def _end_session_of(uow: UnitOfWork, task_id: str) -> None:
    """The code that the browser before this one shows dies once it has lost the task."""
    session_id, qr = queries.by_id(uow, task_id).qr_session_id, runtime().qr_sessions
    uow.after_commit(lambda: sessions.cancel(qr, session_id, Code.CANCELLED_BY_PAGE))


def _with_session(task: SigningTask, token: str) -> SigningTask:
    task.qr_session_id = sessions.ensure(runtime().db, runtime().qr_sessions, task, token)
    return task


def _answer(task: SigningTask, token: str) -> Response:
    response = jsonify(page_state(task, token))
    if not task.public_computer:
        path = f"/sign/{task.id}"
        set_cookie(response, PAGE_COOKIE, token, path=path, max_age=COOKIE_SECONDS)
    return response
