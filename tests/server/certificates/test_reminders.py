"""A person hears before his certificate ends: 30, 10, 3 and 1 days, each once (P-36)."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from server.accounts.news import News
from server.accounts.notice_models import Notice
from server.certificates.models import Certificate, CertificateStatus, PersonalKey
from server.certificates.reminders import remind
from server.core.db import UnitOfWork
from tests.factories.messages import account_of
from tests.factories.product import WEI, Product


def his(uow: UnitOfWork, account_id: str) -> Certificate:
    key = uow.session.get_one(PersonalKey, account_id)
    return uow.session.get_one(Certificate, key.certificate_id)


@pytest.fixture
def ends(product: Product) -> datetime:
    """When his certificate ends."""
    with product.parts.db.begin() as uow:
        certificate = his(uow, account_of(product, WEI))
        certificate.not_after = uow.now + timedelta(days=40)
        return certificate.not_after


def told_at(product: Product, at: datetime) -> list[int]:
    """The days of which he was reminded by then."""
    product.clock.advance(seconds=(at - product.clock.now()).total_seconds())
    for _ in range(2):
        with product.parts.db.begin() as uow:
            remind(uow)
    with product.parts.db.read() as uow:
        mine = (
            Notice.account_id == account_of(product, WEI),
            Notice.news == News.CERTIFICATE_ENDS,
        )
        found = uow.session.scalars(select(Notice.once).where(*mine).order_by(Notice.id))
        return [int((one or "").rsplit(" ", 1)[1]) for one in found]


@pytest.mark.row("P-36")
def test_each_reminder_comes_at_its_day_to_the_second(product: Product, ends: datetime) -> None:
    before: list[int] = []
    for days in (30, 10, 3, 1):
        due = ends - timedelta(days=days)
        assert told_at(product, due - timedelta(seconds=1)) == before
        before = [*before, days]
        assert told_at(product, due) == before
    assert told_at(product, ends) == before


@pytest.mark.row("P-36")
def test_after_a_standstill_the_nearest_reminder_comes_alone(
    product: Product, ends: datetime
) -> None:
    assert told_at(product, ends - timedelta(days=2)) == [3]


@pytest.mark.row("P-36")
def test_a_certificate_that_was_revoked_ends_without_a_word(
    product: Product, ends: datetime
) -> None:
    with product.parts.db.begin() as uow:
        his(uow, account_of(product, WEI)).status = CertificateStatus.REVOKED

    assert told_at(product, ends - timedelta(hours=1)) == []
