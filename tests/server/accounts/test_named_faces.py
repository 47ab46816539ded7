"""Face checks of who has no account and is named by an application (F-15, Settled 4)."""

import pytest

from server.accounts import faces as checks
from server.accounts.errors import (
    ConsentNeeded,
    FaceCheckUnknown,
    FaceLocked,
    FaceNotPassed,
    FaceNotSupported,
)
from server.accounts.faces import CHECKS, FaceAsk, FaceDesk, FacePurpose
from server.accounts.models import FaceCheck, FaceState
from server.providers.face import FacePerson, FaceResult, Outcome
from server.providers.face.local import LocalFace
from tests.factories.people import NUMBER, Faces, People
from tests.factories.product import WEI

AGENT = FacePerson("覃明亮", "resident_id", NUMBER)
OTHER = FacePerson("覃小红", "resident_id", NUMBER)
HOLDER, INDEX = "certification-1 a-browser", "i" * 64


class NoPermits(LocalFace):
    def supports(self, person: FacePerson) -> bool:
        return False


class Lenient(LocalFace):
    """Knows everybody's face."""

    def result(self, reference: str, person: FacePerson) -> FaceResult:
        return FaceResult(Outcome.PASSED, "result-1", 99.0)


def begin(desk: FaceDesk, *, consent: bool = True, purpose: str = FacePurpose.CERTIFY) -> str:
    ask = FaceAsk(None, FacePurpose(purpose), HOLDER, consent, name_index=INDEX, named=AGENT)
    return desk.start(ask)[0].id


def passed(faces: Faces) -> str:
    check_id = begin(faces.desk)
    faces.decide(check_id)
    assert faces.desk.settle(check_id, HOLDER, named=AGENT) == Outcome.PASSED
    return check_id


def spend(people: People, check_id: str, holder: str = HOLDER) -> FaceCheck:
    with people.db.begin() as uow:
        return checks.spend_named(uow, check_id, holder, INDEX)


@pytest.mark.row("F-15")
def test_a_person_without_an_account_shows_his_face_once(people: People, faces: Faces) -> None:
    check_id = passed(faces)
    spent = spend(people, check_id)
    assert (spent.account_id, spent.state) == (None, FaceState.USED)
    assert spent.result_id.startswith("result-")
    with pytest.raises(FaceNotPassed):
        spend(people, check_id)


def test_his_face_needs_his_own_consent(faces: Faces) -> None:
    with pytest.raises(ConsentNeeded):
        begin(faces.desk, consent=False)


@pytest.mark.row("S-31")
def test_his_check_is_good_for_one_link_in_one_browser(people: People, faces: Faces) -> None:
    check_id = passed(faces)
    with pytest.raises(FaceNotPassed):
        spend(people, check_id, "certification-2 a-browser")
    with pytest.raises(FaceCheckUnknown):
        faces.desk.settle(check_id, "certification-1 another-browser", named=AGENT)


@pytest.mark.row("S-31")
def test_a_face_that_is_not_his_proves_nothing(people: People, faces: Faces) -> None:
    failed = begin(faces.desk)
    faces.decide(failed, passes=False)
    assert faces.desk.settle(failed, HOLDER, named=AGENT) == Outcome.FAILED
    another = begin(faces.desk)
    faces.decide(another)
    assert faces.desk.settle(another, HOLDER, named=OTHER) == Outcome.FAILED
    for check_id in (failed, another):
        with pytest.raises(FaceNotPassed):
            spend(people, check_id)


@pytest.mark.parametrize("purpose", [one for one in FacePurpose if one != FacePurpose.CERTIFY])
def test_who_is_named_passes_for_a_certification_alone(
    people: People, faces: Faces, purpose: str
) -> None:
    check_id = begin(faces.desk, purpose=purpose)
    faces.decide(check_id)
    assert faces.desk.settle(check_id, HOLDER, named=AGENT) == Outcome.FAILED
    with pytest.raises(FaceNotPassed):
        spend(people, check_id)


def test_a_check_that_nobody_was_named_for_never_passes(faces: Faces) -> None:
    desk = FaceDesk(faces.desk.db, faces.desk.keys, Lenient(faces.service._folder))
    assert desk.settle(begin(desk), HOLDER, named=AGENT) == Outcome.PASSED
    assert desk.settle(begin(desk), HOLDER) == Outcome.FAILED


def test_an_accounts_check_does_not_certify(people: People, faces: Faces) -> None:
    wei = people.found(WEI.phone)
    assert wei
    check_id = faces.passed(wei.id, FacePurpose.CERTIFY, HOLDER)
    with pytest.raises(FaceNotPassed):
        spend(people, check_id)
    check_id = passed(faces)
    with people.db.begin() as uow, pytest.raises(FaceNotPassed):
        checks.spend(uow, check_id, FacePurpose.CERTIFY, HOLDER)


def test_a_document_that_the_service_cannot_check_is_told_of(faces: Faces) -> None:
    service = NoPermits(faces.service._folder)
    with pytest.raises(FaceNotSupported) as refused:
        begin(FaceDesk(faces.desk.db, faces.desk.keys, service))
    assert refused.value.details == {"ways": ["counter"]}


def test_his_checks_are_counted_and_a_passed_one_ends_the_count(
    people: People, faces: Faces
) -> None:
    for _ in range(CHECKS.tries - 1):
        begin(faces.desk)
    spend(people, passed(faces))
    for _ in range(CHECKS.tries):
        begin(faces.desk)
    with pytest.raises(FaceLocked):
        begin(faces.desk)
