"""The API client that partners copy."""

import pytest

from examples.approval_system.client import ApiError, PartnerApi
from tests.examples.fake_partner import KEY, FakePartner

PDF = b"%PDF-1.7 original"


def test_a_passing_fault_is_repeated_and_makes_one_document(partner, api, pauses):
    partner.faults = [(503, {}), (502, {})]
    document = api.add_document("a.pdf", PDF, key="k1")
    assert document.status == "checking"
    assert len(partner.documents) == 1
    assert partner.calls == ["POST /partner/v1/documents"] * 3
    assert pauses[0] >= 0.4
    assert pauses[1] >= 1.2


def test_a_repeated_request_answers_with_what_the_first_one_made(partner, api):
    first = api.add_document("a.pdf", PDF, key="k1")
    assert api.add_document("a.pdf", PDF, key="k1").id == first.id
    assert api.add_document("a.pdf", PDF, key="k2").id != first.id


def test_retry_after_is_obeyed(partner, api, pauses):
    partner.faults = [(429, {"Retry-After": "3"})]
    api.add_document("a.pdf", PDF, key="k1")
    assert pauses[0] >= 3


def test_a_long_retry_after_is_left_to_the_caller(partner, api, pauses):
    partner.faults = [(429, {"Retry-After": "60"})]
    with pytest.raises(ApiError) as refused:
        api.add_document("a.pdf", PDF, key="k1")
    assert refused.value.retry_after == 60
    assert pauses == []


@pytest.mark.parametrize("status", [400, 401, 409, 422, 500])
def test_a_refusal_is_not_repeated_and_keeps_its_words(partner, api, pauses, status):
    partner.faults = [(status, {})]
    with pytest.raises(ApiError) as refused:
        api.task("task_1")
    assert refused.value.status == status
    assert refused.value.problem.code == "fault"
    assert refused.value.problem.next_step == "请照此办理。"
    assert pauses == []


def test_no_answer_becomes_a_sentence_after_three_tries(pauses):
    with FakePartner() as gone:
        url = gone.url
    api = PartnerApi(url, KEY, sleep=pauses.append)
    with pytest.raises(ApiError) as refused:
        api.task("task_1")
    api.close()
    assert refused.value.status is None
    assert refused.value.problem.code == "unreachable"
    assert len(pauses) == 2


def test_an_answer_that_cannot_be_read_is_a_named_problem(partner, api):
    partner.tasks["task_1"] = {"id": "task_1", "status": "a word of tomorrow"}
    with pytest.raises(ApiError) as refused:
        api.task("task_1")
    assert refused.value.problem.code == "bad_answer"


def test_the_key_stays_out_of_the_words_of_an_error(partner):
    api = PartnerApi(partner.url, "sk_secret", sleep=lambda _: None)
    with pytest.raises(ApiError) as refused:
        api.task("task_1")
    api.close()
    assert refused.value.problem.code == "bad_api_key"
    assert "sk_secret" not in f"{refused.value!r} {refused.value.problem}"
