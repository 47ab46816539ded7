"""A partner sees its own files and tasks; of others it cannot tell that they exist (S-17, S-28)."""

from statistics import median
from time import perf_counter

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from server.core.ids import fingerprint
from server.partners.models import ApiKey
from tests.factories.pdf import make_pdf
from tests.factories.product import PartnerProgram, Product, Signing
from tests.factories.truth import truth_of


@pytest.fixture
def sealed(product: Product) -> Signing:
    signing = product.signing()
    signing.seal()
    return signing


@pytest.fixture
def stranger(product: Product) -> PartnerProgram:
    return product.another_partner()


def without_id(answer: TestResponse) -> dict[str, object]:
    return {key: value for key, value in answer.get_json().items() if key != "request_id"}


@pytest.mark.row("S-17", "P-11")
@pytest.mark.parametrize("act", ["", "/cancel", "/result"])
def test_a_foreign_task_is_answered_exactly_as_one_that_is_not_there(
    sealed: Signing, stranger: PartnerProgram, act: str
) -> None:
    call = stranger.post if act == "/cancel" else stranger.get

    foreign = call(f"/signing-tasks/{sealed.id}{act}")
    missing = call(f"/signing-tasks/{sealed.id[:-4]}zzzz{act}")

    assert foreign.status_code == missing.status_code == 404
    assert without_id(foreign) == without_id(missing)
    assert {*foreign.headers.keys()} == {*missing.headers.keys()}
    assert truth_of(sealed.product, sealed.id).status == "sealed"


@pytest.mark.row("S-17")
def test_a_foreign_file_is_answered_exactly_as_one_that_is_not_there(
    sealed: Signing, stranger: PartnerProgram
) -> None:
    result = sealed.partner.get(f"/signing-tasks/{sealed.id}").get_json()["result"]
    uploaded = sealed.partner.upload(make_pdf()).get_json()["id"]
    missing = without_id(stranger.get("/documents/doc-none"))
    for document_id in (result["document_id"], uploaded):
        foreign = stranger.get(f"/documents/{document_id}")
        assert (foreign.status_code, without_id(foreign)) == (404, missing)
        task = stranger.post("/signing-tasks", {"document_id": document_id, "title": "t"})
        assert (task.status_code, task.get_json()["code"]) == (404, "document_not_found")


@pytest.mark.row("S-17")
def test_a_thousand_guessed_ids_bring_one_answer_in_one_time(
    sealed: Signing, stranger: PartnerProgram
) -> None:
    """The task's neighbours in time, and itself among them as often."""
    head, answers = sealed.id[:-4], set()
    seconds: dict[bool, list[float]] = {True: [], False: []}
    for number in range(1000):
        is_real = number % 2 == 0
        begun = perf_counter()
        answer = stranger.get(f"/signing-tasks/{sealed.id if is_real else f'{head}{number:04d}'}")
        seconds[is_real].append(perf_counter() - begun)
        answers.add((answer.status_code, str(without_id(answer))))

    assert [status for status, _ in answers] == [404]
    assert 0.8 < median(seconds[True]) / median(seconds[False]) < 1.25


@pytest.mark.row("S-17")
def test_an_idempotency_key_of_another_partner_brings_nothing_back(
    sealed: Signing, stranger: PartnerProgram
) -> None:
    body = {"document_id": sealed.partner.ready_document(make_pdf()), "title": "在线签章"}
    key = {"Idempotency-Key": "shared"}
    assert sealed.partner.post("/signing-tasks", body, **key).status_code == 201

    assert stranger.post("/signing-tasks", body, **key).status_code == 404
    own = {"document_id": stranger.ready_document(make_pdf()), "title": "在线签章"}
    assert stranger.post("/signing-tasks", own, **key).status_code == 201


@pytest.mark.row("S-17")
def test_a_partner_fetches_its_own_result_as_a_document(sealed: Signing) -> None:
    result = sealed.partner.get(f"/signing-tasks/{sealed.id}").get_json()["result"]

    document = sealed.partner.get(f"/documents/{result['document_id']}").get_json()

    assert (document["status"], document["sha256"]) == ("ready", result["sha256"])


@pytest.mark.row("P-11")
def test_a_key_that_was_withdrawn_opens_nothing(product: Product, stranger: PartnerProgram) -> None:
    assert stranger.get("/documents/doc-none").status_code == 404
    withdraw(product, stranger.key)

    answer = stranger.get("/documents/doc-none")

    assert (answer.status_code, answer.get_json()["code"]) == (401, "bad_api_key")


@pytest.mark.row("S-28")
@pytest.mark.parametrize(
    "url",
    [
        "//evil.test/",
        "https://evil.test/",
        "https://sp.test.evil.test/",
        "https://sp.test@evil.test/",
        "https://user:pw@sp.test/",
        "https://sp.test:8443/",
        "https://sp.test:443.evil.test/",
        "https://sp.test:notaport/",
        "https://sp.test\\@evil.test/",
        "https:\\\\sp.test/",
        "https:/sp.test/",
        "http://sp.test/",
        "ftp://sp.test/",
        "javascript:alert(1)//https://sp.test/",
        "data:text/html,x",
        "https://sp.test\r\nSet-Cookie:x=1/",
        "https://sp.test\t.evil.test/",
        " https://sp.test.evil.test/",
        "https://ѕр.test/",
        "https://sp。test/",
        "https://sp.test./",
        "https://[::1/",
        "https://",
        "/back",
        "back",
    ],
)
def test_a_return_address_off_the_registered_origins_is_refused(product: Product, url: str) -> None:
    partner = product.another_partner(return_origins=["https://sp.test"])
    document_id = partner.ready_document(make_pdf())

    answer = partner.post(
        "/signing-tasks", {"document_id": document_id, "title": "t", "return_url": url}
    )

    assert (answer.status_code, answer.get_json()["code"]) == (422, "return_url_not_registered")


@pytest.mark.row("S-28")
@pytest.mark.parametrize("path", ["", "/", "/back?task=1#top", "/a//b/../c"])
def test_a_return_address_on_a_registered_origin_comes_back_unchanged(
    product: Product, path: str
) -> None:
    partner = product.another_partner(return_origins=["https://sp.test"])
    document_id = partner.ready_document(make_pdf())
    body = {"document_id": document_id, "title": "t", "return_url": f"https://sp.test{path}"}

    page = product.page(partner.post("/signing-tasks", body).get_json()["open_url"])

    assert page.state["task"]["return_url"] == body["return_url"]


def withdraw(product: Product, key: str) -> None:
    with product.parts.db.begin() as uow:
        row = uow.session.scalars(select(ApiKey).where(ApiKey.key_digest == fingerprint(key))).one()
        row.revoked_at = uow.now
