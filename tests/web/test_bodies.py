"""Bodies and parameters that cannot be read are refused with a sentence, never by a crash."""

import pytest
from sqlalchemy import func, select

from server.signing.models import SigningTask
from tests.factories.pdf import make_pdf
from tests.factories.product import PartnerProgram, Product

TASKS = "/partner/v1/signing-tasks"
JSON = {"Content-Type": "application/json"}


@pytest.fixture
def partner(product: Product) -> PartnerProgram:
    return product.partner()


def tasks(product: Product) -> int:
    with product.parts.db.read() as uow:
        return uow.session.scalar(select(func.count()).select_from(SigningTask)) or 0


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"", "unreadable_body"),
        (b"{", "unreadable_body"),
        (b"document_id=1", "unreadable_body"),
        (b"\xff\xfe", "unreadable_body"),
        (b"{}x", "unreadable_body"),
        (b"[" * 100_000, "unreadable_body"),
        (b'{"a":' * 50_000, "unreadable_body"),
        (b'{"title": ' + b"9" * 5000 + b"}", "unreadable_body"),
        (b"null", "invalid_fields"),
        (b"[]", "invalid_fields"),
        (b"7", "invalid_fields"),
        (b'"text"', "invalid_fields"),
        (b"{}", "invalid_fields"),
        (b'{"document_id": "d", "title": ""}', "invalid_fields"),
        (b'{"document_id": "d", "title": 7}', "invalid_fields"),
        (b'{"document_id": "d", "title": "\\ud800"}', "invalid_fields"),
        (b'{"document_id": "d", "title": "t", "status": "sealed"}', "invalid_fields"),
        (b'{"document_id": {"$ne": 1}, "title": "t"}', "invalid_fields"),
    ],
    ids=lambda value: str(value)[:24],
)
def test_a_body_that_is_not_what_was_asked_for_is_refused(
    partner: PartnerProgram, raw: bytes, code: str
) -> None:
    answer = partner.client.post(TASKS, data=raw, headers={**partner.headers, **JSON})

    assert (answer.status_code, answer.get_json()["code"]) == (422, code)
    assert answer.mimetype == "application/problem+json"
    assert answer.get_json()["detail"]
    assert tasks(partner.product) == 0


def test_unknown_fields_are_named(partner: PartnerProgram) -> None:
    body = {"document_id": "d", "title": "t", "return_ulr": "typo"}

    assert partner.post("/signing-tasks", body).get_json()["fields"] == ["return_ulr"]


@pytest.mark.row("S-25")
@pytest.mark.parametrize(
    "kind",
    [
        "text/plain",
        "application/x-www-form-urlencoded",
        "application/xml",
        "application/json-patch+json",
        "",
    ],
)
def test_only_json_and_uploads_are_read(product: Product, kind: str) -> None:
    """A form of another site can send the first two without asking."""
    signing = product.signing()
    headers = {"Origin": "http://127.0.0.1:8321", "Content-Type": kind}
    for path in (f"{signing.page.path}/cancel", "/m/logout"):
        answer = signing.page.client.post(path, data=b'{"on": true}', headers=headers)
        assert (answer.status_code, answer.get_json()["code"]) == (415, "unsupported_media_type")
    assert signing.page.read()["task"]["status"] == "awaiting_signer"


def test_an_upload_is_no_json_body(partner: PartnerProgram) -> None:
    form = {"document_id": "d", "title": "t"}

    answer = partner.client.post(TASKS, data=form, headers=partner.headers)

    assert answer.status_code in (415, 422)
    assert tasks(partner.product) == 0


@pytest.mark.parametrize("query", ["after=1&after=2", "wait=0&after=1&wait=5", "lang=en&lang=zh"])
def test_a_parameter_that_comes_twice_is_refused(product: Product, query: str) -> None:
    signing = product.signing()

    answer = signing.page.get(f"{signing.page.path}/events?{query}")

    assert (answer.status_code, answer.get_json()["code"]) == (422, "duplicate_parameter")


@pytest.mark.parametrize("query", ["after=x&wait=0", "after=-1&wait=-5", "after=9&wait=NaN"])
def test_odd_parameters_of_a_long_poll_are_read_as_none(product: Product, query: str) -> None:
    signing = product.signing()

    assert signing.page.get(f"{signing.page.path}/events?{query}").status_code == 200


@pytest.mark.row("P-12", "R-12", "S-41")
def test_the_same_key_gives_the_same_task_with_a_fresh_link(partner: PartnerProgram) -> None:
    body = {"document_id": partner.ready_document(make_pdf()), "title": "在线签章"}
    first = partner.post("/signing-tasks", body, **{"Idempotency-Key": "k-1"}).get_json()

    again = partner.post("/signing-tasks", body, **{"Idempotency-Key": "k-1"}).get_json()

    assert again["id"] == first["id"]
    assert again["open_url"] != first["open_url"]
    assert tasks(partner.product) == 1
    assert partner.product.page(again["open_url"]).state["task"]["id"] == first["id"]


@pytest.mark.row("P-12", "S-41")
def test_the_same_key_with_another_body_is_refused(partner: PartnerProgram) -> None:
    body = {"document_id": partner.ready_document(make_pdf()), "title": "在线签章"}
    partner.post("/signing-tasks", body, **{"Idempotency-Key": "k-1"})

    answer = partner.post(
        "/signing-tasks", {**body, "title": "另一件"}, **{"Idempotency-Key": "k-1"}
    )

    assert (answer.status_code, answer.get_json()["code"]) == (422, "idempotency_key_reused")
    assert tasks(partner.product) == 1


@pytest.mark.row("P-12", "S-17")
def test_a_key_is_the_partners_own(partner: PartnerProgram) -> None:
    key = {"Idempotency-Key": "k-1"}
    partner.upload(make_pdf(), **key)

    answer = partner.product.another_partner().upload(make_pdf(), **key)

    assert answer.status_code == 202


@pytest.mark.row("P-12")
def test_an_upload_with_the_same_key_is_one_document(partner: PartnerProgram) -> None:
    key = {"Idempotency-Key": "k-1"}
    first = partner.upload(make_pdf(), **key).get_json()

    assert partner.upload(make_pdf(), **key).get_json() == first
    other = partner.upload(make_pdf(), "别的名字.pdf", **key)
    assert (other.status_code, other.get_json()["code"]) == (422, "idempotency_key_reused")


@pytest.mark.row("P-12")
@pytest.mark.parametrize("key", ["", "k" * 129, "k\tk", "k\xe9"])
def test_a_key_that_is_no_key_is_refused(partner: PartnerProgram, key: str) -> None:
    body = {"document_id": partner.ready_document(make_pdf()), "title": "在线签章"}

    answer = partner.post("/signing-tasks", body, **{"Idempotency-Key": key})

    assert (answer.status_code, answer.get_json()["code"]) == (422, "bad_idempotency_key")


@pytest.mark.parametrize("path", ["/partner/v1/nothing", "/m/nothing/here", "/sign", "/%ff"])
def test_an_unknown_address_is_answered_in_our_words(product: Product, path: str) -> None:
    answer = product.browser().get(path, headers={"Accept": "application/json"})

    assert (answer.status_code, answer.get_json()["code"]) == (404, "not_found")


def test_another_method_is_answered_in_our_words(partner: PartnerProgram) -> None:
    answer = partner.client.delete(TASKS, headers=partner.headers)

    assert (answer.status_code, answer.get_json()["code"]) == (405, "method_not_allowed")


@pytest.mark.row("P-29")
def test_beyond_the_stated_number_of_requests_the_answer_says_when_to_come_back(
    product: Product,
) -> None:
    limited = product.restarted(requests_per_minute=3)
    answers = [limited.browser().get("/m/login") for _ in range(4)]

    assert [one.status_code for one in answers] == [200, 200, 200, 429]
    assert answers[-1].headers["Retry-After"] == "60"
    assert "Retry-After" not in answers[0].headers
