"""A phone's request is cut off in the background and sent again: the same answer, no second effect.

Of an answer that holds a token only the session's id is kept. A repeat gets a fresh token of the
same session, and the one before it dies: whoever lost the answer never had that one.

What digests are made of is never a secret that people choose (a PIN, a password): such a digest
would be a way round the counted tries. They are judged again, or stand for what was judged.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from server.accounts import queries, sessions
from server.accounts.models import Account, DeviceKind
from server.core import idempotency
from server.core.db import UnitOfWork
from server.core.errors import DomainError
from server.core.idempotency import Once, body_digest
from server.runtime import runtime
from server.web.bodies import idempotency_key
from server.web.identity import Person

# How long a repeat gets a token. A code that was spent must not let in for longer.
TOKEN_AGAIN = timedelta(minutes=10)
DONE = "done"
LetIn = Callable[[], tuple[Account, str]]
Entry = tuple[str, Person]


def once(what: str, whose: str, *said: Any) -> Once:
    """This request as its client numbers it; `said` is what a repeat has to say again."""
    return Once(f"mp:{what}:{whose}", idempotency_key(), body_digest(said))


def coming_in(what: str, whose: str, *said: Any) -> Once:
    """The same for a request that is answered with a token."""
    return replace(once(what, whose, *said), life=TOKEN_AGAIN)


def enter(uow: UnitOfWork, this: Once, let_in: LetIn) -> Entry:
    """The token and who is logged in by it. KeyReused, LoginNeeded, RepeatTooLate, as `let_in`.

    The caller has judged the password, or counted the try of the code that is part of `this`.
    """
    made = idempotency.made_before(uow, this)
    if made is not None:
        return _entry(uow, sessions.renew_token(uow, made))
    _, token = let_in()
    return _remembered(uow, this, token)


def entered_before(this: Once) -> Entry | None:
    """What `enter` gives a repeat, before anybody outside is asked, in a transaction of its own."""
    with runtime().db.begin() as uow:
        made = idempotency.made_before(uow, this)
        return _entry(uow, sessions.renew_token(uow, made)) if made is not None else None


def entered_or(
    this: Once, come_in: Callable[[], Entry], spent: tuple[type[DomainError], ...] = ()
) -> Entry:
    """What `enter` gives a repeat, else what `come_in` gives, which asks somebody outside first.

    Refused for what the very same request, sent a moment earlier, has spent: its answer again. By
    an error among `spent` the other may still be at work, and is waited for.
    """
    found = entered_before(this)
    if found is not None:
        return found
    try:
        return come_in()
    except DomainError as refused:
        if isinstance(refused, spent):
            idempotency.made_meanwhile(runtime().db, this)
        found = entered_before(this)
        if found is None:
            raise
        return found


def remember_entry(this: Once, token: str) -> Entry:
    """For a login that was made in its own transaction: keep the session for a repeat."""
    with runtime().db.begin() as uow:
        return _remembered(uow, this, token)


def do(uow: UnitOfWork, this: Once, act: Callable[[], object]) -> None:
    """`act` in this transaction, unless this very request did it before. Raises KeyReused."""
    if idempotency.made_before(uow, this) is None:
        act()
        idempotency.remember(uow, this, DONE)


def made_before(this: Once) -> str | None:
    """What this very request made before, in a transaction of its own. Raises KeyReused."""
    if this.key is None:
        return None
    with runtime().db.begin() as uow:
        return idempotency.made_before(uow, this)


def is_done(this: Once) -> bool:
    """Whether this very request was answered before. Raises KeyReused."""
    return made_before(this) is not None


def note(this: Once, made: str = DONE) -> None:
    """Remember that it was done. For what is more than one transaction: the acts behind it are
    such that a repeat which comes before this line changes nothing either."""
    if this.key is not None:
        with runtime().db.begin() as uow:
            if idempotency.made_before(uow, this) is None:
                idempotency.remember(uow, this, made)


def _remembered(uow: UnitOfWork, this: Once, token: str) -> Entry:
    entry = _entry(uow, token)
    idempotency.remember(uow, this, entry[1].session.id)
    return entry


def _entry(uow: UnitOfWork, token: str) -> Entry:
    found = queries.session_by_token(uow, token, DeviceKind.MINI_PROGRAM)
    assert found is not None  # noqa: S101 - opened or renewed a moment ago
    return token, Person(found[1], found[0])
