"""What every face recognition must do."""

from pathlib import Path

import pytest

from server.providers.face import Face, FacePerson, Outcome
from server.providers.face.local import LocalFace

PERSON = FacePerson("韦志远", "resident_id", "450103198506123011")


@pytest.fixture(params=["local"])
def face(tmp_path: Path) -> LocalFace:
    return LocalFace(tmp_path, passes=True)


def test_a_check_leaves_an_outcome_a_number_and_a_score(face: Face) -> None:
    first, second = (face.start(PERSON, "enter", "") for _ in range(2))
    result = face.result(first.reference, PERSON)
    assert result.outcome is Outcome.PASSED
    assert result.result_id
    assert 0 <= result.score <= 100
    assert face.result(second.reference, PERSON).result_id != result.result_id


def test_another_face_is_a_result_and_not_an_error(face: LocalFace) -> None:
    started = face.start(PERSON, "enter", "")
    likely = face.result(started.reference, PERSON).score
    face.passes = False
    result = face.result(started.reference, PERSON)
    assert result.outcome is Outcome.FAILED
    assert result.score < likely


def test_a_check_that_nobody_began_has_failed(face: Face) -> None:
    assert face.result("face-" + "0" * 32, PERSON).outcome is Outcome.FAILED
    assert face.result("../../etc/passwd", PERSON).outcome is Outcome.FAILED


def test_a_check_of_one_person_is_none_of_another(face: Face) -> None:
    started = face.start(PERSON, "enter", "")
    other = FacePerson("黄淼", "resident_id", "450102199009234528")
    assert face.result(started.reference, other).outcome is Outcome.FAILED


def test_a_check_waits_until_its_outcome_is_chosen(face: LocalFace) -> None:
    face.passes = None
    started = face.start(PERSON, "enter", "/m/me")
    assert face.result(started.reference, PERSON).outcome is Outcome.PENDING
    face.decide(started.reference, passes=True)
    assert face.result(started.reference, PERSON).outcome is Outcome.PASSED


@pytest.mark.row("S-44")
def test_the_id_number_of_a_person_is_not_in_what_is_printed_of_him() -> None:
    assert PERSON.id_number not in repr(PERSON)
