"""待办 and 通知 as pages and the mini-program show them (P-36)."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import select

from server.accounts import notices
from server.accounts.models import Level
from server.accounts.news import NEWS, News
from server.accounts.notice_models import Notice
from server.accounts.todos import Todo, Todos
from server.applications import certification_todos
from server.applications import telling as applications
from server.core.db import UnitOfWork
from server.core.paging import Page
from server.enterprises.models import Enterprise
from server.grants import todos as grants
from server.grants.rights import Right
from server.runtime import runtime
from server.seals.models import SealState
from server.web.identity import Person, current_person
from server.web.language import is_english
from server.web.pages.roles import only_company, rights_within
from server.web.times import local
from server.web.words import say

SOURCES: Final[tuple[Todos, ...]] = (
    certification_todos.todos,
    applications.todos,
    grants.todos,
)
"""What packages know to be waiting for a person."""

OWN: Final = "own"
NEVER: Final = datetime.max.replace(tzinfo=UTC)
LEVELS: Final = {
    Level.PHONE: (
        "还没有实名：请填写证件并完成人脸核验",
        "No real name yet: name your document and show your face",
    ),
    Level.DECLARED: (
        "实名待核验：请完成人脸核验",
        "Your real name is not verified yet: show your face",
    ),
}
NO_SEALS: Final = (
    "{company} 还没有电子印章，可在首页切换到该企业后申领",
    "{company} has no seals yet: switch to it on the home page and apply",
)
SEAL_ENDS: Final = (
    "{company} 的{seal}将于 {day} 到期",
    "{seal} of {company} ends on {day}",
)


@dataclass(frozen=True)
class ShownTodo:
    kind: str
    text: str
    link: str
    icon: str
    ends_at: datetime | None


@dataclass(frozen=True)
class ShownNotice:
    """`company`: the name of the company that it concerns, or nothing."""

    id: str
    news: News
    title: str
    text: str
    link: str
    at: datetime
    company: str
    unread: bool
    warns: bool
    text_unsent: bool


@dataclass(frozen=True)
class Counts:
    todos: int
    unread: int

    @property
    def all(self) -> int:
        return self.todos + self.unread


def todos(uow: UnitOfWork, person: Person, rights: list[Right]) -> list[ShownTodo]:
    """What waits for this person, what ends first before the rest; of a company's login its own."""
    only = only_company(person)
    found = [*_own(person), *_of_companies(uow, rights)]
    found += [one for source in SOURCES for one in source(uow, person.account.id)]
    mine = [one for one in found if only is None or one.enterprise_id == only]
    return [_shown_todo(one) for one in sorted(mine, key=lambda one: one.ends_at or NEVER)]


def counts(uow: UnitOfWork, person: Person, rights: list[Right] | None = None) -> Counts:
    """For the bell: how much waits, and how much is unread."""
    rights = rights_within(uow, person) if rights is None else rights
    fresh = notices.unread(uow, person.account.id, only=only_company(person))
    return Counts(len(todos(uow, person, rights)), fresh)


def waiting() -> int:
    """For the bottom bar of a page: how much waits or is unread for who is logged in."""
    person = current_person()
    with runtime().db.read() as uow:
        return counts(uow, person).all


def scope(person: Person, asked: str | None) -> str | None:
    """`only` of `notices.told` for a filter: `own`, a company's id, or nothing for all.

    A company's own login sees its company's, whatever it asks for.
    """
    of_login = only_company(person)
    if of_login is not None:
        return of_login
    return "" if asked == OWN else asked or None


def news(
    uow: UnitOfWork, person: Person, asked: str | None, *, cursor: str | None, limit: int = 20
) -> tuple[list[ShownNotice], str | None]:
    """One page of what he was told, and the cursor of the next one. Raises BadCursor."""
    only = scope(person, asked)
    page = notices.told(uow, person.account.id, only=only, cursor=cursor, limit=limit)
    names = _companies(uow, page)
    return [_shown(one, names.get(one.enterprise_id or "", "")) for one in page.items], (
        page.next_cursor
    )


def granted(rights: list[Right]) -> list[dict[str, Any]]:
    """What others let him do now: `company`, `right`, and `ends` or nothing."""
    return [
        {
            "company": right.enterprise.name,
            "right": say(right.name),
            "ends": local(right.grant.ends_at) if right.grant.ends_at else None,
        }
        for right in rights
        if right.grant is not None
    ]


def choices(rights: list[Right]) -> list[tuple[str, str]]:
    """The companies by whose news the list can be filtered: id and name, each once."""
    return list({right.enterprise.id: right.enterprise.name for right in rights}.items())


def link_of(notice: Notice) -> str:
    """The phone page that a notice leads to; empty where there is none."""
    return NEWS[News(notice.news)].link.format(subject=notice.subject)


def _own(person: Person) -> list[Todo]:
    level = Level(person.account.level)
    if level == Level.PROVEN:
        return []
    return [Todo(f"level_{level}", LEVELS[level], "/m/me/real-name", icon="verify")]


def _of_companies(uow: UnitOfWork, rights: list[Right]) -> list[Todo]:
    own = [right for right in rights if right.grant is None]
    first = [
        Todo(
            "no_seals",
            NO_SEALS,
            "/m/",
            {"company": right.enterprise.name},
            right.enterprise.id,
            icon="building",
        )
        for right in own
        if not right.seals
    ]
    return first + [one for right in own for one in _ending(uow, right)]


def _ending(uow: UnitOfWork, right: Right) -> list[Todo]:
    return [
        Todo(
            "seal_ends",
            SEAL_ENDS,
            f"/m/seals/{seal.id}",
            {
                "company": right.enterprise.name,
                "seal": seal.name,
                "day": local(seal.valid_until).strftime("%Y-%m-%d"),
            },
            right.enterprise.id,
            seal.valid_until,
        )
        for seal in right.seals
        if seal.state(uow.now) is SealState.EXPIRING
    ]


def _shown_todo(one: Todo) -> ShownTodo:
    fill = {name: say(word) for name, word in one.fill.items()}
    text = one.words[1 if is_english() else 0].format_map(fill)
    ends_at = local(one.ends_at) if one.ends_at else None
    return ShownTodo(one.kind, text, one.link, one.icon, ends_at)


def _shown(one: Notice, company: str) -> ShownNotice:
    sentence, place = NEWS[News(one.news)], 1 if is_english() else 0
    words = {name: say(word) for name, word in one.words.items()}
    return ShownNotice(
        id=one.id,
        news=News(one.news),
        title=sentence.title[place].format_map(words),
        text=sentence.text[place].format_map(words),
        link=link_of(one),
        at=local(one.created_at),
        company=company,
        unread=one.read_at is None,
        warns=sentence.warns,
        text_unsent=one.text_unsent,
    )


def _companies(uow: UnitOfWork, page: Page[Notice]) -> dict[str, str]:
    named = {one.enterprise_id for one in page.items if one.enterprise_id}
    if not named:
        return {}
    rows = uow.session.execute(
        select(Enterprise.id, Enterprise.name).where(Enterprise.id.in_(named))
    )
    return {row.id: row.name for row in rows}
