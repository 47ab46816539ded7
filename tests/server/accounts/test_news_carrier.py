"""A notice reaches the person's WeChat where he takes such messages, once (P-36)."""

import logging
from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import select

from server.accounts import identities, notices, subscriptions
from server.accounts.identities import Assertion
from server.accounts.models import Identity, IdentityKind
from server.accounts.news import News
from server.accounts.notices import CARRY, About
from server.core.jobs import Job, JobState, Runner
from server.settings import WeChatForm
from server.worker import handlers
from tests.factories.people import People
from tests.factories.product import Product
from tests.factories.wechat import APPID, Land, land_of

SEND = "/cgi-bin/message/subscribe/send"
TEMPLATE = "t-used"
FIELDS = {"thing1": "company", "thing2": "document", "time3": "at"}
WORDS = {"signer": "李*梅", "company": "南宁桂印科技有限公司", "document": "申请表.pdf"}


@pytest.fixture
def land(clock) -> Iterator[Land]:
    with land_of(clock) as made:
        made.world.templates[TEMPLATE] = list(FIELDS)
        made.world.consents["wei", TEMPLATE] = 9
        yield made


@pytest.fixture
def taker(people: People, land: Land) -> str:
    """The account of somebody whose WeChat is bound; he takes one message."""
    account_id = people.register()
    said = Assertion(IdentityKind.WECHAT, APPID, land.world.openid("wei"))
    sealed = identities.prepare(people.desk.keys, said)
    with people.db.begin() as uow:
        found = identities.keep(uow, sealed)
        identities.bind(uow, found.id, account_id)
        uow.session.flush()
        subscriptions.answered(uow, found.id, {TEMPLATE: "accept"})
    return account_id


def tell(people: People, account_id: str) -> str:
    about: About = {"subject": "use-1", "words": WORDS}
    with people.db.begin() as uow:
        return notices.tell(uow, account_id, News.SEAL_USED, **about)


def worker(product: Product, land: Land, fields: dict[str, str] = FIELDS) -> Runner:
    forms = {"seal_used": WeChatForm(template=TEMPLATE, fields=fields)}
    settings = product.parts.settings.model_copy(update={"wechat_news": forms})
    providers = replace(product.parts.providers, wechat=land.client())
    parts = replace(product.parts, settings=settings, providers=providers)
    return Runner(parts.db, handlers(parts))


@pytest.mark.row("P-36")
def test_who_takes_such_messages_gets_one_with_its_fields(
    product: Product, people: People, land: Land, taker: str
) -> None:
    tell(people, taker)
    worker(product, land).run_all()
    tell(people, taker)
    worker(product, land).run_all()

    [sent] = land.world.sent
    shown = {name: field["value"] for name, field in sent["data"].items()}
    assert (shown["thing1"], shown["thing2"]) == (WORDS["company"], WORDS["document"])
    assert shown["time3"].startswith("2026年")
    assert land.count(SEND) == 1


@pytest.mark.row("P-36", "R-15")
def test_a_worker_that_dies_after_it_has_asked_sends_no_second_one(
    product: Product, people: People, land: Land, taker: str
) -> None:
    with people.db.begin() as uow:
        bound = uow.session.scalars(select(Identity.id)).one()
        subscriptions.answered(uow, bound, {TEMPLATE: "accept"})
    tell(people, taker)
    worker(product, land).run_all()
    with people.db.begin() as uow:
        again = uow.session.scalars(select(Job).where(Job.kind == CARRY)).one()
        again.state = JobState.QUEUED

    worker(product, land).run_all()

    assert land.count(SEND) == 1
    with people.db.read() as uow:
        assert uow.session.get_one(Job, again.id).state == JobState.DONE


@pytest.mark.row("P-36")
def test_who_takes_none_costs_no_job(product: Product, people: People) -> None:
    tell(people, people.register())

    with people.db.read() as uow:
        assert uow.session.scalars(select(Job.id).where(Job.kind == CARRY)).all() == []


def test_a_form_that_the_news_cannot_fill_is_named_in_the_log(
    product: Product, people: People, land: Land, taker: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.ERROR)
    tell(people, taker)

    worker(product, land, {"thing1": "seal"}).run_all()

    assert "wechat_form_wrong" in caplog.text
    assert land.count(SEND) == 0


def test_a_form_for_news_that_there_is_none_of_stops_the_worker(product: Product) -> None:
    forms = {"no_such_news": WeChatForm(template="t", fields={})}
    settings = product.parts.settings.model_copy(update={"wechat_news": forms})
    with pytest.raises(ValueError, match="no_such_news"):
        handlers(replace(product.parts, settings=settings))
