"""Applications: begun, filled in, submitted, decided, certified, withdrawn (F-19 to F-25).

What needs the world outside is done by `desk.ApplicationDesk` before the transaction begins.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from server.accounts.models import AccountSession
from server.applications import content, owners, parties, queries, telling
from server.applications.content import Wanted
from server.applications.errors import (
    ApplicationMovedOn,
    ContentChanged,
    NotAsRegistered,
    ReasonNeeded,
    SealsThere,
)
from server.applications.lifecycle import ApplicationState, Move
from server.applications.models import KEPT, Application, Way
from server.applications.parties import SealedParty
from server.applications.queries import Viewer
from server.certificates.models import OwnerKind
from server.core import audit, jobs
from server.core.db import UnitOfWork
from server.core.ids import new_id
from server.intents import service as intents
from server.intents.actions import ENTERPRISE, Action, Subject
from server.intents.methods import MethodChoice, method_of
from server.intents.models import VerificationMethod

CERTIFY, ISSUE = "applications.certify", "applications.issue"
DRAFT_LIFE = timedelta(days=30)
# With pauses of ten minutes this is a week: an authority that is away does not end an application.
ISSUE_TRIES = 1000
REGISTRY = "registry"


@dataclass(frozen=True)
class Terms:
    """What the settings say: whether a person reviews, and how long a link to certify lives."""

    review_by_hand: bool
    link_life: timedelta


@dataclass(frozen=True)
class Unit:
    """A company as the applicant writes it."""

    name: str
    code: str


@dataclass(frozen=True)
class Draft:
    """Some of an application's content; what is None stays as it is."""

    wanted: Sequence[Wanted] | None = None
    unit: Unit | None = None
    people: Sequence[SealedParty] = ()
    method: MethodChoice | None = None


@dataclass(frozen=True)
class Checked:
    """An application that was whole and could be drawn; `content` is the digest of what it said."""

    application_id: str
    content: str


@dataclass(frozen=True)
class Decision:
    """Who decides on which application; `content` is the digest of what he was shown of it."""

    application_id: str
    reviewer: str
    content: str


def start(uow: UnitOfWork, *, account_id: str, way: Way, enterprise_id: str = "") -> Application:
    """Begin an application, or go on with the one whose content may still be changed.

    Raises RealNameNeeded (P-37), NotRepresentative, CannotApply, CompanyStruckOff.
    """
    owners.require_proven(uow, account_id)
    is_personal = way == Way.PERSONAL
    kind = OwnerKind.ACCOUNT if is_personal else OwnerKind.ENTERPRISE
    owner_id = account_id if is_personal else enterprise_id
    uow.queue_up(f"applications {owner_id}")
    if not is_personal:
        owners.require_represented(uow, enterprise_id, account_id)
    row = queries.draft_of(uow, kind, owner_id, way)
    if row is not None and row.applicant_id != account_id:
        # A former representative's (P-39): the people and papers in it are his.
        row.move(Move.WITHDRAW, uow.now)
        audit.record(uow, "application.withdrawn", actor=account_id, subject=row.id)
        row = None
    if row is None:
        row = _draft(uow, account_id, (kind, owner_id), way)
    if not is_personal:
        row.unit_name, row.unit_number = owners.unit(uow, enterprise_id)
    return row


def _draft(uow: UnitOfWork, account_id: str, owner: tuple[OwnerKind, str], way: Way) -> Application:
    kind, owner_id = owner
    row = Application(
        id=new_id("app"),
        owner_kind=kind,
        owner_id=owner_id,
        applicant_id=account_id,
        way=way,
        state=ApplicationState.DRAFT,
        steps=[[ApplicationState.DRAFT.value, uow.now.isoformat()]],
        created_at=uow.now,
        changed_at=uow.now,
        expires_at=uow.now + DRAFT_LIFE,
    )
    known_method = method_of(uow, kind, owner_id)
    if known_method != VerificationMethod.PIN:
        row.method, row.method_digest = known_method, KEPT
    uow.session.add(row)
    uow.session.flush()
    return row


def save(uow: UnitOfWork, *, application_id: str, viewer: Viewer, draft: Draft) -> Application:
    """Change some of a draft's content. ApplicationNotFound, ApplicationEnded,
    ApplicationMovedOn, NothingWanted, HandwritingNeeded, ApplicationIncomplete.
    """
    row = queries.find_locked(uow, application_id, viewer)
    row.require_editable()
    if draft.wanted is not None:
        content.require_sound(Way(row.way), draft.wanted)
        row.wanted = [one.as_json() for one in draft.wanted]
    if draft.unit is not None and row.is_of_company:
        row.unit_name, row.unit_number = draft.unit.name.strip(), draft.unit.code.strip().upper()
    if draft.method is not None:
        row.method, row.method_digest = draft.method.method, draft.method.password_digest
    parties.keep(uow, row, draft.people)
    row.changed_at, row.expires_at = uow.now, uow.now + DRAFT_LIFE
    return row


def subject(row: Application, content_digest: str) -> Subject:
    """What the applicant proves that he wants; for the full way of a company by SMS (B4.1)."""
    about = {"application": row.id, "content": content_digest}
    of_company = {ENTERPRISE: row.owner_id} if row.way == Way.FULL else {}
    return Subject(Action.APPLY, {**about, **of_company})


def submit(
    uow: UnitOfWork, terms: Terms, *, checked: Checked, session: AccountSession, intent_id: str
) -> Application:
    """Hand an application in, by an intent that was proved for exactly this content.

    Automatic review is the registry's word, which must agree in either case; the fast way has no
    other, and its seals are made at once (A5). Raises what
    `Application.move` and `intents.spend` do, ContentChanged, NotAsRegistered, NotRepresentative,
    CannotApply, CompanyStruckOff, SealsThere.
    """
    row = queries.find(uow, checked.application_id, Viewer.of(session))
    uow.queue_up(f"applications {row.owner_id}")
    row = uow.locked(Application, row.id)
    is_fast = row.way == Way.FAST
    row.move(Move.SUBMIT_FAST if is_fast else Move.SUBMIT, uow.now)
    if checked.content != content.digest(uow, row):
        raise ContentChanged()
    wish = subject(row, checked.content)
    intents.spend(uow, intent_id=intent_id, session=session, subject=wish)
    require_agreed(uow, row)
    require_free(uow, row)
    row.content_digest, row.submitted_at = checked.content, uow.now
    row.reason, row.corrections, row.expires_at = "", {}, None
    told = {"content": row.content_digest, "kinds": [kind.value for kind in row.kinds]}
    audit.record(uow, "application.submitted", actor=session.account_id, subject=row.id, **told)
    if is_fast:
        _issue(uow, row)
    elif not terms.review_by_hand:
        _approve(uow, terms, row, REGISTRY)
    return row


def require_free(uow: UnitOfWork, row: Application) -> None:
    """Raise SealsThere for kinds of which the owner has a living seal or another application."""
    taken = queries.taken_kinds(uow, row.owner_kind, row.owner_id, besides=row.id)
    again = [kind.value for kind in row.kinds if kind in taken]
    if again:
        raise SealsThere(kinds=again)


def require_agreed(uow: UnitOfWork, row: Application) -> None:
    """Hold what it says against what is registered now.

    Raises NotAsRegistered, NotRepresentative, CannotApply, CompanyStruckOff.
    """
    if row.is_of_company:
        owners.require_represented(uow, row.owner_id, row.applicant_id)
    differs = owners.differences(uow, row)
    if differs:
        raise NotAsRegistered(differs=differs)


def approve(uow: UnitOfWork, terms: Terms, decision: Decision) -> Application:
    """The review is passed; what follows is the certification. Raises what `require_agreed`
    does when the registry's word has changed meanwhile, ApplicationMovedOn when the application
    says something else than what was shown, and what `Application.move` does.
    """
    row = _as_shown(uow, decision)
    require_agreed(uow, row)
    _approve(uow, terms, row, decision.reviewer)
    return row


def ask_correction(
    uow: UnitOfWork, decision: Decision, *, reason: str, parts: Mapping[str, str]
) -> Application:
    """Send it back: `reason` in a sentence, `parts` (a slot, `unit`, `agent` …) why each. It may
    be mended and submitted again. ReasonNeeded, ApplicationMovedOn, and what `Application.move`
    raises.
    """
    row = _as_shown(uow, decision)
    _require_reason(reason, *parts.values())
    row.move(Move.ASK_CORRECTION, uow.now)
    row.reason, row.corrections = reason.strip(), dict(parts)
    row.expires_at = uow.now + DRAFT_LIFE
    told = {"parts": sorted(parts)}
    telling.sent_back(uow, row)
    by = decision.reviewer
    audit.record(uow, "application.correction_asked", actor=by, subject=row.id, **told)
    return row


def reject(uow: UnitOfWork, decision: Decision, *, reason: str) -> Application:
    """Refuse it for good. ReasonNeeded, ApplicationMovedOn, and what `Application.move` raises."""
    row = _as_shown(uow, decision)
    _require_reason(reason)
    row.move(Move.REJECT, uow.now)
    row.reason = reason.strip()
    telling.refused(uow, row)
    audit.record(uow, "application.rejected", actor=decision.reviewer, subject=row.id)
    return row


def refuse(uow: UnitOfWork, row: Application, reason: str) -> None:
    """The registry's word forbids it by now; `row` is locked."""
    row.move(Move.REFUSE, uow.now)
    row.reason = reason
    telling.refused(uow, row)
    audit.record(uow, "application.refused", actor=REGISTRY, subject=row.id)


def certified(uow: UnitOfWork, application: Application) -> None:
    """Everybody has certified: the seals are made by a job. Raises what `Application.move` does.

    For the certification, in its own transaction, after its last step.
    """
    row = uow.locked(Application, application.id)
    row.move(Move.CERTIFIED, uow.now)
    _issue(uow, row)
    audit.record(uow, "application.certified", actor="system", subject=row.id)


def withdraw(uow: UnitOfWork, *, application_id: str, viewer: Viewer) -> Application:
    """撤销申请: at any time before the seals are made; once more changes nothing.

    Raises ApplicationNotFound, ApplicationEnded, TooLateToWithdraw.
    """
    row = queries.find_locked(uow, application_id, viewer)
    if row.state != ApplicationState.WITHDRAWN:
        row.move(Move.WITHDRAW, uow.now)
        audit.record(uow, "application.withdrawn", actor=viewer.account_id, subject=row.id)
    return row


def _as_shown(uow: UnitOfWork, decision: Decision) -> Application:
    row = uow.locked(Application, decision.application_id)
    if row.content_digest != decision.content:
        raise ApplicationMovedOn(state=row.state)
    return row


def _approve(uow: UnitOfWork, terms: Terms, row: Application, reviewer: str) -> None:
    row.move(Move.APPROVE, uow.now)
    row.expires_at = uow.now + terms.link_life
    jobs.enqueue(uow, CERTIFY, application_id=row.id)
    audit.record(uow, "application.approved", actor=reviewer, subject=row.id)


def _issue(uow: UnitOfWork, row: Application) -> None:
    row.expires_at = None
    jobs.enqueue(uow, ISSUE, max_attempts=ISSUE_TRIES, application_id=row.id)


def _require_reason(*reasons: str) -> None:
    if not all(reason.strip() for reason in reasons):
        raise ReasonNeeded()
