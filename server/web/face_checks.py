"""Face checks at a phone's browser: begun, settled after the return, used up by what they open.

How a page asks for a face. Its button sends `consent: true` to a route of its own, which answers
with `begin(...)` (somebody is logged in) or `begin_for(...)` (a name was typed): JSON
`{"next": address}`, where the page goes. The person shows his face there and comes back to
`/m/face`, which settles the check and goes on to `then`, a path of our own pages.

- ENTER_COMPANY opens the session for its company, LOGIN opens a session, REAL_NAME proves the
  account's name and document: they are done when the person arrives at `then`.
- INTENT proves the intent that began it (`server/web/pages/intents.py`).
- For every other purpose the form at `then` is sent to a route that uses the check up in its
  transaction: `shown(purpose)` names it for `faces.spend`, `login.reset_by_face` or
  `fresh_proofs.FaceShown(shown(...).check_id)`.
"""

from dataclasses import dataclass, replace
from urllib.parse import quote

from flask import jsonify, request
from werkzeug import Response

from server.accounts.errors import FaceCheckUnknown, LoginNeeded
from server.accounts.faces import FaceAsk, FacePurpose
from server.accounts.names import LoginName
from server.providers.face import Outcome
from server.runtime import runtime
from server.web.identity import Person, browser_id, current_person, person_on_phone, set_cookie

COOKIE, PATH = "gy_face", "/m"
SECONDS = 1800


@dataclass(frozen=True)
class Check:
    """A face check of this browser; `holder` is the session that began it, or the browser."""

    check_id: str
    purpose: FacePurpose
    by_session: bool

    @property
    def holder(self) -> str:
        """Raises LoginNeeded where the session that began it has ended."""
        if not self.by_session:
            return browser_id()
        person = person_on_phone()
        if person is None:
            raise LoginNeeded()
        return person.session.id

    @property
    def text(self) -> str:
        """As the cookie keeps it; it opens nothing without the holder."""
        return f"{self.check_id}.{self.purpose}.{'session' if self.by_session else 'browser'}"


def begin(purpose: FacePurpose, *, consent: bool, then: str) -> Response:
    """Begin a check of the person who is logged in. Raises what `FaceDesk.start` raises."""
    ask = asked_by(current_person(), purpose, consent=consent, back_url=back_to(then))
    return _begin(ask, by_session=True)


def asked_by(person: Person, purpose: FacePurpose, *, consent: bool, back_url: str) -> FaceAsk:
    """A check of the person who is logged in; behind a company's login he may be another."""
    by_himself = not person.session.is_unseen
    account_id, holder = person.account.id, person.session.id
    return FaceAsk(account_id, purpose, holder, consent, back_url, by_himself=by_himself)


def keep(response: Response, check_id: str, purpose: FacePurpose) -> Response:
    """Have this browser know a check that somebody else began for the person logged in."""
    text = Check(check_id, purpose, by_session=True).text
    set_cookie(response, COOKIE, text, path=PATH, max_age=SECONDS)
    return response


def back_to(then: str) -> str:
    """Where the face service leads back to, for `then` of our own pages."""
    return f"{runtime().settings.public_url}/m/face?next={quote(then, safe='')}"


@dataclass(frozen=True)
class Typed:
    """A name that was typed at `read_login_name`, with the document type that was chosen."""

    name: LoginName
    document_type: str = ""


def begin_for(typed: Typed, purpose: FacePurpose, *, consent: bool, then: str) -> Response:
    """Begin a check for a name that was typed. The answer is the same where nobody has it, or has
    not proved it; such a check never passes (S-24). Raises ConsentNeeded, FaceLocked,
    FaceNotSupported, FaceUnavailable.
    """
    with runtime().db.read() as uow:
        account = typed.name.of(uow)
    proven = account.id if account is not None and account.proven else None
    ask = FaceAsk(proven, purpose, browser_id(), consent, back_to(then))
    ask = replace(ask, name_index=typed.name.index, document_type=typed.document_type)
    return _begin(ask, by_session=False)


def begun() -> Check | None:
    """The check that this browser has begun last, if there is one."""
    parts = request.cookies.get(COOKIE, "").split(".")
    if len(parts) != 3 or parts[1] not in set(FacePurpose):
        return None
    return Check(parts[0], FacePurpose(parts[1]), by_session=parts[2] == "session")


def current() -> Check:
    """The same. Raises FaceCheckUnknown where there is none."""
    check = begun()
    if check is None:
        raise FaceCheckUnknown()
    return check


def shown(purpose: FacePurpose) -> Check:
    """The check, for a route that uses it up; that the face passed is found out by using it.

    Raises FaceCheckUnknown, also for a check of another purpose.
    """
    check = current()
    if check.purpose != purpose:
        raise FaceCheckUnknown()
    return check


def settle(check: Check) -> Outcome:
    """Ask the service what came of it. Raises FaceCheckUnknown, FaceUnavailable, LoginNeeded."""
    return runtime().face_desk.settle(check.check_id, check.holder)


def forget(response: Response) -> Response:
    """Drop the cookie of a check that has been used up."""
    response.delete_cookie(COOKIE, path=PATH)
    return response


def _begin(ask: FaceAsk, *, by_session: bool) -> Response:
    check, started = runtime().face_desk.start(ask)
    response = jsonify(next=started.url, life_s=started.life_s)
    kept = Check(check.id, ask.purpose, by_session)
    set_cookie(response, COOKIE, kept.text, path=PATH, max_age=SECONDS)
    return response
