"""The review desk by HTTP: who comes in, what he sees, what he decides."""

from typing import Any

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from server.applications import queries
from server.applications.models import Application, Material, PartyRole
from server.applications.slots import Slot
from server.core.audit import AuditRow
from server.reviewers.models import Reviewer
from server.seals.models import SealKind
from server.web.permissions import AT_DESK, NEEDS
from tests.factories.applications import AGENT, HAND, LIUZHOU, Applicant, wanted
from tests.factories.devices import OWN_ORIGIN
from tests.factories.pictures import photo
from tests.factories.product import WEI, Product
from tests.factories.review_desk import (
    DESK,
    LOGIN,
    ONE_TIME,
    OWN,
    Desk,
    at_desk,
    at_door,
    make_reviewer,
    waiting,
)
from tests.fakes.clock import FakeClock

REASON = "营业执照反光，请重新拍照"


@pytest.fixture
def by_hand(product: Product) -> Product:
    return product.restarted(review="manual")


@pytest.fixture
def desk(by_hand: Product) -> Desk:
    return at_desk(by_hand)


def refusal(answer: TestResponse) -> tuple[int, str]:
    return answer.status_code, answer.get_json()["code"]


def row_of(product: Product, application_id: str) -> Application:
    with product.parts.db.read() as uow:
        return queries.for_review(uow, application_id)


@pytest.mark.row("S-18")
def test_every_route_of_the_desk_wants_a_reviewer_and_takes_nobody_else(product: Product) -> None:
    phone, computer = product.phone().client, product.computer().client
    for rule in product.app.url_map.iter_rules():
        if NEEDS.get(rule.endpoint) not in AT_DESK:
            continue
        built = rule.build(dict.fromkeys(rule.arguments, "none"), append_unknown=False)
        assert built
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
            for client in (product.app.test_client(), phone, computer):
                answer = client.open(built[1], method=method, json={}, headers=OWN_ORIGIN)
                assert refusal(answer) == (401, "reviewer_login_needed"), rule


@pytest.mark.row("S-25")
def test_the_desk_takes_no_decision_from_another_site(by_hand: Product, desk: Desk) -> None:
    path = f"{DESK}/{waiting(by_hand)}/approve"
    answer = desk.client.post(path, json={}, headers={"Origin": "https://evil.test"})
    assert refusal(answer) == (403, "cross_site")


def test_a_page_leads_to_the_door_and_back(by_hand: Product) -> None:
    make_reviewer(by_hand)
    browser = Desk(by_hand.app.test_client())
    answer = browser.get(DESK, headers={"Accept": "text/html"})
    assert answer.headers["Location"] == "/admin/login?next=%2Fadmin%2Fapplications"

    body = {"login": LOGIN.upper(), "password": ONE_TIME}
    for then, goal in ((f"{DESK}/app-1", f"{DESK}/app-1"), ("//evil.test", DESK), ("/m/", DESK)):
        told = browser.post(f"/admin/login?next={then}", body).get_json()
        assert told == {"next": goal}
    cookie = browser.client.get_cookie("gy_reviewer", path="/admin")
    assert cookie
    assert cookie.http_only
    assert cookie.path == "/admin"


def test_the_printed_password_opens_the_page_for_another_and_nothing_else(
    by_hand: Product,
) -> None:
    make_reviewer(by_hand)
    desk = at_door(by_hand)
    assert refusal(desk.get(DESK)) == (403, "own_password_needed")
    assert (
        desk.get(DESK, headers={"Accept": "text/html"})
        .headers["Location"]
        .startswith("/admin/password")
    )
    assert refusal(desk.post("/admin/password", {"password": "short"})) == (422, "weak_password")
    assert refusal(desk.post("/admin/password", {"password": ONE_TIME})) == (
        422,
        "same_reviewer_password",
    )
    assert desk.post("/admin/password", {"password": OWN}).get_json() == {"next": DESK}
    assert desk.get(DESK).status_code == 200
    assert desk.get("/admin/password").status_code == 303


@pytest.mark.row("S-24")
def test_a_wrong_name_and_a_wrong_password_are_answered_alike(by_hand: Product) -> None:
    make_reviewer(by_hand)
    desk = Desk(by_hand.app.test_client())
    for login in (LOGIN, "nobody"):
        assert refusal(desk.log_in("wrong", login)) == (422, "wrong_reviewer_password")


def test_thirty_idle_minutes_and_leaving_end_the_login(desk: Desk, clock: FakeClock) -> None:
    for _ in range(2):
        clock.advance(minutes=29)
        assert desk.get(DESK).status_code == 200
    clock.advance(minutes=30)
    assert refusal(desk.get(DESK)) == (401, "reviewer_login_needed")

    desk.log_in()
    assert desk.post("/admin/logout").get_json() == {"next": "/admin/login"}
    assert refusal(desk.get(DESK)) == (401, "reviewer_login_needed")


def test_the_list_shows_what_waits(by_hand: Product, desk: Desk) -> None:
    assert "没有等待审核的申请" in desk.get(DESK).text
    application_id = waiting(by_hand)

    assert f"{DESK}/{application_id}" in desk.get(DESK).text


def test_where_nobody_reviews_by_hand_the_empty_list_says_why(product: Product) -> None:
    desk = at_desk(product)
    assert "当前为自动审核" in desk.get(DESK).text


@pytest.mark.row("P-45")
def test_what_waited_when_reviews_became_automatic_is_still_decided(by_hand: Product) -> None:
    application_id = waiting(by_hand)
    desk = at_desk(by_hand.restarted(review="automatic"))
    page = desk.get(DESK).text
    assert application_id in page
    assert "当前为自动审核" not in page
    assert desk.decide(application_id, "approve").status_code == 200


@pytest.mark.row("P-45")
def test_an_application_stands_beside_what_is_registered(by_hand: Product, desk: Desk) -> None:
    page = desk.get(f"{DESK}/{waiting(by_hand)}").text

    for typed in (WEI.name, WEI.id_number, WEI.phone, *AGENT, LIUZHOU):
        assert typed in page
    assert "可核对的内容与登记信息一致" in page
    assert "企业法定名称章、财务专用章" in page
    assert "differs" not in page


@pytest.mark.row("P-45")
def test_what_differs_is_marked_and_cannot_be_approved(by_hand: Product, desk: Desk) -> None:
    application_id = waiting(by_hand)
    applicant = Applicant(by_hand)
    applicant.company(name="柳州另一个名字有限公司")
    with by_hand.parts.db.begin() as uow:
        party = applicant.parties_of(application_id)[PartyRole.REPRESENTATIVE]
        uow.session.merge(party).number_index = "another"

    page = desk.get(f"{DESK}/{application_id}").text
    assert page.count('class="differs"') == 2
    assert "有 2 处与登记信息不一致" in page
    assert "与登记号码不一致" in page
    refused = desk.decide(application_id, "approve")
    assert refusal(refused) == (409, "not_as_registered")
    assert row_of(by_hand, application_id).state == "in_review"


@pytest.mark.row("F-22", "S-17")
def test_materials_are_shown_to_the_reviewer_alone_and_never_kept(
    by_hand: Product, desk: Desk
) -> None:
    application_id = waiting(by_hand)
    taken = by_hand.parts.material_desk.take(Slot.LICENCE, photo())
    with by_hand.parts.db.begin() as uow:
        licence = select(Material).where(
            Material.holder_id == application_id, Material.slot == Slot.LICENCE
        )
        row = uow.session.scalars(licence).one()
        uow.session.delete(row)
        uow.session.flush()
        uow.session.add(Material(holder_id=application_id, taken_at=uow.now, **vars(taken)))
    path = f"{DESK}/{application_id}/materials/{Slot.LICENCE}"

    answer = desk.get(path)
    assert (answer.mimetype, answer.data[:2]) == ("image/jpeg", b"\xff\xd8")
    assert answer.headers["Cache-Control"] == "no-store"
    assert f'src="{path}"' in desk.get(f"{DESK}/{application_id}").text
    assert refusal(by_hand.phone().get(path)) == (401, "reviewer_login_needed")
    missing = desk.get(f"{DESK}/{application_id}/materials/handwriting")
    assert refusal(missing) == (404, "material_not_found")


def test_a_draft_and_a_stranger_thing_are_not_there(by_hand: Product, desk: Desk) -> None:
    draft = Applicant(by_hand).filled()
    for application_id in (draft, "app-none"):
        path = f"{DESK}/{application_id}"
        assert refusal(desk.get(path)) == (404, "application_not_found")
        for decision in ("approve", "correction", "reject"):
            refused = desk.decide(application_id, decision)
            assert refusal(refused) == (404, "application_not_found")


@pytest.mark.row("P-45")
def test_sending_back_and_rejecting_want_a_reason(by_hand: Product, desk: Desk) -> None:
    application_id = waiting(by_hand)
    bodies: list[tuple[str, dict[str, Any]]] = [
        ("reject", {}),
        ("reject", {"reason": "  "}),
        ("correction", {"parts": {"licence": REASON}}),
        ("correction", {"reason": REASON, "parts": {"licence": ""}}),
    ]
    for decision, body in bodies:
        refused = desk.decide(application_id, decision, **body)
        assert refusal(refused) == (422, "reason_needed")
    assert desk.decide(application_id, "reject", reason=REASON).status_code == 200
    assert REASON in desk.get(f"{DESK}/{application_id}").text


@pytest.mark.row("P-45", "S-45")
def test_corrected_submitted_again_and_approved_each_by_name(by_hand: Product, desk: Desk) -> None:
    applicant, application_id = Applicant(by_hand), waiting(by_hand)
    path = f"{DESK}/{application_id}"
    said: dict[str, Any] = {"reason": "<b>请补正</b>", "parts": {"licence": REASON}}
    sent = desk.decide(application_id, "correction", **said)
    assert sent.get_json() == {"next": f"{DESK}?done=correction"}
    row = applicant.found(application_id)
    assert (row.state, row.corrections) == ("correction", {"licence": REASON})
    assert "&lt;b&gt;请补正" in desk.get(path).text
    stale = {"content": row.content_digest}
    assert refusal(desk.post(f"{path}/approve", stale)) == (409, "application_not_ready")

    applicant.save(application_id, wanted=[wanted(SealKind.CONTRACT)])
    applicant.submit(application_id, HAND)
    assert application_id in desk.get(DESK).text
    bodies = {"approve": {}, "correction": said, "reject": {"reason": REASON}}
    for decision, body in bodies.items():
        late = desk.post(f"{path}/{decision}", {**stale, **body})
        assert refusal(late) == (409, "application_moved_on"), decision
    assert applicant.found(application_id).state == "in_review"
    approved = desk.decide(application_id, "approve")
    assert approved.get_json() == {"next": f"{DESK}?done=approved"}

    assert applicant.found(application_id).state == "certifying"
    assert application_id not in desk.get(DESK).text
    with by_hand.parts.db.read() as uow:
        reviewer = uow.session.scalars(select(Reviewer.id)).one()
        mine = (AuditRow.actor == reviewer, AuditRow.subject == application_id)
        told = select(AuditRow.event).where(*mine).order_by(AuditRow.seq)
        events = uow.session.scalars(told).all()
    assert events == ["application.correction_asked", "application.approved"]
