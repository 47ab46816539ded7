"""What Alipay must do for us: our client over HTTP, against the stand-in on loopback."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from server.providers.alipay import (
    Alipay,
    AlipayNotConfigured,
    AlipayRefused,
    AlipayUnavailable,
    NoAlipay,
)
from server.providers.alipay.openapi import OpenApiAlipay, proved
from server.providers.alipay.rsa2 import is_signed, private_key, public_key, sign, text_to_sign
from standins import alipay as standin
from tests.factories.houses import APP_ID, BACK, AlipayInReach, alipay_keys, alipay_of, query_of


@pytest.fixture
def house(clock) -> Iterator[AlipayInReach]:
    with alipay_of(clock) as made:
        yield made


@pytest.fixture
def alipay(house: AlipayInReach) -> Iterator[OpenApiAlipay]:
    client = house.client()
    yield client
    client.close()


def test_a_code_tells_who_is_there(house: AlipayInReach, alipay: OpenApiAlipay) -> None:
    found = alipay.exchange(house.code(alipay))
    assert found.subject == standin.subject("wei")
    assert alipay.exchange(house.code(alipay, "huang")).subject == standin.subject("huang")
    assert house.world.calls == ["alipay.system.oauth.token"] * 2


def test_an_app_of_before_2023_is_told_a_user_id(
    house: AlipayInReach, alipay: OpenApiAlipay
) -> None:
    house.world.spoiled = {"subject": {"open_id": "", "user_id": "2088000000000001"}}
    assert alipay.exchange(house.code(alipay)).subject == "2088000000000001"


def test_a_success_may_carry_its_number(house: AlipayInReach, alipay: OpenApiAlipay) -> None:
    house.world.spoiled = {"subject": {"code": "10000", "msg": "Success"}}
    assert alipay.exchange(house.code(alipay)).subject == standin.subject("wei")


def test_the_way_there_names_the_app_and_comes_back_to_us(alipay: OpenApiAlipay) -> None:
    asked = query_of(alipay.address("the state", BACK))
    assert asked == {
        "app_id": APP_ID,
        "scope": "auth_base",
        "redirect_uri": BACK,
        "state": "the state",
    }


@pytest.mark.row("S-42")
def test_a_code_counts_once_and_for_a_day(house: AlipayInReach, alipay: OpenApiAlipay) -> None:
    code, late = house.code(alipay), house.code(alipay)
    alipay.exchange(code)
    house.clock.advance(days=1)
    for refused in (code, late, "made up"):
        with pytest.raises(AlipayRefused, match="code-invalid"):
            alipay.exchange(refused)


@pytest.mark.parametrize(
    "spoiled",
    [
        {"sign": ""},
        {"sign": "bm90IGEgc2lnbmF0dXJl"},
        {"sign": "no base64"},
        {"subject": {"open_id": "", "access_token": "t"}},
        {"subject": {"open_id": 7}},
        {"body": []},
        {"body": {}},
        {"status": 502},
    ],
    ids=str,
)
def test_what_alipay_has_not_said_proves_nobody(
    house: AlipayInReach, alipay: OpenApiAlipay, spoiled: dict[str, Any]
) -> None:
    code = house.code(alipay)
    house.world.spoiled = spoiled
    with pytest.raises(AlipayUnavailable):
        alipay.exchange(code)


def test_an_answer_that_was_changed_on_its_way_is_not_believed(house: AlipayInReach) -> None:
    _, theirs = alipay_keys()
    key = public_key(standin.public_half(theirs))
    answer = standin.answered(house.world, standin.ANSWER, {"open_id": "somebody", "a": "}"})
    text = answer.get_data(as_text=True)
    assert proved(key, text)["open_id"] == "somebody"
    with pytest.raises(ValueError, match="not signed"):
        proved(key, text.replace("somebody", "somebodi"))


def test_a_request_that_we_have_not_signed_is_refused(house: AlipayInReach) -> None:
    client = house.client()
    strange = replace(client._app, private_key=private_key(standin.new_key()))
    code = house.code(client)
    with pytest.raises(AlipayRefused, match="invalid-signature"):
        OpenApiAlipay(strange, house.clock).exchange(code)


@pytest.mark.parametrize("code", ["20000", "10003"])
def test_alipays_own_trouble_may_be_tried_again(
    house: AlipayInReach, alipay: OpenApiAlipay, code: str
) -> None:
    auth_code = house.code(alipay)
    house.world.spoiled = {"body": {"code": code, "msg": "busy", "sub_code": "isp.unknow-error"}}
    with pytest.raises(AlipayUnavailable):
        alipay.exchange(auth_code)


def test_the_text_that_is_signed_is_sorted_and_without_what_is_empty() -> None:
    words = {"b": "2", "a": "桂", "c": "", "sign": "x", "sign_type": "RSA2"}
    assert text_to_sign(words) == "a=桂&b=2&sign_type=RSA2"


def test_keys_are_read_with_and_without_their_first_and_last_line() -> None:
    pem, _ = alipay_keys()
    bare = "".join(pem.splitlines()[1:-1])
    public = standin.public_half(pem)
    for one in (pem, bare, f"\n{bare}\n"):
        made = sign(private_key(one), "a=1")
        assert is_signed(public_key("".join(public.splitlines()[1:-1])), "a=1", made)
    for broken in ("", "no key", bare[:40]):
        with pytest.raises(ValueError, match=r"."):
            private_key(broken)


def test_an_installation_without_alipay_says_so() -> None:
    alipay: Alipay = NoAlipay()
    for ask in (lambda: alipay.address("s", "b"), lambda: alipay.exchange("c")):
        with pytest.raises(AlipayNotConfigured):
            ask()
