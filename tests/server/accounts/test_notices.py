"""消息中心: told once, read once, seen by its person alone; a company sees its own (P-36)."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from sqlalchemy import select

from server.accounts import login, notices
from server.accounts.errors import PasswordLocked, WrongPassword
from server.accounts.models import Account
from server.accounts.news import NEWS, News
from server.accounts.notice_models import Notice
from server.accounts.notices import KEPT, TELL, NoticeNotFound
from server.core.jobs import Job, JobState
from server.core.paging import BadCursor
from tests.factories.people import NEW_PHONE, OTHER_PHONE, People
from tests.fakes.threads import together

COMPANY, OTHER = "ent-1", "ent-2"


@pytest.fixture
def reader(people: People) -> str:
    return people.register()


def tell(people: People, account_id: str, company: str | None = None, **more: str) -> str:
    with people.db.begin() as uow:
        about = {"subject": "s", "words": {}, "enterprise_id": company, **more}
        return notices.tell(uow, account_id, News.PASSWORD_SET, **about)  # type: ignore[arg-type]


def seen(people: People, account_id: str, only: str | None = None) -> Sequence[str]:
    with people.db.read() as uow:
        return [one.id for one in notices.told(uow, account_id, only=only).items]


def unread(people: People, account_id: str, only: str | None = None) -> int:
    with people.db.read() as uow:
        return notices.unread(uow, account_id, only=only)


@pytest.mark.row("P-36")
def test_news_is_listed_newest_first_and_unread_until_it_is_opened(
    people: People, reader: str
) -> None:
    first, second = tell(people, reader), tell(people, reader)
    assert seen(people, reader) == sorted([first, second], reverse=True)
    assert unread(people, reader) == 2

    for _ in range(2):
        with people.db.begin() as uow:
            notices.read(uow, reader, first)

    assert unread(people, reader) == 1


@pytest.mark.row("P-36", "S-18")
def test_nobody_sees_counts_or_reads_anothers_news(people: People, reader: str) -> None:
    mine = tell(people, reader)
    other = people.register(OTHER_PHONE)
    assert (seen(people, other), unread(people, other)) == ([], 0)

    with people.db.begin() as uow, pytest.raises(NoticeNotFound):
        notices.read(uow, other, mine)
    with people.db.begin() as uow:
        notices.read_all(uow, other)

    assert unread(people, reader) == 1


@pytest.mark.row("P-36", "S-18")
def test_one_company_and_oneself_are_told_apart(people: People, reader: str) -> None:
    own, of_one, of_other = (tell(people, reader, one) for one in (None, COMPANY, OTHER))

    assert seen(people, reader, only=COMPANY) == [of_one]
    assert seen(people, reader, only="") == [own]
    with people.db.begin() as uow, pytest.raises(NoticeNotFound):
        notices.read(uow, reader, of_other, only=COMPANY)
    with people.db.begin() as uow:
        notices.read_all(uow, reader, only=COMPANY)
    assert (unread(people, reader), unread(people, reader, only=COMPANY)) == (2, 0)


@pytest.mark.row("P-36", "P-42")
def test_an_occasion_is_told_once_to_each_person(people: People, reader: str) -> None:
    other = people.register(OTHER_PHONE)
    assert tell(people, reader, once="seal-1 30") == tell(people, reader, once="seal-1 30")
    tell(people, reader, once="seal-1 10")
    tell(people, other, once="seal-1 30")

    assert (len(seen(people, reader)), len(seen(people, other))) == (2, 1)


@pytest.mark.row("P-36", "P-42")
def test_an_occasion_noticed_by_two_workers_at_once_is_told_once(
    people: People, reader: str
) -> None:
    together([lambda: tell(people, reader, once="seal-1 30")] * 4)

    assert len(seen(people, reader)) == 1


def test_a_gap_without_a_word_is_told_to_the_caller(people: People, reader: str) -> None:
    with people.db.begin() as uow, pytest.raises(KeyError):
        notices.tell(uow, reader, News.TEXT_UNSENT, subject="s", words={})


def test_pages_follow_each_other_without_a_gap(people: People, reader: str) -> None:
    told = [tell(people, reader) for _ in range(5)]
    with people.db.read() as uow:
        first = notices.told(uow, reader, limit=3)
        second = notices.told(uow, reader, cursor=first.next_cursor, limit=3)
        with pytest.raises(BadCursor):
            notices.told(uow, reader, cursor="x' OR 1=1")

    assert [one.id for one in (*first.items, *second.items)] == sorted(told, reverse=True)
    assert second.next_cursor is None


def test_what_was_told_more_than_a_year_ago_is_forgotten(people: People, reader: str) -> None:
    old = tell(people, reader)
    people.product.clock.advance(seconds=(KEPT + timedelta(days=1)).total_seconds())
    new = tell(people, reader)
    with people.db.begin() as uow:
        notices.sweep(uow)

    assert (old in seen(people, reader), new in seen(people, reader)) == (False, True)


@pytest.mark.parametrize("news", News)
def test_every_kind_of_news_has_its_words_in_both_languages(news: News) -> None:
    sentence = NEWS[news]
    chinese, english = zip(sentence.title, sentence.text, strict=True)
    assert all(any("\u4e00" <= letter <= "\u9fff" for letter in one) for one in chinese)
    assert all(one and one.isascii() for one in english)
    assert sentence.link == "" or sentence.link.startswith("/m/")


@pytest.mark.row("P-38", "P-36")
def test_a_new_password_is_told_here_and_by_text(people: People, reader: str) -> None:
    with people.db.begin() as uow:
        login.set_password(uow, uow.session.get_one(Account, reader), "digest")

    with people.db.read() as uow:
        assert list(uow.session.scalars(select(Notice.news))) == [News.PASSWORD_SET]
    people.product.work()
    [newest, *_] = people.product.sms.messages()
    assert (newest.phone, newest.template) == (NEW_PHONE, "password_set")


def type_wrongly(people: People, phone: str) -> None:
    for _ in range(6):
        with pytest.raises((WrongPassword, PasswordLocked)):
            login.check_password(people.db, people.name(phone), "wrong-2026")


@pytest.mark.row("P-36", "F-04")
def test_a_lock_by_wrong_passwords_is_told_to_its_account_once(people: People, reader: str) -> None:
    type_wrongly(people, NEW_PHONE)
    people.product.work()
    people.product.work()

    with people.db.read() as uow:
        told = notices.told(uow, reader).items
    assert [(one.news, one.account_id) for one in told] == [(News.PASSWORD_LOCKED, reader)]


@pytest.mark.row("S-24")
def test_a_lock_of_a_name_that_nobody_has_leaves_the_same_rows_and_tells_nobody(
    people: People, reader: str
) -> None:
    type_wrongly(people, OTHER_PHONE)
    with people.db.read() as uow:
        asked = uow.session.scalars(select(Job.payload).where(Job.kind == TELL)).all()
    assert [one["news"] for one in asked] == [News.PASSWORD_LOCKED]

    people.product.work()

    assert seen(people, reader) == []
    with people.db.read() as uow:
        states = uow.session.scalars(select(Job.state).where(Job.kind == TELL)).all()
    assert states == [JobState.DONE]
