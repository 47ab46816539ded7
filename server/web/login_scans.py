"""A phone scans the code of a login, on the phone pages or in the mini-program."""

from qr_session import Phone, QrSession
from server.partner_logins import service
from server.runtime import runtime
from server.web.identity import current_person


def scan_login(session_id: str, ticket: str, *, holder: str) -> QrSession:
    """Take the session for this person; see `LoginDesk.scan`."""
    account, parts = current_person().account, runtime()
    names = service.names_at(parts.db, parts.providers.keys, parts.qr_sessions, session_id, account)
    phone = Phone(account.id, account.masked_name)
    return parts.login_desk.scan(session_id, ticket, holder=holder, phone=phone, known_as=names)
