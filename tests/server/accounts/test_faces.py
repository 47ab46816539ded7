"""Face checks: for whom they may begin, what they prove, and that each opens one thing once."""

from dataclasses import replace

import pytest

from server.accounts import consents
from server.accounts import faces as checks
from server.accounts.consents import Agreement
from server.accounts.errors import (
    ConsentNeeded,
    FaceNotPassed,
    FaceNotSupported,
    RealNameNeeded,
)
from server.accounts.faces import FaceAsk, FacePurpose
from server.accounts.models import Account, FaceCheck, FaceState, Level
from server.core.errors import NotFound
from server.providers.face import FacePerson, FaceStarted, Outcome
from server.providers.face.local import LocalFace
from server.worker import sweep_hourly
from tests.factories.people import (
    HOLDER,
    NEW_PHONE,
    NUMBER,
    OTHER_NUMBER,
    OTHER_PHONE,
    Faces,
    People,
    claim,
)
from tests.factories.product import WEI

PROVING = [FacePurpose.REAL_NAME, FacePurpose.ENTER_COMPANY]
OPENING = [purpose for purpose in FacePurpose if purpose not in PROVING]


class NoPermits(LocalFace):
    """Checks residents only."""

    def supports(self, person: FacePerson) -> bool:
        return False


class Slow(LocalFace):
    """While a check begins, the person names another document."""

    people: People
    account_id: str

    def start(self, person: FacePerson, purpose: str, back_url: str) -> FaceStarted:
        started = super().start(person, purpose, back_url)
        self.people.declare(self.account_id, claim(OTHER_NUMBER))
        return started


@pytest.fixture
def declared(people: People) -> str:
    return people.register(NEW_PHONE, claim())


@pytest.fixture
def proven(people: People) -> str:
    wei = people.found(WEI.phone)
    assert wei
    return wei.id


def spend(
    people: People,
    check_id: str,
    purpose: FacePurpose = FacePurpose.REAL_NAME,
    holder: str = HOLDER,
) -> str:
    with people.db.begin() as uow:
        return checks.spend(uow, check_id, purpose, holder)


def kept(people: People, check_id: str) -> FaceCheck:
    with people.db.read() as uow:
        return uow.session.get_one(FaceCheck, check_id)


@pytest.mark.row("P-41")
def test_a_face_needs_a_consent_that_is_written_down(
    people: People, faces: Faces, declared: str
) -> None:
    ask = FaceAsk(declared, FacePurpose.REAL_NAME, HOLDER, consent=False)
    with pytest.raises(ConsentNeeded) as needed:
        faces.desk.start(ask)
    assert needed.value.details["consent"] == "face"

    faces.desk.start(replace(ask, consent=True, by_himself=True))
    with people.db.read() as uow:
        consents.require(uow, declared, Agreement.FACE)


@pytest.mark.row("P-37")
@pytest.mark.parametrize("purpose", list(FacePurpose))
def test_an_account_without_a_document_has_no_face_to_compare(
    people: People, faces: Faces, purpose: FacePurpose
) -> None:
    with pytest.raises(RealNameNeeded):
        faces.begin(people.register(), purpose)


@pytest.mark.row("P-37", "F-05", "F-06")
@pytest.mark.parametrize("purpose", OPENING)
def test_a_face_opens_only_an_account_that_was_proved(
    faces: Faces, declared: str, proven: str, purpose: FacePurpose
) -> None:
    with pytest.raises(RealNameNeeded):
        faces.begin(declared, purpose)

    assert faces.begin(proven, purpose)


@pytest.mark.row("P-37")
@pytest.mark.parametrize("purpose", PROVING)
def test_a_passed_face_proves_a_claim(
    people: People, faces: Faces, declared: str, purpose: FacePurpose
) -> None:
    faces.passed(declared, purpose)

    found = people.found(NUMBER)
    assert found
    assert (found.id, found.level) == (declared, Level.PROVEN)


@pytest.mark.row("P-37")
@pytest.mark.parametrize("purpose", OPENING)
def test_a_face_for_another_purpose_proves_nothing(
    people: People, faces: Faces, declared: str, proven: str, purpose: FacePurpose
) -> None:
    check_id = faces.begin(proven, purpose)
    with people.db.begin() as uow:
        # No way leads here: such a check never begins for a claim.
        uow.session.get_one(FaceCheck, check_id).account_id = declared
    faces.service.passes = True
    faces.service._file(kept(people, check_id).reference).write_text('{"name": "覃小红"}')

    assert faces.desk.settle(check_id, HOLDER) == Outcome.PASSED
    assert people.account(declared).level == Level.DECLARED


@pytest.mark.row("P-37")
def test_a_failed_face_proves_nothing_and_opens_nothing(
    people: People, faces: Faces, declared: str
) -> None:
    check_id = faces.begin(declared)
    faces.decide(check_id, passes=False)

    assert faces.desk.settle(check_id, HOLDER) == Outcome.FAILED
    assert people.account(declared).level == Level.DECLARED
    with pytest.raises(FaceNotPassed):
        spend(people, check_id)


@pytest.mark.row("P-37")
def test_the_first_word_of_the_service_stands(people: People, faces: Faces, declared: str) -> None:
    check_id = faces.begin(declared)
    faces.decide(check_id, passes=False)
    faces.desk.settle(check_id, HOLDER)
    faces.decide(check_id, passes=True)

    assert faces.desk.settle(check_id, HOLDER) == Outcome.FAILED
    assert people.account(declared).level == Level.DECLARED


def test_a_check_that_waits_for_a_face_is_not_settled(
    people: People, faces: Faces, declared: str
) -> None:
    check_id = faces.begin(declared)

    assert faces.desk.settle(check_id, HOLDER) == Outcome.PENDING
    assert kept(people, check_id).state == FaceState.STARTED
    with pytest.raises(FaceNotPassed):
        spend(people, check_id)
    faces.decide(check_id)
    assert faces.desk.settle(check_id, HOLDER) == Outcome.PASSED


@pytest.mark.row("F-06")
def test_a_passed_check_opens_once(people: People, faces: Faces, proven: str) -> None:
    check_id = faces.passed(proven, FacePurpose.LOGIN)

    assert spend(people, check_id, FacePurpose.LOGIN) == proven
    with pytest.raises(FaceNotPassed):
        spend(people, check_id, FacePurpose.LOGIN)
    # Asked again, the service would say yes again; the check stays used.
    assert faces.desk.settle(check_id, HOLDER) == Outcome.PASSED
    with pytest.raises(FaceNotPassed):
        spend(people, check_id, FacePurpose.LOGIN)


@pytest.mark.row("F-05", "F-06")
@pytest.mark.parametrize("purpose", [p for p in FacePurpose if p != FacePurpose.LOGIN])
def test_a_check_opens_only_what_it_was_begun_for(
    people: People, faces: Faces, proven: str, purpose: FacePurpose
) -> None:
    check_id = faces.passed(proven, FacePurpose.LOGIN)

    with pytest.raises(FaceNotPassed):
        spend(people, check_id, purpose)

    assert spend(people, check_id, FacePurpose.LOGIN)


@pytest.mark.row("F-06")
def test_a_check_belongs_to_the_browser_that_began_it(
    people: People, faces: Faces, proven: str
) -> None:
    check_id = faces.begin(proven, FacePurpose.LOGIN)
    faces.decide(check_id)
    with pytest.raises(NotFound):
        faces.desk.settle(check_id, "another browser")
    faces.desk.settle(check_id, HOLDER)

    with pytest.raises(FaceNotPassed):
        spend(people, check_id, FacePurpose.LOGIN, "another browser")

    assert HOLDER not in kept(people, check_id).holder
    assert spend(people, check_id, FacePurpose.LOGIN)


@pytest.mark.row("F-06")
def test_a_passed_check_is_good_for_ten_minutes(people: People, faces: Faces, proven: str) -> None:
    first = faces.passed(proven, FacePurpose.LOGIN)
    second = faces.passed(proven, FacePurpose.LOGIN)
    people.product.clock.advance(seconds=599)
    assert spend(people, first, FacePurpose.LOGIN)

    people.product.clock.advance(seconds=1)
    with pytest.raises(FaceNotPassed):
        spend(people, second, FacePurpose.LOGIN)


def test_an_unknown_check_opens_nothing(people: People, faces: Faces) -> None:
    with pytest.raises(FaceNotPassed):
        spend(people, "face-unknown")
    with pytest.raises(NotFound):
        faces.desk.settle("face-unknown", HOLDER)


@pytest.mark.row("F-07")
def test_a_document_that_no_face_can_be_held_against_has_other_ways(
    people: People, faces: Faces, declared: str
) -> None:
    desk = replace(faces.desk, face=NoPermits(faces.service._folder))

    with pytest.raises(FaceNotSupported) as refused:
        desk.start(FaceAsk(declared, FacePurpose.REAL_NAME, HOLDER, consent=True))

    assert refused.value.details == {"ways": ["sms", "counter"]}
    with people.db.read() as uow, pytest.raises(ConsentNeeded):
        consents.require(uow, declared, Agreement.FACE)


@pytest.mark.row("P-37")
def test_a_check_does_not_begin_when_the_document_is_exchanged_meanwhile(
    people: People, faces: Faces, declared: str
) -> None:
    slow = Slow(faces.service._folder)
    slow.people, slow.account_id = people, declared
    desk = replace(faces.desk, face=slow)

    with pytest.raises(FaceNotPassed):
        desk.start(FaceAsk(declared, FacePurpose.REAL_NAME, HOLDER, consent=True))

    with people.db.read() as uow:
        assert uow.session.get_one(Account, declared).level == Level.DECLARED


@pytest.mark.row("S-44")
def test_a_check_keeps_an_outcome_and_no_picture(
    people: People, faces: Faces, declared: str
) -> None:
    check = kept(people, faces.passed(declared))

    assert (check.state, check.score) == (FaceState.PASSED, 98.0)
    assert check.result_id
    assert NUMBER not in repr(FacePerson("覃小红", "resident_id", NUMBER, "openid-1"))


@pytest.mark.row("S-31")
def test_old_checks_are_swept_by_the_worker(people: People, faces: Faces) -> None:
    old = faces.passed(people.register(NEW_PHONE, claim()))
    people.product.clock.advance(days=29)
    young = faces.begin(people.register(OTHER_PHONE, claim(OTHER_NUMBER)))
    people.product.clock.advance(days=1)

    sweep_hourly(people.product.parts)

    with people.db.read() as uow:
        assert uow.session.get(FaceCheck, old) is None
        assert uow.session.get(FaceCheck, young) is not None
