"""A person's own logins: listed, ended, and how long they last."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from server.accounts import sessions
from server.accounts.errors import LoginNotFound
from server.accounts.models import AccountSession, DeviceKind, Means
from server.accounts.sessions import Device
from tests.factories.people import BROWSER, People
from tests.factories.product import HUANG, WEI


def open_two(people: People) -> tuple[str, list[str]]:
    """韦志远's account, and two sessions of his, the newest first."""
    with people.db.begin() as uow:
        wei = people.name(WEI.phone).of(uow)
        assert wei
        for _ in range(2):
            sessions.open_session(uow, wei, BROWSER, Means.SMS)
            uow.session.flush()
        return wei.id, [row.id for row in sessions.open_sessions(uow, wei.id)]


def still_open(people: People, account_id: str) -> list[str]:
    with people.db.read() as uow:
        return [row.id for row in sessions.open_sessions(uow, account_id)]


@pytest.mark.row("F-06")
def test_a_session_ends_after_its_life(people: People) -> None:
    wei, both = open_two(people)
    people.product.clock.advance(hours=12, seconds=-1)
    assert still_open(people, wei) == both

    people.product.clock.advance(seconds=1)
    assert still_open(people, wei) == []


@pytest.mark.row("F-06")
def test_a_person_ends_his_own_sessions_and_nobody_elses(people: People) -> None:
    wei, (newer, older) = open_two(people)
    huang = people.found(HUANG.phone)
    assert huang
    with people.db.begin() as uow, pytest.raises(LoginNotFound):
        sessions.end_session(uow, older, account_id=huang.id)
    with people.db.begin() as uow:
        sessions.end_session(uow, older, account_id=wei)
    with people.db.begin() as uow, pytest.raises(LoginNotFound):
        sessions.end_session(uow, older, account_id=wei)

    assert still_open(people, wei) == [newer]


def test_logging_out_twice_changes_nothing(people: People) -> None:
    wei, (newer, older) = open_two(people)
    for _ in range(2):
        with people.db.begin() as uow:
            sessions.log_out(uow, newer)
        people.product.clock.advance(minutes=1)

    assert still_open(people, wei) == [older]
    with people.db.read() as uow:
        ended = uow.session.get_one(AccountSession, newer).ended_at
    assert ended == people.product.clock.now() - timedelta(minutes=2)


def test_the_words_of_a_device_are_cut_to_their_columns(people: People) -> None:
    device = Device(DeviceKind.PHONE, "x" * 9999, "y" * 999, timedelta(hours=1))
    with people.db.begin() as uow:
        wei = people.name(WEI.phone).of(uow)
        assert wei
        sessions.open_session(uow, wei, device, Means.SMS)

    with people.db.read() as uow:
        row = uow.session.scalars(select(AccountSession)).one()
    assert (len(row.user_agent), len(row.address)) == (256, 64)


@pytest.mark.row("F-06")
def test_a_companys_session_ends_with_its_login(people: People) -> None:
    with people.db.begin() as uow:
        wei = people.name(WEI.phone).of(uow)
        assert wei
        company = sessions.Company("elog-1", "ent-1")
        sessions.open_session(uow, wei, BROWSER, Means.PASSWORD, company)
        sessions.open_session(uow, wei, BROWSER, Means.SMS)
        uow.session.flush()
        sessions.end_all_of_login(uow, "elog-1")

    with people.db.read() as uow:
        (left,) = sessions.open_sessions(uow, wei.id)
        assert (left.enterprise_login_id, left.acting_enterprise_id) == (None, None)
