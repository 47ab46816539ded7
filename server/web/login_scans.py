"""A phone scans the code of a login, on the phone pages or in the mini-program."""

from qr_session import Phone, QrSession
from server.enterprises.errors import NotForCompanyLogin
from server.partner_logins import service
from server.runtime import runtime
from server.web.identity import Person, current_person


def person_himself() -> Person:
    """Who is logged in on this phone as himself; raises NotForCompanyLogin.

    A company's own login acts for that company alone, and must not become its person's login at a
    computer or a partner (Settled 12).
    """
    person = current_person()
    if person.session.enterprise_login_id is not None:
        raise NotForCompanyLogin()
    return person


def scan_login(session_id: str, ticket: str, *, holder: str) -> QrSession:
    """Take the session for this person; see `LoginDesk.scan`."""
    account, parts = current_person().account, runtime()
    names = service.names_at(parts.db, parts.providers.keys, parts.qr_sessions, session_id, account)
    phone = Phone(account.id, account.masked_name)
    return parts.login_desk.scan(session_id, ticket, holder=holder, phone=phone, known_as=names)
