"""A phone's request that was cut off is sent again: the same answer, and nothing happens twice."""

from collections.abc import Iterator

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from server.accounts.errors import CodeExpired
from server.accounts.models import Account, AccountSession
from server.core.idempotency import IdempotencyKey, Once
from server.core.limits import AttemptCounter
from server.runtime import set_runtime
from server.web.miniprogram import repeats
from tests.factories.mini_program import MiniProgram, logged_in, told
from tests.factories.people import NEW_PHONE
from tests.factories.product import HUANG, WEI, Product

REUSED = (422, "idempotency_key_reused")
PASSWORD = {"account_type": "person", "id_no": WEI.phone, "password": "guiyin-2026"}


@pytest.fixture
def phone(product: Product) -> MiniProgram:
    return MiniProgram(product)


def sessions(product: Product) -> int:
    with product.parts.db.read() as uow:
        return len(uow.session.scalars(select(AccountSession)).all())


def token(answer: TestResponse) -> str:
    assert answer.status_code == 200, answer.get_json()
    return str(answer.get_json()["session_token"])


def opens(phone: MiniProgram, held: str) -> bool:
    return MiniProgram(phone.product, token=held).get("/auth/me").status_code == 200


@pytest.mark.row("P-12", "R-12")
@pytest.mark.parametrize("way", ["code", "password", "register"])
def test_a_repeated_login_is_the_same_session_under_a_fresh_token(
    phone: MiniProgram, way: str
) -> None:
    path, body = "/auth/login", {**PASSWORD, "agreed": True}
    if way == "code":
        body = phone.by_code()
    elif way == "register":
        phone.ask_code(id_no=NEW_PHONE)
        path = "/auth/register/person"
        body = {"phone": NEW_PHONE, "sms_code": phone.code(), "agreed": True}

    first, second = (token(phone.post(path, body, key="k-1")) for _ in range(2))

    assert sessions(phone.product) == 1
    assert first != second
    assert (opens(phone, first), opens(phone, second)) == (False, True)


@pytest.mark.row("P-12", "S-44")
def test_what_is_kept_of_a_login_is_no_token(phone: MiniProgram) -> None:
    held = token(phone.post("/auth/login", phone.by_code(), key="k-1"))

    with phone.product.parts.db.read() as uow:
        kept = uow.session.scalars(select(IdempotencyKey).where(IdempotencyKey.key == "k-1")).one()
    row = repr(vars(kept))
    assert held not in row
    assert kept.made.startswith("ses-")
    assert WEI.phone not in row


@pytest.mark.row("P-12", "S-23")
def test_the_key_alone_lets_nobody_in(phone: MiniProgram) -> None:
    """Somebody who has seen the key guesses codes: each guess is counted, and none is good."""
    body = phone.by_code()
    held = token(phone.post("/auth/login", body, key="k-1"))
    for guess in ("000000", "111111", "222222", "333333"):
        assert guess != body["sms_code"]
        answer = phone.post("/auth/login", {**body, "sms_code": guess}, key="k-1")
        assert told(answer) == REUSED

    phone.post("/auth/login", {**body, "sms_code": "444444"}, key="k-1")

    answer = phone.post("/auth/login", body, key="k-1")
    assert told(answer) == (429, "locked")
    assert opens(phone, held)


@pytest.mark.row("P-12", "S-24")
def test_the_key_is_no_way_round_the_password(phone: MiniProgram) -> None:
    right = {**PASSWORD, "agreed": True}
    held = token(phone.post("/auth/login", right, key="k-1"))

    answer = phone.post(
        "/auth/login", {**PASSWORD, "password": "wrong-26", "agreed": True}, key="k-1"
    )

    assert told(answer) == (422, "wrong_password")
    assert opens(phone, held)
    with phone.product.parts.db.read() as uow:
        counted = uow.session.scalars(select(AttemptCounter)).all()
    assert [one.tries for one in counted if one.key.startswith("password:")] == [1]


@pytest.mark.row("P-12")
def test_a_spent_code_lets_in_for_ten_minutes_and_no_longer(phone: MiniProgram) -> None:
    body = phone.by_code()
    held = token(phone.post("/auth/login", body, key="k-1"))
    phone.product.clock.advance(minutes=10, seconds=-1)
    held = token(phone.post("/auth/login", body, key="k-1"))

    phone.product.clock.advance(seconds=1)

    answer = phone.post("/auth/login", body, key="k-1")
    assert told(answer) == (410, "repeat_too_late")
    assert opens(phone, held)


@pytest.mark.row("P-12", "S-49")
def test_a_login_that_was_ended_is_not_opened_again_by_a_repeat(phone: MiniProgram) -> None:
    body = phone.by_code()
    phone.token = token(phone.post("/auth/login", body, key="k-1"))
    phone.post("/auth/logout")

    answer = phone.post("/auth/login", body, key="k-1")

    assert told(answer) == (401, "login_needed")


@pytest.mark.row("P-12")
def test_two_people_may_number_their_requests_alike(product: Product) -> None:
    held = []
    for person in (WEI, HUANG):
        phone = MiniProgram(product, person)
        held.append(token(phone.post("/auth/login", phone.by_code(), key="1")))

    names = [MiniProgram(product, token=one).get("/auth/me").get_json()["account"] for one in held]
    assert names[0] != names[1]


@pytest.mark.row("P-12")
def test_a_key_with_another_request_is_refused(phone: MiniProgram) -> None:
    phone.post("/auth/login", phone.by_code(), key="k-1")

    assert told(phone.post("/auth/login", phone.by_code(), key="k-1")) == REUSED
    assert sessions(phone.product) == 1


@pytest.mark.row("P-12", "S-23")
def test_a_repeated_request_for_a_code_sends_no_second_message(phone: MiniProgram) -> None:
    asked = {"purpose": "enter", "id_no": WEI.phone}

    answers = [phone.post("/auth/sms", asked, key="k-1") for _ in range(2)]

    said = [(one.status_code, one.get_json()["retry_after"]) for one in answers]
    assert said == [(200, 60), (200, 60)]
    assert len(phone.product.sms.messages()) == 1
    assert told(phone.post("/auth/sms", asked, key="k-2")) == (429, "sms_too_soon")


@pytest.mark.row("P-12")
def test_a_repeated_reset_changes_nothing_more(phone: MiniProgram) -> None:
    phone.ask_code("reset_password")
    named = {"account_type": "person", "id_no": WEI.phone}
    body = {**named, "sms_code": phone.code(), "password": "a-new-one-26"}
    assert phone.post("/auth/reset_password", body, key="k-1").status_code == 200
    kept = _digest_of(phone.product)

    assert phone.post("/auth/reset_password", body, key="k-1").status_code == 200

    assert _digest_of(phone.product) == kept
    assert told(phone.post("/auth/reset_password", body)) == (410, "sms_code_expired")


@pytest.mark.row("P-12")
def test_without_a_key_each_login_is_one_of_its_own(phone: MiniProgram) -> None:
    for _ in range(2):
        client, body = phone.client, phone.by_code()
        assert client.post("/mp/v1/auth/login", json=body).status_code == 200

    assert sessions(phone.product) == 2


@pytest.fixture
def this(phone: MiniProgram) -> Iterator[Once]:
    """A request under a key, while it is answered."""
    set_runtime(phone.product.parts)
    with phone.product.app.test_request_context(headers={"Idempotency-Key": "k-1"}):
        yield repeats.coming_in("register", "a phone")


@pytest.mark.row("P-12", "R-12")
def test_a_code_that_the_same_request_has_just_spent_is_no_refusal(
    phone: MiniProgram, this: Once
) -> None:
    held = logged_in(phone.product).token

    def overtaken() -> repeats.Entry:
        repeats.remember_entry(this, held)
        raise CodeExpired()

    fresh, _ = repeats.entered_or(this, overtaken)

    assert (opens(phone, held), opens(phone, fresh)) == (False, True)


@pytest.mark.row("R-12")
def test_a_refusal_of_the_first_request_stands(this: Once) -> None:
    def refused() -> repeats.Entry:
        raise CodeExpired()

    with pytest.raises(CodeExpired):
        repeats.entered_or(this, refused)


def _digest_of(product: Product) -> str:
    with product.parts.db.read() as uow:
        found = select(Account.password_digest).where(Account.name == WEI.name)
        return uow.session.scalars(found).one()
