"""待办 and 消息: what the tables say that a person has to do or to know (P-36).

There is no table of messages yet: each is found afresh, and goes when its cause is gone.
"""

from datetime import datetime, timedelta
from typing import Any

from server.accounts import security_log
from server.accounts.models import Level
from server.core.db import UnitOfWork
from server.grants.models import Grant
from server.grants.rights import Right
from server.seals.models import SealState
from server.web.identity import Person
from server.web.pages.roles import only_company
from server.web.times import local
from server.web.words import say

WARNINGS = ("account.password_locked", "account.id_number_moved", "login.not_started_by_me")
RECENT = timedelta(days=30)
LATEST = 50
Notice = dict[str, Any]


def todos(uow: UnitOfWork, person: Person, rights: list[Right]) -> list[Notice]:
    """What waits for this person: his real name, first seals, seals that end soon."""
    own = [] if only_company(person) else _of_level(Level(person.account.level))
    first = [
        {"kind": "no_seals", "name": right.enterprise.name, "id": right.enterprise.id}
        for right in rights
        if right.grant is None and not right.seals
    ]
    ending = [
        {"kind": "seal_ends", "name": seal.name, "company": right.enterprise.name}
        | {"id": seal.id, "day": local(seal.valid_until)}
        for right in rights
        for seal in right.seals
        if right.grant is None and seal.state(uow.now) is SealState.EXPIRING
    ]
    return [*own, *first, *ending]


def news(uow: UnitOfWork, person: Person, rights: list[Right]) -> list[Notice]:
    """What he was granted, and what looks like somebody else at his account; the newest first."""
    granted = [_granted(right, right.grant) for right in rights if right.grant]
    warnings = [] if only_company(person) else _warnings(uow, person.account.id)
    return sorted([*granted, *warnings], key=_moment, reverse=True)


def _of_level(level: Level) -> list[Notice]:
    return [] if level == Level.PROVEN else [{"kind": f"level_{level}"}]


def _granted(right: Right, grant: Grant) -> Notice:
    ends = grant.ends_at
    return {
        "kind": "granted",
        "at": local(grant.created_at),
        "company": right.enterprise.name,
        "right": say(right.name),
        "ends": local(ends) if ends else None,
    }


def _warnings(uow: UnitOfWork, account_id: str) -> list[Notice]:
    entries = security_log.entries(uow, account_id, limit=LATEST).items
    return [
        {"kind": "warning", "at": local(one.at), "words": one.words}
        for one in entries
        if one.event in WARNINGS and one.at > uow.now - RECENT
    ]


def _moment(notice: Notice) -> datetime:
    at: datetime = notice["at"]
    return at
