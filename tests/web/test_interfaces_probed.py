"""Every call of both interfaces with made-up requests: no failure, nothing that is not described.

The requests are drawn from the descriptions themselves, right ones and wrong ones, half of them
about things that are there.
"""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from server.applications.models import Way
from tests.factories import own_signings
from tests.factories.applying import draft_with_a_picture
from tests.factories.certifications import Certifying
from tests.factories.mini_program import logged_in
from tests.factories.product import HUANG, Product
from tests.factories.wechat import APPID, Land, land_of
from tests.fakes.clock import FakeClock

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
PROBES = settings(
    max_examples=12,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture
def land(clock: FakeClock) -> Iterator[Land]:
    with land_of(clock) as made:
        yield made


@pytest.fixture
def connected(product: Product, land: Land) -> Product:
    """The product with a mini-program, as a service that is not there is a 503 of its own."""
    return product.restarted_with(wechat=land.client()).restarted(wechat_appid=APPID)


def requests_for(operation: Any) -> st.SearchStrategy[Case]:
    """Right ones and wrong ones, where wrong ones can be made."""
    right = operation.as_strategy(generation_mode=GenerationMode.POSITIVE)
    if not operation.body and not operation.query:
        return right
    return right | operation.as_strategy(generation_mode=GenerationMode.NEGATIVE)


def probe(app: Flask, operation: Any, headers: dict[str, str], ids: dict[str, Any]) -> Counter[int]:
    """Send the requests of one call and check the answers; how many of which status."""
    seen: Counter[int] = Counter()

    @PROBES
    @given(case=requests_for(operation), real=st.booleans())
    def send(case: Case, real: bool) -> None:
        if real:
            names = case.path_parameters
            names.update({name: ids[name] for name in names if name in ids})
        sent = {key: value for key, value in (case.headers or {}).items() if key != "Authorization"}
        case.headers.clear()
        answer = case.call(headers={**sent, **headers}, app=app)
        seen[answer.status_code] += 1
        case.validate_response(answer, checks=CHECKS)

    send()
    return seen


def operations(app: Flask, description: str) -> list[Any]:
    schema = schemathesis.openapi.from_wsgi(description, app)
    return [found.ok() for found in schema.get_all_operations()]


@pytest.mark.row("P-15")
def test_the_mini_programs_interface_keeps_to_its_description(connected: Product) -> None:
    signing, other = connected.signing(), logged_in(connected, HUANG)
    phone = logged_in(connected)
    ids = {
        "session_id": phone.scan(signing.page.frame())["session_id"],
        "seal_id": phone.get("/seals").get_json()["items"][0]["id"],
        "login_id": other.get("/auth/sessions").get_json()["items"][0]["id"],
        "certification_id": Certifying.begun(connected, Way.PERSONAL).row().id,
        **own_signings.ids(connected),
        "page": 1,
        **draft_with_a_picture(connected),
    }
    seen: Counter[int] = Counter()
    for one in operations(connected.app, "/openapi/miniprogram.json"):
        seen += probe(connected.app, one, logged_in(connected).headers(), ids)

    assert {200, 401, 404, 422} <= set(seen)
    assert 429 not in seen or seen[429] < sum(seen.values()) / 4


@pytest.mark.row("P-15")
def test_the_partners_interface_keeps_to_its_description(connected: Product) -> None:
    signing = connected.signing()
    ids = {"task_id": signing.id, "document_id": signing.partner.ready_document(b"%PDF-1.7")}
    seen: Counter[int] = Counter()
    for one in operations(connected.app, "/openapi.json"):
        seen += probe(connected.app, one, signing.partner.headers, ids)

    assert {200, 404, 422} <= set(seen)
