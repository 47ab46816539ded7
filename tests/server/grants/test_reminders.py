"""A grantee hears before his grant ends and when it has ended, each once (P-36)."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from server.accounts.news import News
from server.accounts.notice_models import Notice
from server.grants.models import Grant, GrantStatus
from server.worker import sweep_hourly
from tests.factories.messages import account_of
from tests.factories.product import LI, Product

ABOUT = (News.GRANT_ENDS, News.GRANT_ENDED)


@pytest.fixture
def ends(product: Product) -> datetime:
    """When the demo's grant ends."""
    with product.parts.db.begin() as uow:
        grant = uow.session.scalars(select(Grant)).one()
        grant.ends_at = uow.now + timedelta(days=20)
        return grant.ends_at


def told_at(product: Product, at: datetime) -> list[str]:
    """The kinds of news that the grantee has heard by then, after two rounds of the worker."""
    product.clock.advance(seconds=(at - product.clock.now()).total_seconds())
    for _ in range(2):
        sweep_hourly(product.parts)
    with product.parts.db.read() as uow:
        mine = (Notice.account_id == account_of(product, LI), Notice.news.in_(ABOUT))
        return list(uow.session.scalars(select(Notice.news).where(*mine).order_by(Notice.id)))


@pytest.mark.row("P-36", "F-34")
def test_a_grant_is_told_three_days_before_its_end_and_at_it(
    product: Product, ends: datetime
) -> None:
    second = timedelta(seconds=1)
    assert told_at(product, ends - timedelta(days=3) - second) == []
    assert told_at(product, ends - timedelta(days=3)) == [News.GRANT_ENDS]
    assert told_at(product, ends - second) == [News.GRANT_ENDS]
    assert told_at(product, ends) == [*ABOUT]
    assert told_at(product, ends + timedelta(days=5)) == [*ABOUT]


@pytest.mark.row("P-36")
def test_after_a_standstill_only_what_has_just_ended_is_told(
    product: Product, ends: datetime
) -> None:
    assert told_at(product, ends + timedelta(days=2)) == [News.GRANT_ENDED]


@pytest.mark.row("P-36")
def test_what_ended_long_ago_is_no_news(product: Product, ends: datetime) -> None:
    assert told_at(product, ends + timedelta(days=8)) == []


@pytest.mark.row("P-36")
def test_a_grant_that_was_withdrawn_ends_without_a_word(product: Product, ends: datetime) -> None:
    with product.parts.db.begin() as uow:
        uow.session.scalars(select(Grant)).one().status = GrantStatus.REVOKED

    assert told_at(product, ends) == []
