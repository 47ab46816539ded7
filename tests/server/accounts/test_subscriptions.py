"""WeChat messages: one for each consent, counted once however often WeChat tells of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlalchemy import delete, func, select

from server.accounts import identities, subscriptions
from server.accounts.identities import Assertion
from server.accounts.models import Identity, IdentityKind, PushReceipt, Subscription
from server.accounts.subscriptions import ECHO, Source
from server.core.jobs import Job, JobState
from tests.factories.people import People
from tests.factories.product import Product
from tests.factories.wechat import APPID, Land, land_of

TEMPLATE, SEND = "sealed", "/cgi-bin/message/subscribe/send"
FIELDS = {"thing1": "施工许可申请表"}


@dataclass
class Taker:
    """A person whose WeChat takes messages, the stand-in that delivers them, and the worker."""

    product: Product
    land: Land
    account_id: str
    identity: Identity

    def note(self, act: object, *rest: object) -> None:
        with self.product.parts.db.begin() as uow:
            act(uow, self.identity.id, TEMPLATE, *rest)  # type: ignore[operator]

    def answer(self, said: str = "accept") -> None:
        with self.product.parts.db.begin() as uow:
            subscriptions.answered(uow, self.identity.id, {TEMPLATE: said})

    def pushed(self) -> None:
        self.note(subscriptions.accept, Source.PUSH, self.product.clock.now())

    @property
    def left(self) -> int:
        with self.product.parts.db.read() as uow:
            return subscriptions.left(uow, self.identity.id, TEMPLATE)

    def notify(self, **fields: str) -> int:
        told = {"account_id": self.account_id, "template": TEMPLATE, "page": ""}
        with self.product.parts.db.begin() as uow:
            return subscriptions.notify(uow, fields=fields or FIELDS, **told)

    def work(self) -> list[str]:
        """Let the worker run what is due; the states of the jobs that send."""
        self.product.worker(wechat=self.land.client()).run_all()
        with self.product.parts.db.read() as uow:
            states = select(Job.state).where(Job.kind == subscriptions.SEND).order_by(Job.id)
            return list(uow.session.scalars(states))

    @property
    def sent(self) -> int:
        return self.land.count(SEND)


@pytest.fixture
def land(clock) -> Iterator[Land]:
    with land_of(clock) as made:
        made.world.templates[TEMPLATE] = ["thing1"]
        yield made


@pytest.fixture
def taker(product: Product, people: People, land: Land) -> Taker:
    account_id = people.register()
    said = Assertion(IdentityKind.WECHAT, APPID, land.world.openid("wei"))
    sealed = identities.prepare(people.desk.keys, said)
    with people.db.begin() as uow:
        found = identities.keep(uow, sealed)
        identities.bind(uow, found.id, account_id)
    return Taker(product, land, account_id, found)


def test_each_acceptance_is_one_message(taker: Taker) -> None:
    for _ in range(2):
        taker.answer()
        taker.product.clock.advance(seconds=1)
    taker.answer("acceptWithAudio")
    for refused in ("reject", "ban", "filter", ""):
        taker.answer(refused)
    assert taker.left == 3


def test_the_phone_and_the_push_tell_of_one_acceptance_once(taker: Taker) -> None:
    for first, second in ((taker.answer, taker.pushed), (taker.pushed, taker.answer)):
        before = taker.left
        first()
        taker.product.clock.advance(seconds=20)
        second()
        assert taker.left == before + 1


def test_two_acceptances_and_their_two_pushes_are_two(taker: Taker) -> None:
    for tell in (taker.answer, taker.answer, taker.pushed, taker.pushed):
        tell()
    assert taker.left == 2


def test_a_word_is_the_echo_of_one_other_only(taker: Taker) -> None:
    # The phone's second result was lost on its way.
    for tell in (taker.answer, taker.pushed, taker.pushed):
        tell()
    assert taker.left == 2


def test_a_push_long_afterwards_is_an_acceptance_of_its_own(taker: Taker) -> None:
    taker.answer()
    taker.product.clock.advance(seconds=(ECHO + timedelta(seconds=1)).total_seconds())
    taker.pushed()
    assert taker.left == 2


def test_another_template_is_no_echo(taker: Taker) -> None:
    taker.answer()
    with taker.product.parts.db.begin() as uow:
        now = uow.now
        subscriptions.accept(uow, taker.identity.id, "other", Source.PUSH, now)
        assert subscriptions.left(uow, taker.identity.id, "other") == 1


def test_a_message_is_sent_by_the_worker_and_uses_one_consent(taker: Taker) -> None:
    taker.answer()
    taker.land.world.consents["wei", TEMPLATE] = 1
    assert taker.notify() == 1
    assert not taker.sent
    assert taker.work() == [JobState.DONE]
    (message,) = taker.land.world.sent
    assert message["data"]["thing1"]["value"] == FIELDS["thing1"]
    assert taker.left == 0
    assert taker.notify() == 0


def test_more_messages_than_consents_are_not_even_asked_for(taker: Taker) -> None:
    taker.answer()
    taker.land.world.consents["wei", TEMPLATE] = 9
    assert [taker.notify(), taker.notify()] == [1, 1]
    taker.work()
    assert taker.sent == 1


def test_who_takes_no_more_at_wechat_is_asked_once_and_counts_nothing(taker: Taker) -> None:
    taker.answer()
    taker.answer()
    taker.notify()
    assert taker.work() == [JobState.DONE]
    assert (taker.sent, taker.left) == (1, 0)


@pytest.mark.parametrize("fields", [{"thing2": "合同"}, {"number1": "not a number"}])
def test_a_message_that_is_refused_as_it_is_is_not_sent_again(
    taker: Taker, fields: dict[str, str]
) -> None:
    taker.answer()
    taker.land.world.consents["wei", TEMPLATE] = 9
    taker.notify(**fields)
    assert taker.work() == [JobState.DONE]
    assert taker.sent <= 1
    assert taker.left == 1


@pytest.mark.row("R-10")
def test_a_wechat_that_is_away_is_asked_again_later(taker: Taker) -> None:
    taker.answer()
    taker.land.world.consents["wei", TEMPLATE] = 1
    taker.land.trouble(SEND, html=502)
    taker.notify()
    assert taker.work() == [JobState.QUEUED]
    assert taker.left == 1
    taker.product.clock.advance(minutes=1)
    assert taker.work() == [JobState.DONE]
    assert (len(taker.land.world.sent), taker.left) == (1, 0)


def test_who_has_unbound_his_wechat_hears_no_more(taker: Taker) -> None:
    taker.answer()
    taker.land.world.consents["wei", TEMPLATE] = 1
    taker.notify()
    with taker.product.parts.db.begin() as uow:
        identities.unbind(uow, taker.account_id, IdentityKind.WECHAT)
    taker.work()
    assert not taker.sent
    assert taker.notify() == 0


def forget_identity(taker: Taker) -> None:
    with taker.product.parts.db.begin() as uow:
        uow.session.execute(delete(Subscription))
        uow.session.execute(delete(Identity))


def test_who_has_closed_his_account_hears_no_more(taker: Taker) -> None:
    taker.answer()
    taker.notify()
    forget_identity(taker)
    assert taker.work() == [JobState.DONE]
    assert not taker.sent


def test_receipts_are_forgotten_after_a_day(taker: Taker) -> None:
    taker.answer()
    for hours, kept in ((23, 1), (2, 0)):
        taker.product.clock.advance(hours=hours)
        with taker.product.parts.db.begin() as uow:
            subscriptions.sweep(uow)
            count = uow.session.scalar(select(func.count()).select_from(PushReceipt))
        assert count == kept
