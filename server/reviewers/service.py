"""Making reviewers, letting them in and out; every step is on record."""

import hmac
import secrets
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from sqlalchemy import delete, select

from server.accounts import passwords
from server.core import audit
from server.core.db import Database, UnitOfWork
from server.core.ids import fingerprint, new_id, new_secret
from server.core.limits import Locked, LockPolicy, forgive_within, take_attempt
from server.reviewers.errors import (
    ReviewerLocked,
    ReviewerLoginNeeded,
    SamePassword,
    WrongReviewerPassword,
)
from server.reviewers.models import LONGEST, Reviewer, ReviewerSession

TRIES: Final = LockPolicy(tries=5, locks=(timedelta(minutes=15), timedelta(hours=24)))
ONE_TIME_LIFE: Final = timedelta(days=7)
# A login is touched at most so often: not every picture of an application writes a row.
TOUCH_AFTER: Final = timedelta(minutes=1)
OPERATOR: Final = "operator"


def one_time_password() -> str:
    """24 letters and digits to be typed once."""
    return secrets.token_hex(12)


def create(uow: UnitOfWork, *, login: str, name: str, digest: str) -> Reviewer:
    """A reviewer with a one-time password (its digest), good for seven days.

    One who is there gets a new one: his logins end, a lock is opened, and he is enabled again.
    """
    known = _by_login(uow, login)
    reviewer = known or Reviewer(id=new_id("rev"), login=login, created_at=uow.now)
    reviewer.name, reviewer.password_digest = name, digest
    reviewer.one_time_until, reviewer.disabled_at = uow.now + ONE_TIME_LIFE, None
    uow.session.add(reviewer)
    uow.session.flush()
    _end_all(uow, reviewer.id)
    forgive_within(uow, tries_key(login))
    audit.record(uow, "reviewer.password_issued", actor=OPERATOR, subject=reviewer.id)
    return reviewer


def disable(uow: UnitOfWork, login: str) -> bool:
    """Let a reviewer in no more; his logins end. Whether there is such a one."""
    reviewer = _by_login(uow, login)
    if reviewer is None:
        return False
    reviewer.disabled_at = uow.now
    _end_all(uow, reviewer.id)
    audit.record(uow, "reviewer.disabled", actor=OPERATOR, subject=reviewer.id)
    return True


@dataclass(frozen=True)
class PasswordGiven:
    """A reviewer's right password; `kept` is the digest that it was held against."""

    reviewer_id: str
    kept: str = field(repr=False)


def check_password(db: Database, login: str, password: str) -> PasswordGiven:
    """Whose password it is. The try is counted first, and costs the same for a name nobody has.

    Raises ReviewerLocked, WrongReviewerPassword.
    """
    try:
        take_attempt(db, tries_key(login), TRIES)
    except Locked as locked:
        raise ReviewerLocked(**locked.details) from None
    with db.read() as uow:
        reviewer = _by_login(uow, login)
        welcome = reviewer is not None and reviewer.may_come_in(uow.now)
    right = passwords.matches(password, reviewer.password_digest if reviewer else "")
    if reviewer is None or not welcome or not right:
        raise WrongReviewerPassword()
    return PasswordGiven(reviewer.id, reviewer.password_digest)


def log_in(uow: UnitOfWork, given: PasswordGiven) -> str:
    """A session under a fresh token, shown once; his tries start again.

    Raises WrongReviewerPassword for one who was disabled, or given another password, meanwhile.
    """
    reviewer = uow.locked(Reviewer, given.reviewer_id)
    if not reviewer.may_come_in(uow.now) or not hmac.compare_digest(
        reviewer.password_digest, given.kept
    ):
        raise WrongReviewerPassword()
    forgive_within(uow, tries_key(reviewer.login))
    token = new_secret()
    uow.session.add(
        ReviewerSession(
            id=new_id("rses"),
            reviewer_id=reviewer.id,
            token_digest=fingerprint(token),
            created_at=uow.now,
            seen_at=uow.now,
        )
    )
    audit.record(uow, "reviewer.logged_in", actor=reviewer.id, subject=reviewer.id)
    return token


def by_token(uow: UnitOfWork, token: str) -> tuple[Reviewer, ReviewerSession]:
    """Who holds this token. Raises ReviewerLoginNeeded."""
    wanted = (
        select(Reviewer, ReviewerSession)
        .join(ReviewerSession, ReviewerSession.reviewer_id == Reviewer.id)
        .where(ReviewerSession.token_digest == fingerprint(token))
    )
    found = uow.session.execute(wanted).first()
    if found is None or not found[1].is_open(uow.now) or found[0].disabled_at is not None:
        raise ReviewerLoginNeeded()
    return found[0], found[1]


def touch(db: Database, session: ReviewerSession) -> None:
    """Count the thirty minutes anew, at most once a minute."""
    with db.read() as uow:
        if uow.now < session.seen_at + TOUCH_AFTER:
            return
    with db.begin() as uow:
        row = uow.locked(ReviewerSession, session.id)
        if row.is_open(uow.now):
            row.seen_at = uow.now


def log_out(uow: UnitOfWork, session_id: str) -> None:
    """End one login; once more changes nothing."""
    row = uow.locked(ReviewerSession, session_id)
    if row.ended_at is None:
        row.ended_at = uow.now
        audit.record(uow, "reviewer.logged_out", actor=row.reviewer_id, subject=row.reviewer_id)


def prepare_password(reviewer: Reviewer, password: str) -> str:
    """The digest of a password of his own; Argon2, so outside any transaction.

    Raises WeakPassword, SamePassword.
    """
    passwords.check_strength(password, reviewer.login)
    if passwords.matches(password, reviewer.password_digest):
        raise SamePassword()
    return passwords.digest(password)


def set_password(uow: UnitOfWork, session: ReviewerSession, digest: str) -> None:
    """A password of his own; his other logins end. Raises ReviewerLoginNeeded."""
    reviewer = uow.locked(Reviewer, session.reviewer_id)
    now = uow.locked(ReviewerSession, session.id)
    if not now.is_open(uow.now) or reviewer.disabled_at is not None:
        raise ReviewerLoginNeeded()
    reviewer.password_digest, reviewer.one_time_until = digest, None
    _end_all(uow, reviewer.id, keep=session.id)
    audit.record(uow, "reviewer.password_set", actor=reviewer.id, subject=reviewer.id)


def sweep(uow: UnitOfWork) -> None:
    """Forget logins that are long over; the audit trail keeps them."""
    over = ReviewerSession.created_at <= uow.now - 2 * LONGEST
    uow.session.execute(delete(ReviewerSession).where(over))


def tries_key(login: str) -> str:
    """Under which wrong passwords for a name are counted."""
    return f"reviewer:{fingerprint(login)}"


def _by_login(uow: UnitOfWork, login: str) -> Reviewer | None:
    return uow.session.scalars(select(Reviewer).where(Reviewer.login == login)).first()


def _end_all(uow: UnitOfWork, reviewer_id: str, keep: str = "") -> None:
    mine = (ReviewerSession.reviewer_id == reviewer_id, ReviewerSession.ended_at.is_(None))
    for row in uow.session.scalars(select(ReviewerSession).where(*mine)):
        if row.id != keep:
            row.ended_at = uow.now
