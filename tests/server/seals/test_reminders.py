"""Reminders come 30, 10, 3 and 1 days before the end, each once, to who can renew."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from server.accounts.notice_models import TextMessage
from server.accounts.notices import Notice
from server.seals import lifecycle, renewing
from server.seals.models import Reason
from server.seals.reminders import remind
from server.worker import sweep_hourly
from tests.factories.domain import account_of, seal_of
from tests.factories.product import WEI, Product

HOUR = timedelta(hours=1)


@pytest.fixture
def ends(product: Product) -> datetime:
    """When the one seal ends that ends this year."""
    with product.parts.db.begin() as uow:
        seal = seal_of(uow)
        seal.valid_until = uow.now + timedelta(days=40)
        return seal.valid_until


def move_to(product: Product, at: datetime) -> None:
    product.clock.advance(seconds=(at - product.clock.now()).total_seconds())


def remind_now(product: Product) -> list[str]:
    """An hourly round; the occasions that were told until now."""
    with product.parts.db.begin() as uow:
        remind(uow)
    with product.parts.db.read() as uow:
        rows = select(Notice).where(Notice.news == "seal_ends").order_by(Notice.id)
        return [(one.once or "").rsplit(" ", 1)[1] for one in uow.session.scalars(rows)]


def texts(product: Product) -> int:
    with product.parts.db.read() as uow:
        rows = select(TextMessage).where(TextMessage.template == "seal_ends")
        return len(uow.session.scalars(rows).all())


@pytest.mark.row("P-42", "P-36")
def test_each_reminder_comes_once_at_its_day(product: Product, ends: datetime) -> None:
    told, sent = [], []
    at = ends - timedelta(days=32)
    while at < ends + 2 * HOUR:
        move_to(product, at)
        told, before = remind_now(product), told
        if told != before:
            left = ends - at
            assert left <= timedelta(days=int(told[-1])) < left + 6 * HOUR
            sent.append(texts(product))
        at += 6 * HOUR

    assert told == ["30", "10", "3", "1"]
    # By text message too, in the last three days.
    assert sent == [0, 0, 1, 2]


@pytest.mark.row("P-42")
def test_after_a_standstill_the_nearest_reminder_is_given_alone(
    product: Product, ends: datetime
) -> None:
    move_to(product, ends - timedelta(days=2))

    assert remind_now(product) == ["3"]
    assert remind_now(product) == ["3"]


@pytest.mark.row("P-42", "P-39")
@pytest.mark.parametrize("why", ["cancelled", "struck off", "renewing", "expired"])
def test_nobody_is_reminded_of_what_he_cannot_or_need_not_renew(
    product: Product, ends: datetime, why: str
) -> None:
    move_to(product, ends - timedelta(days=5))
    with product.parts.db.begin() as uow:
        seal, actor = seal_of(uow), account_of(uow, WEI).id
        if why == "cancelled":
            lifecycle.cancel(uow, seal.id, actor=actor)
        elif why == "struck off":
            lifecycle.stop(uow, [seal], Reason.STRUCK_OFF)
        elif why == "renewing":
            renewing.ask_renewal(uow, seal.id, actor=actor)
    if why == "expired":
        move_to(product, ends)

    assert remind_now(product) == []


@pytest.mark.row("P-42")
def test_the_worker_reminds_every_hour_and_the_words_name_owner_seal_and_day(
    product: Product, ends: datetime
) -> None:
    move_to(product, ends - timedelta(days=3))

    sweep_hourly(product.parts)

    with product.parts.db.read() as uow:
        told = uow.session.scalars(select(Notice).where(Notice.news == "seal_ends")).one()
    assert told.words["owner"] == "南宁桂印科技有限公司"
    assert told.words["seal"] == "企业法定名称章"
    assert len(told.words["day"]) == len("2026-12-31")
    with product.parts.db.read() as uow:
        assert told.account_id == account_of(uow, WEI).id
