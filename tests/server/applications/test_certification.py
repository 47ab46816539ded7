"""Certification by link: two people in their order, each once, by a face and a signature."""

import pytest

from server.accounts.errors import ConsentNeeded, FaceCheckUnknown, FaceNotPassed
from server.applications.certification import Visit
from server.applications.certification_errors import (
    CertificationElsewhere,
    CertificationFaceOld,
    CertificationNotYourTurn,
    CertificationSameBrowser,
    CertificationStep,
)
from server.applications.certification_models import (
    FACE_GOOD_FOR,
    Certification,
    CertificationState,
)
from server.applications.lifecycle import ApplicationState
from server.applications.models import Way
from server.applications.service import ISSUE
from server.providers.face import Outcome
from tests.factories.applications import AGENT, STROKES
from tests.factories.certifications import Certifying
from tests.factories.product import WEI, Product

S = CertificationState


@pytest.mark.row("F-15", "F-16", "S-31")
def test_the_representative_certifies_first_and_then_the_agent(case: Certifying) -> None:
    assert case.links(AGENT[2]) == [], "the second text comes after the first certification"
    assert case.row(2).state == S.WAITING
    case.certify(1)
    assert case.application.state == ApplicationState.CERTIFYING
    assert case.row(1).is_done
    case.certify(2)
    assert case.application.state == ApplicationState.DONE
    assert case.applicant.jobs(ISSUE) == [{"application_id": case.application_id}]


@pytest.mark.row("F-16")
def test_the_same_person_certifies_twice_with_two_links_and_two_faces(product: Product) -> None:
    case = Certifying.begun(product, agent=None)
    case.certify(1, "his browser")
    assert case.application.state == ApplicationState.CERTIFYING
    case.certify(2, "his browser")
    assert case.application.state == ApplicationState.DONE
    assert len(set(case.links(WEI.phone))) == 2
    assert case.row(1).face_check_id != case.row(2).face_check_id


@pytest.mark.row("F-17")
def test_a_person_certifies_once_for_his_own_seals(product: Product) -> None:
    case = Certifying.begun(product, Way.PERSONAL)
    case.certify()
    assert case.application.state == ApplicationState.DONE


@pytest.mark.row("S-31")
def test_the_steps_are_taken_in_their_order(case: Certifying) -> None:
    visit = case.visit()
    for step in (
        lambda: case.read(visit),
        lambda: case.desk.begin_face(visit, consent=True),
        lambda: case.identify(visit),
        lambda: case.desk.sign(visit, STROKES),
        lambda: case.desk.page(visit, 1),
    ):
        with pytest.raises(CertificationStep) as early:
            step()
        assert early.value.details == {"step": "open"}
    case.open(visit)
    for step in (
        lambda: case.desk.begin_face(visit, consent=True),
        lambda: case.identify(visit),
        lambda: case.desk.sign(visit, STROKES),
    ):
        with pytest.raises(CertificationStep):
            step()
    case.read(visit)
    with pytest.raises(FaceNotPassed):
        case.identify(visit)
    with pytest.raises(CertificationStep):
        case.desk.sign(visit, STROKES)
    case.show_face(visit)
    with pytest.raises(CertificationStep):
        case.desk.sign(visit, STROKES)
    assert case.row().state == S.READ


@pytest.mark.row("S-31", "R-12")
def test_each_step_done_again_changes_nothing(case: Certifying) -> None:
    visit = case.certify()
    before = case.row()
    for again in (case.open, case.read, case.identify):
        again(visit)
    case.desk.sign(visit, {"typed": "somebody else"})
    after = case.row()
    assert vars_of(before) == vars_of(after)
    assert len(case.links(AGENT[2])) == 1
    assert case.row(2).state == S.SENT


def vars_of(row: Certification) -> dict[str, object]:
    return {column.name: getattr(row, column.name) for column in Certification.__table__.columns}


@pytest.mark.row("S-31")
def test_two_people_do_not_certify_in_one_browser(case: Certifying) -> None:
    case.certify(1, "one browser")
    with pytest.raises(CertificationSameBrowser):
        case.open(case.visit(2, "one browser"))
    case.certify(2, "another browser")
    assert case.application.state == ApplicationState.DONE


@pytest.mark.row("S-31")
def test_the_browser_that_opened_a_link_holds_it(case: Certifying) -> None:
    visit = case.visit()
    case.open(visit)
    thief = Visit(visit.token, "another browser")
    for steal in (case.open, case.read, case.identify):
        with pytest.raises(CertificationElsewhere):
            steal(thief)
    for look in (
        lambda: case.desk.page(thief, 1),
        lambda: case.desk.begin_face(thief, consent=True),
        lambda: case.desk.settle_face(thief),
        lambda: case.desk.sign(thief, STROKES),
    ):
        with pytest.raises(CertificationElsewhere):
            look()


@pytest.mark.row("S-31")
def test_a_link_of_the_second_turn_does_not_open_before_the_first_is_done(
    case: Certifying,
) -> None:
    link, token = case.desk.link(case.application, None)
    with case.product.parts.db.begin() as uow:
        uow.session.merge(case.row(2)).take_link(link.digest, uow.now, link.life)
    with pytest.raises(CertificationNotYourTurn):
        case.open(Visit(token, "a browser"))


@pytest.mark.row("S-31")
def test_a_face_shown_for_another_application_does_not_count(
    case: Certifying, product: Product
) -> None:
    other = Certifying.begun(product, Way.PERSONAL)
    mine, his = case.visit(), Visit(other.links(WEI.phone)[0], "the browser of turn 1")
    mine = Visit(case.links(WEI.phone)[1], mine.browser)
    for visit in (mine, his):
        case.open(visit)
        case.read(visit)
    assert case.show_face(his) == Outcome.PASSED
    with case.product.parts.db.begin() as uow:
        borrowed = uow.session.merge(case.row())
        borrowed.face_check_id = other.row().face_check_id
    with pytest.raises(FaceNotPassed):
        case.identify(mine)
    with pytest.raises(FaceCheckUnknown):
        case.desk.settle_face(mine)


@pytest.mark.row("F-15", "P-41")
def test_a_face_that_fails_goes_on_nowhere_and_may_be_shown_again(case: Certifying) -> None:
    visit = case.visit()
    case.open(visit)
    case.read(visit)
    with pytest.raises(ConsentNeeded):
        case.desk.begin_face(visit, consent=False)
    assert case.show_face(visit, passes=False) == Outcome.FAILED
    with pytest.raises(FaceNotPassed):
        case.identify(visit)
    assert case.show_face(visit) == Outcome.PASSED
    assert case.identify(visit).state == S.IDENTIFIED
    row = case.row()
    assert row.consent_version == "2026-11-21"
    assert row.face_result_id.startswith("result-")


@pytest.mark.row("S-31")
def test_who_waits_too_long_after_his_face_shows_it_again(case: Certifying) -> None:
    visit = case.identified()
    case.product.clock.advance(seconds=FACE_GOOD_FOR.total_seconds())
    with pytest.raises(CertificationFaceOld):
        case.desk.sign(visit, STROKES)
    first = case.row().face_check_id
    assert case.show_face(visit) == Outcome.PASSED
    case.identify(visit)
    case.desk.sign(visit, STROKES)
    assert case.row().is_done
    assert case.row().face_check_id != first
