"""消息中心 on PostgreSQL: transactions that really run at once tell an occasion a single time."""

from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as StillWaits

import pytest
from sqlalchemy import select

from server.accounts import notices
from server.accounts.news import News
from server.accounts.notice_models import Notice
from server.accounts.notices import About
from server.worker import sweep_hourly
from tests.factories.messages import account_of, tell
from tests.factories.product import LI, WEI, Product


@pytest.mark.row("P-36", "P-42")
def test_who_notices_an_occasion_a_second_time_waits_and_tells_nothing(product: Product) -> None:
    account_id = account_of(product, WEI)
    about: About = {"subject": "s", "words": {}, "once": "of-a-test"}

    def notice() -> str:
        with product.parts.db.begin() as uow:
            return notices.tell(uow, account_id, News.PHONE_CHANGED, **about)

    with ThreadPoolExecutor(1) as thread:
        with product.parts.db.begin() as uow:
            first = notices.tell(uow, account_id, News.PHONE_CHANGED, **about)
            second = thread.submit(notice)
            with pytest.raises(StillWaits):
                second.result(0.3)
        assert second.result(10) == first

    with product.parts.db.read() as uow:
        assert len(uow.session.scalars(select(Notice.id)).all()) == 1


@pytest.mark.row("P-36")
def test_reading_counting_and_forgetting_work_there_too(product: Product) -> None:
    wei = account_of(product, WEI)
    first = tell(product, WEI)
    tell(product, WEI, company="ent-1")
    tell(product, LI)

    with product.parts.db.begin() as uow:
        assert notices.unread(uow, wei) == 2
        notices.read(uow, wei, first)
        notices.read_all(uow, wei, only="ent-1")
    with product.parts.db.read() as uow:
        assert notices.unread(uow, wei) == 0
        assert notices.unread(uow, account_of(product, LI)) == 1
    product.clock.advance(days=400)
    sweep_hourly(product.parts)
    with product.parts.db.read() as uow:
        old = (Notice.subject == "of-a-test", Notice.account_id == wei)
        assert uow.session.scalars(select(Notice.id).where(*old)).all() == []
