"""An application is handed in once, as it was confirmed, and as the registry says."""

from functools import partial

import pytest
from sqlalchemy import select

from server.applications import content, queries, service
from server.applications.errors import (
    ApplicationEnded,
    ApplicationMovedOn,
    ContentChanged,
    ReasonNeeded,
    SealsThere,
    TooLateToWithdraw,
)
from server.applications.lifecycle import ApplicationState
from server.applications.models import KINDS, Application, PartyRole, Way
from server.applications.parties import PartyForm
from server.applications.service import CERTIFY, ISSUE, Unit
from server.core.audit import AuditRow
from server.intents.actions import IntentMethod
from server.intents.errors import IntentNeeded, IntentRefused, IntentSpent
from server.intents.methods import MethodChoice
from server.intents.models import VerificationMethod
from server.seals.models import Seal, SealKind, SealStatus
from tests.factories.applications import AUTOMATIC, HAND, LIUZHOU, Applicant
from tests.factories.domain import GUIYIN, seal_of
from tests.factories.product import Product
from tests.fakes.threads import together

S = ApplicationState


@pytest.mark.row("F-21", "P-45")
def test_with_automatic_review_the_certification_follows_at_once(wei: Applicant) -> None:
    application_id = wei.filled()
    row = wei.submit(application_id)
    assert row.state == S.CERTIFYING
    assert row.expires_at == wei.product.clock.now() + AUTOMATIC.link_life
    assert [state for state, _ in row.steps] == ["draft", "in_review", "certifying"]
    assert wei.jobs(CERTIFY) == [{"application_id": application_id}]
    assert wei.jobs(ISSUE) == []


@pytest.mark.row("P-45")
def test_with_review_by_hand_it_waits_for_a_reviewer(wei: Applicant) -> None:
    application_id = wei.filled()
    assert wei.submit(application_id, HAND).state == S.IN_REVIEW
    assert wei.jobs(CERTIFY) == []
    with wei.product.parts.db.read() as uow:
        assert [row.id for row in queries.in_review(uow).items] == [application_id]
    wei.approve(application_id)
    assert wei.found(application_id).state == S.CERTIFYING
    assert wei.jobs(CERTIFY) == [{"application_id": application_id}]


@pytest.mark.row("P-45")
def test_what_came_back_says_why_and_is_submitted_again(wei: Applicant) -> None:
    application_id = wei.filled()
    wei.submit(application_id, HAND)
    with pytest.raises(ReasonNeeded):
        wei.send_back(application_id, " ")
    with pytest.raises(ReasonNeeded):
        wei.send_back(application_id, parts={"licence": ""})
    wei.send_back(application_id, "照片不清晰", {"licence": "请重拍"})
    row = wei.found(application_id)
    assert (row.state, row.reason, row.corrections) == (
        S.CORRECTION,
        "照片不清晰",
        {"licence": "请重拍"},
    )
    again = wei.submit(application_id, HAND)
    assert (again.state, again.reason, again.corrections) == (S.IN_REVIEW, "", {})


def test_a_rejected_one_has_ended_and_makes_room(wei: Applicant) -> None:
    application_id = wei.filled()
    wei.submit(application_id, HAND)
    with pytest.raises(ReasonNeeded):
        wei.reject(application_id, reason="")
    wei.reject(application_id)
    assert wei.found(application_id).state == S.REJECTED
    with pytest.raises(ApplicationEnded):
        wei.check(application_id)
    assert wei.submit(wei.filled(), HAND).state == S.IN_REVIEW


@pytest.mark.row("F-18")
def test_it_is_withdrawn_at_any_time_before_the_seals_are_made(wei: Applicant) -> None:
    for terms in (None, HAND, AUTOMATIC):
        application_id = wei.filled()
        if terms:
            wei.submit(application_id, terms)
        assert wei.withdraw(application_id).state == S.WITHDRAWN
        assert wei.withdraw(application_id).state == S.WITHDRAWN
    application_id = wei.filled()
    wei.submit(application_id)
    wei.certify(application_id)
    assert wei.jobs(ISSUE) == [{"application_id": application_id}]
    with pytest.raises(TooLateToWithdraw):
        wei.withdraw(application_id)


@pytest.mark.row("R-12", "R-13")
def test_of_two_submissions_at_once_one_wins(wei: Applicant) -> None:
    application_id = wei.filled()
    checked = wei.check(application_id)
    acts = [partial(wei.submit, application_id, AUTOMATIC, checked)] * 8
    outcomes = together(acts)
    won = [one for one in outcomes if isinstance(one, Application)]
    assert len(won) == 1
    assert [type(one) for one in outcomes if one not in won] == [ApplicationMovedOn] * 7
    assert len(wei.jobs(CERTIFY)) == 1


@pytest.mark.row("R-13")
def test_of_two_applications_for_the_same_kind_one_wins(wei: Applicant) -> None:
    first = wei.filled()
    wei.submit(first, HAND)
    wei.send_back(first)
    # The first one is a draft again; to begin another, it would have to be withdrawn.
    assert wei.start() == first
    wei.submit(first, HAND)
    second = wei.filled(kinds=[SealKind.FINANCE, SealKind.INVOICE])
    with pytest.raises(SealsThere) as refused:
        wei.submit(second, HAND)
    assert refused.value.details == {"kinds": ["finance"]}


@pytest.mark.row("F-19")
def test_a_living_seal_of_the_kind_refuses_and_a_cancelled_or_expired_one_does_not(
    product: Product,
) -> None:
    wei = Applicant(product)
    with product.parts.db.read() as uow:
        seal = seal_of(uow, SealKind.COMPANY, GUIYIN)
    owner = (seal.owner_kind, seal.owner_id)
    with product.parts.db.begin() as uow:
        both = {SealKind.COMPANY, SealKind.LEGAL_REPRESENTATIVE}
        assert queries.taken_kinds(uow, *owner) == both
        row = uow.session.get_one(Seal, seal.id)
        row.status = SealStatus.SUSPENDED
        assert queries.taken_kinds(uow, *owner) == both
        row.status = SealStatus.CANCELLED
        assert queries.taken_kinds(uow, *owner) == {SealKind.LEGAL_REPRESENTATIVE}
    wei.product.clock.advance(days=4 * 365)
    with product.parts.db.read() as uow:
        assert queries.taken_kinds(uow, *owner) == set()


@pytest.mark.row("S-14")
def test_what_changed_after_it_was_confirmed_is_not_submitted(wei: Applicant) -> None:
    application_id = wei.filled()
    checked = wei.check(application_id)
    wei.save(application_id, method=MethodChoice(VerificationMethod.FACE))
    with pytest.raises(ContentChanged):
        wei.submit(application_id, AUTOMATIC, checked)
    assert wei.found(application_id).state == S.DRAFT


def test_the_digest_covers_every_part(wei: Applicant) -> None:
    application_id = wei.filled()

    def now() -> str:
        with wei.product.parts.db.read() as uow:
            return content.digest(uow, uow.session.get_one(Application, application_id))

    name, number, _ = ("覃明亮", "450102198805011021", "")
    agent = PartyForm(PartyRole.AGENT, name, "resident_id", number, "13907719002", True)
    seen = [now()]
    for change in (
        {"unit": Unit("柳州桂印", LIUZHOU)},
        {"method": MethodChoice(VerificationMethod.PASSWORD, "digest-1")},
        {"method": MethodChoice(VerificationMethod.PASSWORD, "digest-2")},
        {"people": wei.people(agent)},
        {"wanted": []},
    ):
        if change.get("wanted") == []:
            with wei.product.parts.db.begin() as uow:
                uow.session.get_one(Application, application_id).wanted = []
        else:
            wei.save(application_id, **change)
        seen.append(now())
    with wei.product.parts.db.begin() as uow:
        uow.session.delete(content.materials_of(uow, application_id)["licence"])
    seen.append(now())
    assert len(set(seen)) == len(seen)


@pytest.mark.row("F-21", "S-15")
def test_it_takes_an_intent_for_this_very_content_and_each_once(wei: Applicant) -> None:
    application_id, other = wei.filled(), wei.filled(Way.PERSONAL, [SealKind.SQUARE])
    checked, foreign = wei.check(application_id), wei.proved(wei.check(other))
    submit = partial(service.submit, terms=HAND, checked=checked, session=wei.session)
    for intent, refusal in (("", IntentNeeded), (foreign, IntentRefused)):
        with pytest.raises(refusal), wei.product.parts.db.begin() as uow:
            submit(uow, intent_id=intent)
    by_pin = wei.proved(checked, IntentMethod.PIN)
    with pytest.raises(IntentRefused), wei.product.parts.db.begin() as uow:
        submit(uow, intent_id=by_pin)
    intent = wei.proved(checked)
    with wei.product.parts.db.begin() as uow:
        submit(uow, intent_id=intent)
    wei.send_back(application_id)
    with pytest.raises(IntentSpent), wei.product.parts.db.begin() as uow:
        submit(uow, intent_id=intent)


def test_each_decision_is_in_the_audit_trail(wei: Applicant) -> None:
    application_id = wei.filled()
    wei.submit(application_id)
    wei.certify(application_id)
    with wei.product.parts.db.read() as uow:
        mine = select(AuditRow).where(AuditRow.subject == application_id).order_by(AuditRow.seq)
        rows = [(row.event, row.actor) for row in uow.session.scalars(mine)]
    assert rows == [
        ("application.submitted", wei.account_id),
        ("application.approved", "registry"),
        ("application.certified", "system"),
    ]


@pytest.mark.row("F-19", "F-25")
@pytest.mark.parametrize("way", [Way.FULL, Way.PERSONAL])
def test_all_kinds_of_a_way_can_be_drawn_at_once(wei: Applicant, way: Way) -> None:
    assert wei.submit(wei.filled(way, KINDS[way])).kinds == list(KINDS[way])
