"""消息中心: what a person is told, kept until he has read it and a year longer (P-36)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final, NotRequired, TypedDict, Unpack

from sqlalchemy import Select, delete, func, select, update

from server.accounts import subscriptions, texts
from server.accounts.models import Account
from server.accounts.news import NEWS, News
from server.accounts.notice_models import Notice
from server.core import jobs
from server.core.db import Database, UnitOfWork
from server.core.errors import NotFound
from server.core.ids import new_id
from server.core.jobs import Claim
from server.core.paging import Page, newest_first

__all__ = ["News", "Notice", "NoticeNotFound", "tell"]

CARRY: Final = "notices.carry"
TELL: Final = "notices.tell"
KEPT: Final = timedelta(days=365)


class NoticeNotFound(NotFound):
    """No such notice of this person, or not one that this login may see."""

    code = "notice_not_found"
    message = ("没有找到这条通知。", "There is no such notice.")
    next_step = ("请返回消息中心查看。", "Go back to the messages.")


class About(TypedDict):
    """What news is about. `subject`: the id that its link names; `words`: its gaps, no secret.

    `enterprise_id`: the company that it concerns, whose own login sees it too. `once`: the
    occasion, of which this person hears a single time. `text`: the template of
    `providers/sms/templates.py` that goes to his phone with the same words.
    """

    subject: str
    words: Mapping[str, str]
    enterprise_id: NotRequired[str | None]
    once: NotRequired[str]
    text: NotRequired[str]


def tell(uow: UnitOfWork, account_id: str, news: News, **about: Unpack[About]) -> str:
    """Put news into this person's 消息中心, in the caller's transaction; the notice's id.

    Raises KeyError for a gap of its sentences without a word.
    """
    words = dict(about["words"])
    _require_whole(news, words)
    once = f"{account_id} {about['once']}" if "once" in about else None
    if once is not None:
        uow.queue_up(f"notice {once}")
        known = uow.session.scalar(select(Notice.id).where(Notice.once == once))
        if known is not None:
            return known
    row = Notice(id=new_id("news"), account_id=account_id, news=news, words=words, once=once)
    row.subject, row.enterprise_id = about["subject"], about.get("enterprise_id")
    row.created_at = uow.now
    if "text" in about:
        row.text_id = texts.text_account(uow, account_id, about["text"], words)
    uow.session.add(row)
    uow.session.flush()
    if subscriptions.takes_any(uow, account_id):
        jobs.enqueue(uow, CARRY, notice_id=row.id)
    return row.id


@dataclass(frozen=True)
class Teller:
    """Runs `notices.tell`: news without words for an account that there may not be."""

    db: Database

    def __call__(self, job: Claim) -> None:
        account_id, news = job.payload["account_id"], News(job.payload["news"])
        with self.db.begin() as uow:
            account = uow.session.get(Account, account_id)
            if account is not None and account.closed_at is None:
                about: About = {"subject": account_id, "words": {}, "once": job.id}
                tell(uow, account_id, news, **about)


def told(
    uow: UnitOfWork,
    account_id: str,
    *,
    only: str | None = None,
    cursor: str | None = None,
    limit: int = 20,
) -> Page[Notice]:
    """One page of this person's notices, the newest first. Raises BadCursor.

    `only`: the id of the one company whose news is shown, for its own login or as a filter;
    empty for what concerns no company.
    """
    return newest_first(uow.session, _of(account_id, only), Notice.id, cursor=cursor, limit=limit)


def unread(uow: UnitOfWork, account_id: str, *, only: str | None = None) -> int:
    """How many of `told` he has not read."""
    fresh = _of(account_id, only).where(Notice.read_at.is_(None)).subquery()
    return uow.session.scalar(select(func.count()).select_from(fresh)) or 0


def find(uow: UnitOfWork, account_id: str, notice_id: str, *, only: str | None = None) -> Notice:
    """One notice of this person; raises NoticeNotFound."""
    mine = _of(account_id, only).where(Notice.id == notice_id)
    found: Notice | None = uow.session.scalars(mine).first()
    if found is None:
        raise NoticeNotFound()
    return found


def read(uow: UnitOfWork, account_id: str, notice_id: str, *, only: str | None = None) -> Notice:
    """The person opens it; doing it twice changes nothing. Raises NoticeNotFound."""
    found = find(uow, account_id, notice_id, only=only)
    found.read_at = found.read_at or uow.now
    return found


def read_all(uow: UnitOfWork, account_id: str, *, only: str | None = None) -> None:
    """全部已读: all of `told` until now."""
    mine = _of(account_id, only).where(Notice.read_at.is_(None)).with_only_columns(Notice.id)
    uow.session.execute(update(Notice).where(Notice.id.in_(mine)).values(read_at=uow.now))


def sweep(uow: UnitOfWork) -> None:
    """Forget what was told more than a year ago."""
    uow.session.execute(delete(Notice).where(Notice.created_at < uow.now - KEPT))


def _of(account_id: str, only: str | None) -> Select[Any]:
    mine = select(Notice).where(Notice.account_id == account_id)
    return mine if only is None else mine.where(Notice.enterprise_id == (only or None))


def _require_whole(news: News, words: Mapping[str, str]) -> None:
    sentence = NEWS[news]
    for text in (*sentence.title, *sentence.text):
        text.format_map(words)
