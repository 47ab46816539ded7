"""A link to certify is random, lives for its days, and dies when another takes its place (S-31)."""

from datetime import timedelta

import pytest

from server.applications import certification
from server.applications.certification import DrawnForm, Visit
from server.applications.certification_errors import (
    CertificationElsewhere,
    CertificationLinkExpired,
    CertificationLinkUnknown,
    CertificationNotYourTurn,
    CertificationStep,
    CertificationTextsUsedUp,
    CertificationTextTooSoon,
)
from server.applications.certification_models import (
    MOST_TEXTS,
    PAUSE,
    CertificationState,
)
from server.applications.closed_blobs import ClosedBlob
from server.applications.errors import ApplicationEnded
from server.core.ids import fingerprint
from tests.factories.applications import AGENT, STROKES, Applicant
from tests.factories.certifications import Certifying
from tests.factories.product import WEI, Product
from tests.fakes.threads import together

S = CertificationState


@pytest.mark.row("S-31", "S-44")
def test_a_link_is_random_and_kept_as_a_digest(case: Certifying) -> None:
    token = case.visit().token
    assert len(token) >= 43
    assert case.row().link_digest == fingerprint(token)
    kept = (case.product.parts.settings.data_dir / "guiyin.sqlite3").read_bytes()
    assert token.encode() not in kept


@pytest.mark.row("S-31")
def test_a_used_link_does_not_certify_for_the_next_one(case: Certifying) -> None:
    visit = case.certify(1)
    case.desk.sign(visit, STROKES)
    assert not case.row(2).is_done
    stranger = Visit(visit.token, "a stranger's browser")
    with pytest.raises(CertificationElsewhere):
        case.open(stranger)
    with case.product.parts.db.read() as uow, pytest.raises(CertificationElsewhere):
        certification.looked_at(uow, stranger)


@pytest.mark.row("P-45")
def test_a_link_lives_for_its_days(case: Certifying) -> None:
    visit = case.visit()
    case.open(visit)
    life = timedelta(days=case.product.parts.settings.application_link_days)
    assert case.application.expires_at == case.row().link_expires_at
    case.product.clock.advance(seconds=life.total_seconds() - 1)
    case.read(visit)
    case.product.clock.advance(seconds=1)
    with pytest.raises(CertificationLinkExpired):
        case.read(visit)


@pytest.mark.row("P-45")
def test_the_second_link_has_its_own_days_and_the_application_with_it(case: Certifying) -> None:
    case.product.clock.advance(seconds=86_400)
    case.certify(1)
    assert case.row(2).link_expires_at == case.row(1).link_expires_at + timedelta(days=1)
    assert case.application.expires_at == case.row(2).link_expires_at


@pytest.mark.row("F-18", "P-45")
def test_with_the_application_its_links_die(case: Certifying) -> None:
    visit = case.identified()
    case.applicant.withdraw(case.application_id)
    with pytest.raises(ApplicationEnded):
        case.desk.sign(visit, STROKES)
    with pytest.raises(ApplicationEnded):
        case.open(visit)


def test_an_unknown_link_opens_nothing(case: Certifying) -> None:
    with pytest.raises(CertificationLinkUnknown):
        case.open(Visit("nonsense", "a browser"))


@pytest.mark.row("R-12")
def test_the_certification_begins_once_however_often_its_job_runs(case: Certifying) -> None:
    case.desk.begin(case.application_id)
    link, _ = case.desk.link(case.application, None)
    form = DrawnForm(ClosedBlob("d" * 64, b""), "s" * 64, 1)

    def begin() -> None:
        with case.product.parts.db.begin() as uow:
            certification.begin(uow, case.application_id, form, link)

    assert together([begin] * 4) == [None] * 4
    case.product.work()
    assert len(case.links(WEI.phone)) == 1
    with case.product.parts.db.read() as uow:
        assert len(certification.of(uow, case.application_id)) == 2


def test_one_that_was_withdrawn_meanwhile_sends_nothing(product: Product) -> None:
    applicant = Applicant(product)
    application_id = applicant.filled()
    applicant.submit(application_id)
    applicant.withdraw(application_id)
    product.work()
    case = Certifying(product, application_id, applicant, (WEI.phone, AGENT[2]))
    assert case.links(WEI.phone) == []


def a_minute_later(case: Certifying) -> None:
    case.product.clock.advance(seconds=PAUSE.total_seconds())


@pytest.mark.row("F-18", "P-45", "S-31")
def test_a_text_that_is_sent_again_brings_a_new_link_and_the_old_one_dies(
    case: Certifying,
) -> None:
    old = case.identified()
    a_minute_later(case)
    case.desk.resend(case.row().id)
    case.product.work()
    assert len(case.links(WEI.phone)) == 2
    with pytest.raises(CertificationLinkUnknown):
        case.desk.sign(old, STROKES)
    assert case.row().state == S.SENT, "who has the new link begins anew"
    case.certify(1, "another phone")
    assert case.row().is_done


@pytest.mark.row("P-43", "P-45")
def test_a_text_is_sent_again_after_a_minute_and_ten_times_at_most(case: Certifying) -> None:
    certification_id = case.row().id
    with pytest.raises(CertificationTextTooSoon) as early:
        case.desk.resend(certification_id)
    assert early.value.details == {"retry_after": 60}
    for _ in range(MOST_TEXTS - 1):
        a_minute_later(case)
        case.desk.resend(certification_id)
    a_minute_later(case)
    with pytest.raises(CertificationTextsUsedUp):
        case.desk.resend(certification_id)


@pytest.mark.row("R-12")
def test_a_text_asked_for_by_many_at_once_is_sent_once(case: Certifying) -> None:
    a_minute_later(case)
    refused = []

    def ask() -> None:
        try:
            case.desk.resend(case.row().id)
        except CertificationTextTooSoon as error:
            refused.append(error)

    together([ask] * 6)
    case.product.work()
    assert len(refused) == 5
    assert len(case.links(WEI.phone)) == 2


@pytest.mark.row("F-18")
def test_no_text_is_sent_for_another_turn_or_one_that_is_over(case: Certifying) -> None:
    with pytest.raises(CertificationNotYourTurn):
        case.desk.resend(case.row(2).id)
    with pytest.raises(CertificationNotYourTurn):
        case.desk.enter(case.row(2).id)
    case.certify(1)
    for again in (case.desk.resend, case.desk.enter):
        with pytest.raises(CertificationStep):
            again(case.row(1).id)
    case.applicant.withdraw(case.application_id)
    a_minute_later(case)
    for again in (case.desk.resend, case.desk.enter):
        with pytest.raises(ApplicationEnded):
            again(case.row(2).id)


@pytest.mark.row("F-18")
def test_who_lost_his_text_goes_on_without_one(case: Certifying) -> None:
    token = case.desk.enter(case.row().id)
    visit = Visit(token, "his browser")
    case.open(visit)
    case.product.work()
    assert len(case.links(WEI.phone)) == 1
    with pytest.raises(CertificationLinkUnknown):
        case.open(case.visit())
