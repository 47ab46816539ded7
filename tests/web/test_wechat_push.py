"""WeChat's pushes: proved, answered at once, counted once, worked off by the worker (S-42)."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import delete, func, select
from werkzeug.test import TestResponse

from server.accounts import identities, subscriptions
from server.accounts.identities import Assertion
from server.accounts.jobs import PUSHED, PushWorker
from server.accounts.models import Identity, IdentityKind, PushReceipt, Subscription
from server.core.jobs import Claim, Job, JobState
from server.providers.wechat.push import PushReader
from server.providers.wechat.seen import LocalSeen
from standins.wechat import pushing
from tests.factories.product import Product
from tests.factories.wechat import APPID, PUSH, Land, land_of

TEMPLATE = "sealed"


@pytest.fixture
def land(clock) -> Iterator[Land]:
    with land_of(clock) as made:
        yield made


@pytest.fixture
def told(product: Product, clock) -> Product:
    """A product with a mini-program whose pushes are sealed."""
    parts = replace(
        product.parts,
        settings=product.parts.settings.model_copy(update={"wechat_appid": APPID}),
        wechat_pushes=PushReader(PUSH, LocalSeen(clock), clock),
    )
    return Product.begun(parts, clock)


def popup(land: Land, answer: str = "accept", user: str = "wei") -> dict[str, Any]:
    one = {"TemplateId": TEMPLATE, "SubscribeStatusString": answer, "PopupScene": "0"}
    return {
        "ToUserName": "gh_standin",
        "FromUserName": land.world.openid(user),
        "CreateTime": int(land.clock.now().timestamp()),
        "MsgType": "event",
        "Event": "subscribe_msg_popup_event",
        "SubscribeMsgPopupEvent": {"List": one},
    }


def send(told: Product, request: dict[str, Any]) -> TestResponse:
    return told.app.test_client().post(
        "/wx/push",
        query_string=request["params"],
        headers=request["headers"],
        data=request["content"],
    )


def signed(land: Land, event: dict[str, Any], form: str = "json") -> dict[str, Any]:
    return pushing.signed(land.world, event, form)


def identity(told: Product, land: Land, user: str = "wei") -> str:
    said = Assertion(IdentityKind.WECHAT, APPID, land.world.openid(user))
    sealed = identities.prepare(told.parts.providers.keys, said)
    with told.parts.db.begin() as uow:
        return identities.keep(uow, sealed).id


def left(told: Product, identity_id: str) -> int:
    with told.parts.db.read() as uow:
        return subscriptions.left(uow, identity_id, TEMPLATE)


def count(told: Product, table: type) -> int:
    with told.parts.db.read() as uow:
        return uow.session.scalar(select(func.count()).select_from(table)) or 0


@pytest.mark.row("S-42")
@pytest.mark.parametrize("form", ["json", "xml"])
def test_a_push_is_answered_at_once_and_worked_off_by_the_worker(
    told: Product, land: Land, form: str
) -> None:
    who = identity(told, land)
    answer = send(told, signed(land, popup(land), form))
    assert (answer.status_code, answer.text) == (200, "success")
    assert left(told, who) == 0
    told.work()
    assert left(told, who) == 1


def test_an_installation_without_encryption_reads_plain_pushes(
    told: Product, land: Land, clock
) -> None:
    keys = replace(PUSH, aes_key="")
    plain = replace(told.parts, wechat_pushes=PushReader(keys, LocalSeen(clock), clock))
    land.world.app = replace(land.world.app, push_aes_key="")
    open_product = Product.begun(plain, told.clock)
    who = identity(open_product, land)
    for form in ("json", "xml"):
        assert send(open_product, signed(land, popup(land), form)).text == "success"
        clock.advance(seconds=1)
    open_product.work()
    assert left(open_product, who) == 2


@pytest.mark.row("S-42", "R-12")
def test_a_push_that_comes_again_counts_once(told: Product, land: Land) -> None:
    who, event = identity(told, land), popup(land)
    first = signed(land, event)
    # WeChat sends again what it thinks was lost: as it was, or signed anew.
    for request in (first, first, signed(land, event), signed(land, event, "xml")):
        assert send(told, request).text == "success"
    told.work()
    assert left(told, who) == 1
    assert count(told, Job) == 1


@pytest.mark.row("S-42")
def test_a_forged_changed_or_late_push_is_refused(told: Product, land: Land) -> None:
    who, good = identity(told, land), signed(land, popup(land))
    other = signed(land, popup(land, user="qin"))
    land.world.app = replace(land.world.app, push_token="another")
    forged = signed(land, popup(land))
    requests = [
        forged,
        {**good, "params": {**good["params"], "msg_signature": "0" * 40}},
        {**good, "content": other["content"]},
        {**good, "params": {**good["params"], "nonce": "1"}},
    ]
    for request in requests:
        answer = send(told, request)
        assert (answer.status_code, answer.get_json()["code"]) == (403, "push_refused")
    land.clock.advance(minutes=6)
    assert send(told, good).status_code == 403
    told.work()
    assert (left(told, who), count(told, PushReceipt), count(told, Job)) == (0, 0, 0)


def test_what_nobody_can_read_is_refused(told: Product, land: Land) -> None:
    good = signed(land, popup(land))
    assert send(told, {**good, "content": b"{"}).status_code == 422
    assert send(told, {**good, "headers": {"Content-Type": "text/plain"}}).status_code == 415
    large = {**good, "content": b" " * (64 * 1024 + 1)}
    answer = send(told, large)
    assert (answer.status_code, answer.get_json()["code"]) == (413, "too_large")


def test_a_push_without_news_or_of_a_stranger_leaves_its_receipt_only(
    told: Product, land: Land
) -> None:
    identity(told, land)
    message = {**popup(land), "MsgType": "text", "Content": "canary-words", "MsgId": "77"}
    assert send(told, signed(land, message)).text == "success"
    assert send(told, signed(land, popup(land, user="qin"))).text == "success"
    assert (count(told, PushReceipt), count(told, Job)) == (2, 0)


@pytest.mark.row("S-44")
def test_no_openid_is_kept_in_the_clear(told: Product, land: Land) -> None:
    identity(told, land)
    send(told, signed(land, popup(land)))
    openid = land.world.openid("wei")
    with told.parts.db.read() as uow:
        kept = [one.key for one in uow.session.scalars(select(PushReceipt))]
        kept += [str(one.payload) for one in uow.session.scalars(select(Job))]
    assert len(kept) == 2
    assert not [one for one in kept if openid in one]


def test_who_switches_messages_off_gets_none(told: Product, land: Land) -> None:
    who = identity(told, land)
    send(told, signed(land, popup(land)))
    told.work()
    land.clock.advance(minutes=5)
    send(told, signed(land, popup(land, "reject")))
    told.work()
    assert left(told, who) == 0


def test_a_job_that_runs_again_counts_nothing_again(told: Product, land: Land) -> None:
    who = identity(told, land)
    send(told, signed(land, popup(land)))
    with told.parts.db.read() as uow:
        job = uow.session.scalars(select(Job)).one()
    claim = Claim(job.id, PUSHED, job.payload, fence=1, attempts=1, max_attempts=8)
    for _ in range(2):
        PushWorker(told.parts.db)(claim)
    assert left(told, who) == 1


def test_news_of_an_identity_that_is_gone_is_left_alone(told: Product, land: Land) -> None:
    identity(told, land)
    send(told, signed(land, popup(land)))
    with told.parts.db.begin() as uow:
        uow.session.execute(delete(Identity))
    told.work()
    assert count(told, Subscription) == 0
    with told.parts.db.read() as uow:
        assert uow.session.scalars(select(Job)).one().state == JobState.DONE


def test_the_console_tries_the_address(told: Product, land: Land) -> None:
    query = {"timestamp": str(int(land.clock.now().timestamp())), "nonce": "1"}
    query |= {"signature": pushing.signature(land.world.app, query), "echostr": "4711"}
    client = told.app.test_client()
    assert client.get("/wx/push", query_string=query).text == "4711"
    assert client.get("/wx/push", query_string={**query, "nonce": "2"}).status_code == 403


def test_without_a_push_token_there_is_no_such_address(product: Product, land: Land) -> None:
    assert send(product, signed(land, popup(land))).status_code == 404
