"""While Redis is away nobody logs in, gets a code or uses a PIN: the limits would be blind."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from server.accounts.models import AccountSession, SmsCode
from server.core.limits import AttemptCounter
from server.settings import Settings
from tests.factories.devices import PhoneInHand
from tests.factories.mini_program import MiniProgram
from tests.factories.product import HUANG, WEI, Product, Signing
from tests.services import Server

Act = Callable[[], TestResponse]


@pytest.fixture
def settings(settings: Settings, own_redis: Server) -> Settings:
    return settings.model_copy(update={"qr_store": "redis", "redis_url": own_redis.url})


def rows(product: Product) -> list[object]:
    """What is counted, sent and opened."""
    with product.parts.db.read() as uow:
        tables = (AttemptCounter, SmsCode, AccountSession)
        return [tuple(row) for one in tables for row in uow.session.execute(select(one.__table__))]


def acts_of(product: Product, signing: Signing, asked: dict[str, Any]) -> dict[str, Act]:
    """Everything that is right, and would be let in on any other day."""
    phone, program = (
        PhoneInHand(product.app.test_client(), HUANG, product.sms),
        MiniProgram(product),
    )
    phone.ask_code()
    right = {"password": HUANG.password, "agreed": True}
    by_code = {"phone": HUANG.phone, "code": phone.code(), "agreed": True}
    by_name = {"account_type": "person", "id_no": HUANG.phone, **right}
    pin = {
        "reference_code": asked["reference_choices"][0],
        "acting": {"kind": "enterprise", "id": asked["acting"][0]["id"]},
        "pin": WEI.pin,
    }
    ask = {"purpose": "enter", "id_no": WEI.phone}
    return {
        "login by code": lambda: phone.post("/m/login", by_code),
        "login by password": lambda: phone.post(
            "/m/login/password", {"name": HUANG.phone, **right}
        ),
        "a code": lambda: phone.post("/m/login/sms", {"phone": WEI.phone}),
        "a code to reset": lambda: phone.post("/m/forgot/sms", {"name": WEI.phone}),
        "a page to log in on": lambda: product.browser().post("/login/open"),
        "a PIN": lambda: signing.phone.post(f"/m/qr/{asked['session_id']}/confirm", pin),
        "login in the mini-program": lambda: program.post("/auth/login", by_name),
        "a code in the mini-program": lambda: program.post("/auth/sms", ask),
    }


@pytest.mark.row("S-51", "R-03")
def test_without_redis_login_codes_and_pins_are_refused_and_nothing_is_tried(
    product: Product, own_redis: Server
) -> None:
    signing = product.signing()
    asked = signing.scan()
    acts = acts_of(product, signing, asked)
    before, sent = rows(product), len(product.sms.messages())
    own_redis.stop()

    for name, act in acts.items():
        answer = act()
        assert (answer.status_code, name) == (503, name)
        assert int(answer.headers["Retry-After"]) > 0
        assert "Set-Cookie" not in answer.headers
        assert "session_token" not in answer.get_data(as_text=True)

    assert rows(product) == before
    assert len(product.sms.messages()) == sent
    own_redis.start()
    for name in ("login by code", "login by password", "login in the mini-program"):
        assert acts[name]().status_code == 200, name
    assert signing.phone.confirm(asked, signing.page).status_code == 200
