"""What every face recognition must do."""

import pytest

from server.providers.face import Face, FacePerson
from server.providers.face.local import LocalFace

PERSON = FacePerson("acc-1", "韦志远", "450103198506123011")


@pytest.fixture(params=["local"])
def face() -> LocalFace:
    return LocalFace()


def test_a_check_leaves_an_outcome_a_number_and_a_score(face: Face) -> None:
    result = face.check(PERSON, "enter")
    assert result.passed
    assert result.result_id
    assert 0 <= result.score <= 100
    assert face.check(PERSON, "enter").result_id != result.result_id


def test_another_face_is_a_result_and_not_an_error(face: LocalFace) -> None:
    likely = face.check(PERSON, "enter").score
    face.passes = False
    result = face.check(PERSON, "enter")
    assert not result.passed
    assert result.score < likely


@pytest.mark.row("S-44")
def test_the_id_number_of_a_person_is_not_in_what_is_printed_of_him() -> None:
    assert PERSON.id_number not in repr(PERSON)
