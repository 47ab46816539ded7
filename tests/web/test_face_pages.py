"""Face checks at a browser: every outcome has a sentence, and none opens more than it was for."""

from dataclasses import dataclass
from typing import ClassVar

import pytest
from sqlalchemy import select

from server.accounts.consents import Agreement
from server.accounts.models import Consent, FaceCheck
from server.providers.face import FacePerson, FaceResult, FaceStarted, FaceUnavailable
from tests.factories.logins import told
from tests.factories.product import LI, Product
from tests.factories.visits import Visit, visit


@pytest.fixture
def company(product: Product) -> Visit:
    """The phone of Wei's company, before the gate."""
    return visit(product, by_company=True)


def may_go_on(one: Visit) -> bool:
    return one.get("/m/", headers={"Accept": "application/json"}).status_code == 200


@pytest.mark.row("F-10")
def test_a_check_that_passes_opens_the_gate_and_leads_on(company: Visit) -> None:
    answer = company.pass_gate("/m/uses")

    assert answer.get_json() == {"outcome": "passed", "next": "/m/uses"}
    assert may_go_on(company)


@pytest.mark.row("F-10", "R-12")
def test_asking_again_for_what_passed_changes_nothing(company: Visit) -> None:
    company.pass_gate()

    assert company.settle().get_json() == {"outcome": "passed", "next": "/m/"}


@pytest.mark.row("F-10", "P-41")
def test_nothing_begins_without_the_separate_consent(company: Visit) -> None:
    refused = company.post("/m/gate", {"consent": False})

    assert told(refused) == (422, "consent_needed")
    with company.product.parts.db.read() as uow:
        assert uow.session.scalars(select(FaceCheck)).all() == []
    assert consents_of(company) == set()
    back = company.decide(company.begin_face(), passes=True)
    assert consents_of(company) == set()
    company.settle(back)
    assert consents_of(company) == {Agreement.FACE, Agreement.TERMS, Agreement.PRIVACY}


def consents_of(company: Visit) -> set[str]:
    with company.product.parts.db.read() as uow:
        return set(uow.session.scalars(select(Consent.kind)))


@pytest.mark.row("F-10")
def test_a_face_that_does_not_fit_opens_nothing(company: Visit) -> None:
    back = company.decide(company.begin_face(), passes=False)

    assert told(company.settle(back)) == (422, "face_not_passed")
    assert told(company.settle(back)) == (422, "face_not_passed")
    assert not may_go_on(company)
    assert 'href="/m/gate?next=/m/"' in company.get(back).text


@pytest.mark.row("F-10")
def test_who_gives_up_is_told_to_wait_or_to_begin_again(company: Visit) -> None:
    back = company.decide(company.begin_face(), passes=None)

    assert company.settle(back).get_json() == {"outcome": "pending"}
    assert not may_go_on(company)


@pytest.mark.row("F-10", "R-09")
def test_a_check_that_nobody_finished_has_failed_after_ten_minutes(company: Visit) -> None:
    page = company.begin_face()
    company.product.clock.advance(minutes=10)
    company.decide(page)

    assert told(company.settle()) == (422, "face_not_passed")


@pytest.mark.row("F-10", "S-18")
def test_nobody_settles_the_check_of_another_session(product: Product, company: Visit) -> None:
    company.decide(company.begin_face())
    thief = visit(product, LI)
    cookie = company.client.get_cookie("gy_face", path="/m")
    assert cookie
    thief.client.set_cookie("gy_face", cookie.value, path="/m")

    assert told(thief.settle()) == (404, "face_check_unknown")
    assert thief.session.face_at is None
    assert company.settle().status_code == 200


@pytest.mark.row("F-10")
@pytest.mark.parametrize("cookie", ["", "x", "face-1.enter_company", "face-1.nothing.session", "é"])
def test_a_browser_without_a_check_is_told_so(company: Visit, cookie: str) -> None:
    company.client.set_cookie("gy_face", cookie, path="/m")

    assert told(company.settle()) == (404, "face_check_unknown")
    assert company.get("/m/face").status_code == 200


@pytest.mark.row("F-10")
def test_a_check_opens_only_the_session_that_began_it(product: Product, company: Visit) -> None:
    company.decide(company.begin_face())
    company.post("/m/logout")

    assert told(company.settle()) == (401, "login_needed")


@pytest.mark.row("F-10", "S-18")
def test_a_check_for_another_purpose_opens_no_gate(company: Visit) -> None:
    company.decide(company.begin_face())
    wrong = company.client.get_cookie("gy_face", path="/m")
    assert wrong
    text = wrong.value.replace("enter_company", "login")
    company.client.set_cookie("gy_face", text, path="/m")

    assert told(company.settle()) == (422, "face_not_passed")
    assert not may_go_on(company)


@dataclass
class SilentFace:
    """A service that does not answer: at once, or when it is asked for the outcome."""

    development_only: ClassVar[bool] = True
    begins: bool = False

    def supports(self, person: FacePerson) -> bool:
        return True

    def start(self, person: FacePerson, purpose: str, back_url: str) -> FaceStarted:
        if not self.begins:
            raise FaceUnavailable
        return FaceStarted("r", "/elsewhere", 600)

    def result(self, reference: str, person: FacePerson) -> FaceResult:
        raise FaceUnavailable


@pytest.mark.row("R-09")
def test_without_the_service_there_is_a_sentence_and_nothing_half_made(product: Product) -> None:
    away = product.restarted_with(face=SilentFace())
    company = visit(away, by_company=True)

    refused = company.post("/m/gate", {"consent": True})

    assert told(refused) == (503, "face_unavailable")
    assert "短信验证码" in refused.get_json()["next_step"]
    with product.parts.db.read() as uow:
        assert uow.session.scalars(select(FaceCheck)).all() == []
        assert uow.session.scalars(select(Consent).where(Consent.kind == "face")).all() == []


@pytest.mark.row("R-09")
def test_an_outcome_that_cannot_be_asked_for_waits_for_the_next_time(product: Product) -> None:
    company = visit(product.restarted_with(face=SilentFace(begins=True)), by_company=True)
    company.begin_face()

    assert told(company.settle()) == (503, "face_unavailable")
    with product.parts.db.read() as uow:
        assert uow.session.scalars(select(FaceCheck.state)).all() == ["started"]


@pytest.mark.row("F-10", "S-23")
def test_ten_checks_without_one_that_passes_are_enough(company: Visit) -> None:
    for _ in range(9):
        company.begin_face()
    last = company.post("/m/gate", {"consent": True})
    assert last.status_code == 200

    locked = company.post("/m/gate", {"consent": True})
    assert told(locked) == (429, "face_locked")
    assert locked.get_json()["retry_after"] == 3600

    company.product.clock.advance(hours=1)
    assert company.pass_gate().status_code == 200
    # One that passes makes the others forgotten.
    for _ in range(10):
        company.begin_face()


@pytest.mark.row("S-28")
@pytest.mark.parametrize("elsewhere", ["https://evil.test/", "//evil.test", "/dev/outbox"])
def test_the_way_back_leads_to_our_own_pages_alone(company: Visit, elsewhere: str) -> None:
    for path in (f"/m/gate?next={elsewhere}",):
        back = company.decide(company.begin_face(path))
        assert back == "/m/face?next=%2Fm%2F"
    assert elsewhere not in company.get(f"/m/face?next={elsewhere}").text
    assert company.settle(f"/m/face?next={elsewhere}").get_json()["next"] == "/m/"


@pytest.mark.row("S-17")
def test_the_double_is_for_development_alone(product: Product, company: Visit) -> None:
    page = company.begin_face()
    assert company.get("/dev/face/face-" + "0" * 32).status_code == 404
    assert company.get("/dev/face/..%2Fkeys").status_code == 404
    changed = {"profile": "production", "public_url": "https://seal.test"}
    strict = product.restarted(**changed).app.test_client()

    for path in (page, "/dev/outbox"):
        assert strict.get(path).status_code == 404
    assert strict.post(page, json={"passes": True}).status_code == 404
    assert company.settle().get_json() == {"outcome": "pending"}
