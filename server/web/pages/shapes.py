"""What the pages that show a QR code are told; the signing page gets PageState for every answer."""

from typing import Any

from qr_session import Frame, PageView
from qr_session.qr_image import modules
from server.documents.models import Document
from server.runtime import runtime
from server.sealing.placement import most_seals
from server.signing import queries, sessions
from server.signing.models import SigningTask
from server.signing.queries import GrantView, TaskView
from server.web.language import is_english
from server.web.partner.documents import spoken_problem


def page_state(task: SigningTask, page_token: str) -> dict[str, Any]:
    """Everything that the page shows, read afresh."""
    qr = sessions.watched(runtime().qr_sessions, task, page_token)
    with runtime().db.read() as uow:
        found = queries.view(uow, task)
        now = uow.now
    return {
        "task": _task(found, now),
        "partner": {
            "name": found.partner.name,
            "domain": found.partner.domain,
            "support_phone": found.partner.support_phone,
        },
        "document": _document(found.document),
        "qr": qr_dict(qr) if qr else None,
        "grant": _grant(found.grant),
        "seals": _seals(found),
        "placements": task.placements,
        "straddles": task.straddles,
        "result": _result(found),
        "public_computer": task.public_computer,
        "now": now.isoformat(),
    }


def qr_dict(view: PageView) -> dict[str, Any]:
    """A QR session's snapshot in the page's language."""
    everything = view.as_dict()
    language = "en" if is_english() else "zh"
    return {
        "status": everything["status"],
        "state": everything["state"],
        "hint": {
            "code": everything["hint_code"],
            "message": everything["message"][language],
            "next_step": everything["next_step"][language],
        },
        "seq": everything["seq"],
        "expires_at": everything["expires_at"],
        "refreshes_left": everything["refreshes_left"],
        "other_phones_left": everything["other_phones_left"],
        "reference_code": everything["reference_code"],
        "user_code": everything["user_code"],
        "phone_name": everything["masked_name"],
        "progress": everything["progress"],
    }


def frames_dict(frames: list[Frame]) -> dict[str, Any]:
    """Frames of the QR with their times, as text and as modules to draw."""
    shown = [
        {
            "text": frame.text,
            "modules": modules(frame.text),
            "shows_at": frame.shows_at.isoformat(),
            "ends_at": frame.ends_at.isoformat(),
        }
        for frame in frames
    ]
    return {"frames": shown, "now": runtime().clock.now().isoformat()}


def _task(found: TaskView, now: Any) -> dict[str, Any]:
    task = found.task
    failure = spoken_problem(task.failure)
    return {
        "id": task.id,
        "status": task.status_at(now),
        "title": task.title,
        "every_page": task.every_page,
        "most_seals": most_seals(len(found.document.pages)),
        "failure": failure.model_dump() if failure else None,
        "return_url": task.return_url,
    }


def _document(document: Document) -> dict[str, Any]:
    place = 1 if is_english() else 0
    return {
        "name": document.name,
        "size": document.size,
        "sha256": document.digest,
        "pages": [_page(number, page) for number, page in enumerate(document.pages, 1)],
        "warnings": [
            {"code": one["code"], "message": one["message"][place]} for one in document.warnings
        ],
    }


def _page(number: int, page: dict[str, Any]) -> dict[str, Any]:
    x0, y0, x1, y1 = page["crop"]
    return {
        "number": number,
        "width": x1 - x0,
        "height": y1 - y0,
        "rotate": page["rotate"],
        "user_unit": page["user_unit"],
    }


def _grant(view: GrantView | None) -> dict[str, Any] | None:
    if view is None:
        return None
    return {
        "ends_at": view.grant.ends_at.isoformat(),
        "idle_until": view.grant.idle_until.isoformat(),
        "acting": view.acting,
        "signer": view.signer,
    }


def _seals(found: TaskView) -> list[dict[str, Any]]:
    if found.grant is None:
        return []
    return [
        {
            "id": seal.id,
            "kind": seal.kind,
            "name": seal.name,
            "width_mm": seal.width_mm,
            "height_mm": seal.height_mm,
            "picture": f"/sign/{found.task.id}/seals/{seal.id}.svg",
        }
        for seal in found.grant.seals
    ]


def _result(found: TaskView) -> dict[str, Any] | None:
    if found.sealed is None or found.task.sealed_at is None:
        return None
    return {
        "name": found.sealed.name,
        "size": found.sealed.size,
        "sha256": found.sealed.digest,
        "seals": found.task.seal_count,
        "sealed_at": found.task.sealed_at.isoformat(),
    }
