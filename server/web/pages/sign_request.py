"""What the phone shows before the PIN: who asks, for what, from where, with which seals."""

from typing import Any

from qr_session import QrSession
from server.certificates.unlock import locked_seconds
from server.documents.models import Document
from server.grants.rights import Right, rights_of
from server.runtime import runtime
from server.sealing.placement import most_seals
from server.signing import queries
from server.signing.models import SigningTask
from server.signing.queries import TaskView
from server.web.identity import Person
from server.web.language import is_english
from server.web.pages.roles import is_within
from server.web.words import say

NO_NAMED_SIGNER = (
    "请确认电脑屏幕上的页面是您本人打开的；如果是别人发来的二维码，请选择“不是我发起的”。",
    "Make sure that you opened the page yourself. If somebody sent you this code, refuse.",
)
NO_NAMED_SIGNER_HERE = (
    "签章页面就开在本机。如果是点开别人发来的链接打开的，请选择“不是我发起的”。",
    "The page is open on this device. If you opened it by a link that somebody sent you, refuse.",
)


def sign_request(session: QrSession, person: Person, *, same_device: bool) -> dict[str, Any]:
    """A SignRequest: only registered words of the partner, and facts that we found ourselves.

    `same_device`: this browser has proved that it shows the page; then there is no code to compare.
    """
    with runtime().db.read() as uow:
        task = queries.by_id(uow, session.subject)
        found = queries.view(uow, task)
        mine = rights_of(uow, person.account.id)
        rights = [right for right in mine if is_within(person, right.enterprise.id)]
        locked = locked_seconds(uow, person.account.id)
        minutes = int((uow.now - (task.opened_at or task.created_at)).total_seconds() // 60)
    qr, choices = runtime().qr_sessions, []
    if not same_device:
        choices = qr.reference_choices(session.id, person.account.id)
    return {
        "purpose": session.purpose.value,
        "session_id": session.id,
        "partner": _partner(found),
        "action": say("签章"),
        "documents": [_document(found.document, session.id)],
        "acting": [_acting(right) for right in rights],
        "most_seals": most_seals(len(found.document.pages)),
        "grant_minutes": runtime().settings.grant_minutes,
        "browser": {
            "system": say(task.page_browser),
            "city": say(task.page_address),
            "minutes": minutes,
        },
        "same_device": same_device,
        "reference_choices": choices,
        "warning": _warning(task, same_device=same_device),
        "pin_locked_seconds": locked,
        "expires_at": session.deadline.isoformat(),
    }


def _partner(found: TaskView) -> dict[str, str | None]:
    partner = found.partner
    return {
        "name": partner.name,
        "domain": partner.domain,
        "support_phone": partner.support_phone,
        "logo": None,
    }


def _document(document: Document, session_id: str) -> dict[str, Any]:
    return {
        "name": document.name,
        "pages": len(document.pages),
        "page_count": len(document.pages),
        "size": document.size,
        "sha256_head": _groups(document.digest),
        "sm3_head": _groups(document.sm3),
        "preview": f"/m/qr/{session_id}/preview/1.png",
    }


def _groups(digest: str) -> str:
    """The first 16 digits in groups of four, as a person can compare them."""
    return " ".join(digest[place : place + 4] for place in range(0, 16, 4))


def _acting(right: Right) -> dict[str, Any]:
    return {
        "kind": "enterprise",
        "id": right.enterprise.id,
        "name": right.enterprise.name,
        "right": say(right.name),
        "seals": [{"id": seal.id, "name": seal.name} for seal in right.seals],
    }


def _warning(task: SigningTask, *, same_device: bool) -> dict[str, str] | None:
    if task.named_signer is not None:
        return None
    words = NO_NAMED_SIGNER_HERE if same_device else NO_NAMED_SIGNER
    return {"code": "no_named_signer", "message": words[1 if is_english() else 0]}
