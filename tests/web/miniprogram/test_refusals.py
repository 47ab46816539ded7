"""Every refusal of `/mp/v1` has WeChat's form, a number of its own and its HTTP status."""

from collections import Counter

import pytest
from werkzeug.test import TestResponse

import qr_session
import server
from qr_session import QrSessionError
from server.core.errors import DomainError
from server.web import problems
from server.web.errcodes import ERRCODES, errcode_of
from tests.factories.mini_program import MiniProgram, told
from tests.factories.product import WEI, Product
from tests.fakes.outside import SilentSms
from tests.test_docs import DOCS, classes_of, code, table

GUIDE = DOCS / "api" / "miniprogram.md"
GROUPS = {100, 110, 120, 130, 140, 150, 160, 170, 180, 185, 190}


def codes() -> set[str]:
    every = classes_of(server, DomainError) + classes_of(qr_session, QrSessionError)
    refused = {one[1] for one in (*problems.REFUSALS.values(), problems.UNKNOWN)}
    return {str(one.code) for one in every if hasattr(one, "code")} | refused


def test_every_error_code_has_a_number_of_its_own() -> None:
    missing = sorted(codes() - set(ERRCODES))
    assert missing == [], "give each a free number of its group in server/web/errcodes.py"
    assert sorted(set(ERRCODES) - codes()) == []
    assert [one for one, times in Counter(ERRCODES.values()).items() if times > 1] == []
    assert {one // 1000 for one in ERRCODES.values()} == GROUPS


def test_the_guide_lists_the_numbers() -> None:
    rows = [(code(str(number)), code(name)) for name, number in ERRCODES.items()]
    assert table(GUIDE, "Numbers") == sorted(rows), "copy them from server/web/errcodes.py"


def test_a_code_without_a_number_still_says_the_status() -> None:
    assert errcode_of("nobody_knows_it", 409) == 190409


@pytest.fixture
def phone(product: Product) -> MiniProgram:
    return MiniProgram(product)


def refused(phone: MiniProgram, status: int) -> TestResponse:
    """Something that the interface refuses with this status before a use case begins, or after."""
    client, headers, login = phone.client, phone.headers(), "/mp/v1/auth/login"
    form = {**headers, "Content-Type": "text/plain"}
    match status:
        case 401:
            return phone.get("/auth/me")
        case 404:
            return phone.get("/nowhere")
        case 405:
            return client.put(login, json={}, headers=headers)
        case 413:
            return client.post(login, json={"id_no": "x" * 1_200_000}, headers=headers)
        case 415:
            return client.post(login, data="a=1", headers=form)
        case 422:
            return phone.post("/auth/login", {"account_type": "robot"})
        case _:
            return phone.post("/auth/sms", {"purpose": "enter", "id_no": WEI.phone})


@pytest.mark.row("P-29", "S-51")
@pytest.mark.parametrize(
    ("status", "named"),
    [
        (401, "login_needed"),
        (404, "not_found"),
        (405, "method_not_allowed"),
        (413, "too_large"),
        (415, "unsupported_media_type"),
        (422, "invalid_fields"),
        (429, "too_many_requests"),
        (503, "sms_unavailable"),
    ],
)
def test_a_refusal_has_the_form_of_wechat(product: Product, status: int, named: str) -> None:
    changed = {"largest_pdf_mib": 1, "requests_per_minute": 1 if status == 429 else 1000}
    phone = MiniProgram(product.restarted(**changed).restarted_with(sms=SilentSms()))
    if status == 429:
        refused(phone, status)

    answer = refused(phone, status)

    body = answer.get_json()
    assert told(answer) == (status, named)
    assert answer.mimetype == "application/json"
    assert body["errmsg"].startswith(f"{named}: ")
    assert body["rid"] == answer.headers["X-Request-Id"]
    assert body["next_step"]
    assert ("Retry-After" in answer.headers) == (status in (429, 503))


@pytest.mark.row("P-14")
def test_a_refusal_speaks_the_callers_language(phone: MiniProgram) -> None:
    answer = phone.get("/auth/me?lang=en")

    assert answer.get_json()["errmsg"] == "login_needed: Please log in first."


@pytest.mark.row("R-09")
def test_a_gateway_that_is_down_leaves_the_next_try_open(product: Product) -> None:
    phone = MiniProgram(product.restarted_with(sms=SilentSms()))
    asked = {"purpose": "enter", "id_no": WEI.phone}
    assert phone.post("/auth/sms", asked, key="k-1").status_code == 503

    again = MiniProgram(product).post("/auth/sms", asked, key="k-1")

    assert again.status_code == 200
    assert len(product.sms.messages()) == 1
