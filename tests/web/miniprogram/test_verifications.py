"""验签 in the mini-program: without a login, in WeChat's form, for whoever has the id."""

import pytest
from flask.testing import FlaskClient

from server.sealing.report import CheckName
from tests.factories import reports
from tests.factories.devices import multipart
from tests.factories.mini_program import MP, told
from tests.factories.pdf import make_pdf
from tests.factories.product import Product
from tests.factories.verifying import saying


@pytest.fixture
def client(product: Product) -> FlaskClient:
    """A mini-program at which nobody is logged in; every file is found to be good."""
    return saying(product, reports.report()).app.test_client(use_cookies=False)


@pytest.mark.row("F-49", "F-50")
def test_anybody_verifies_a_file_and_reads_its_report_again(client: FlaskClient) -> None:
    answer = client.post(f"{MP}/verifications", **multipart("file", "合同.pdf", make_pdf()))

    assert answer.status_code == 201
    report = answer.get_json()
    assert (report["errcode"], report["overall"], report["name"]) == (0, "valid", "合同.pdf")
    checks = report["seals"][0]["checks"]
    assert [one["name"] for one in checks] == [one.value for one in CheckName]
    assert {one["answer_word"] for one in checks} == {"通过"}
    assert report["seals"][0]["signed_at"] == "2026-11-20T16:30:00+08:00"
    again = client.get(f"{MP}/verifications/{report['id']}").get_json()
    assert {**again, "rid": ""} == {**report, "rid": ""}
    picture = client.get(f"{MP}/verifications/{report['id']}/seals/1/picture")
    assert (picture.status_code, picture.mimetype) == (200, "image/png")


@pytest.mark.row("F-49")
def test_its_refusals_have_wechats_form(client: FlaskClient) -> None:
    assert told(client.post(f"{MP}/verifications", **multipart("file", "a.pdf", b""))) == (
        422,
        "no_file",
    )
    assert told(client.get(f"{MP}/verifications/none")) == (404, "verification_not_found")


@pytest.mark.row("P-29")
def test_it_is_counted_for_each_address(product: Product) -> None:
    few = saying(product, reports.report()).restarted(verifications_per_minute=1)
    client = few.app.test_client(use_cookies=False)
    answers = [
        client.post(f"{MP}/verifications", **multipart("file", "a.pdf", make_pdf()))
        for _ in range(2)
    ]

    assert [one.status_code for one in answers] == [201, 429]
    assert told(answers[1]) == (429, "too_many_requests")
