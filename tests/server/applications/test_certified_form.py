"""What is signed by hand: the form, the signatures on it, and how both are kept."""

import io

import pypdfium2
import pytest
from sqlalchemy import select

from server.applications import certification
from server.applications.certification_errors import (
    CertificationNameDiffers,
)
from server.applications.certification_models import (
    ApplicationForm,
    Certification,
)
from server.applications.lifecycle import ApplicationState
from server.applications.models import Party
from server.core.audit import AuditRow
from server.sealing.impression.errors import BadStrokes
from server.worker import sweep_hourly
from tests.factories.applications import AGENT, STROKES
from tests.factories.certifications import Certifying
from tests.factories.product import HUANG, WEI
from tests.fakes.threads import together


def form_text(case: Certifying, signatures: int) -> str:
    with case.product.parts.db.read() as uow:
        form = certification.form_of(uow, case.application_id, signatures=signatures)
    with pypdfium2.PdfDocument(io.BytesIO(case.desk.opened(form))) as document:
        return str(document[0].get_textpage().get_text_bounded())


@pytest.mark.row("F-15", "S-44")
def test_the_form_shows_who_asks_for_what_and_masks_numbers(case: Certifying) -> None:
    text = form_text(case, 0)
    company = case.application.unit_name
    for word in ("数字证书申请表", company, WEI.name, AGENT[0], "企业法定名称章、财务专用章"):
        assert word in text
    for secret in (WEI.phone, AGENT[1], AGENT[2]):
        assert secret not in text
    assert AGENT[1][-4:] in text


@pytest.mark.row("F-15", "P-13")
def test_each_signature_stands_in_the_next_form(case: Certifying) -> None:
    case.certify(1)
    case.certify(2)
    assert form_text(case, 0).count("人脸认证通过") == 0
    assert form_text(case, 1).count("人脸认证通过") == 1
    assert form_text(case, 2).count("人脸认证通过") == 2
    with case.product.parts.db.read() as uow:
        shown = certification.form_of(uow, case.application_id, signatures=1)
        events = uow.session.scalars(
            select(AuditRow.event).where(
                AuditRow.subject == case.application_id, AuditRow.event.like("certification.%")
            )
        ).all()
    assert case.row(2).form_digest == shown.sha256, "what the agent read has the first signature"
    for event in ("opened", "read", "face_begun", "identified", "signed"):
        assert events.count(f"certification.{event}") == 2


@pytest.mark.row("S-44")
def test_forms_and_signatures_are_closed_where_they_are_stored(case: Certifying) -> None:
    case.certify(1)
    storage = case.product.parts.providers.storage
    blobs = [storage.get(digest) for digest in storage.digests()]
    assert len(blobs) == 3
    assert not any(blob.startswith(b"%PDF") or b"strokes" in blob for blob in blobs)


@pytest.mark.row("P-50")
def test_who_cannot_write_by_hand_types_his_own_name(case: Certifying) -> None:
    visit = case.identified()
    for name in ("", HUANG.name, WEI.name[:-1]):
        with pytest.raises(CertificationNameDiffers):
            case.desk.sign(visit, {"typed": name})
    case.desk.sign(visit, {"typed": f" {WEI.name} "})
    assert "本人键入姓名" in form_text(case, 1)


@pytest.mark.parametrize("ink", [{}, {**STROKES, "strokes": []}, {"width": 300}])
def test_an_empty_signature_is_refused(case: Certifying, ink: dict[str, object]) -> None:
    visit = case.identified()
    with pytest.raises(BadStrokes):
        case.desk.sign(visit, ink)
    assert not case.row().is_done


@pytest.mark.row("S-31", "R-13")
def test_a_signature_sent_by_many_at_once_counts_once(case: Certifying) -> None:
    visit = case.identified()
    signed = together([lambda: case.desk.sign(visit, STROKES)] * 8)
    assert [row.is_done for row in signed] == [True] * 8
    case.product.work()
    assert len(case.links(AGENT[2])) == 1
    with case.product.parts.db.read() as uow:
        forms = uow.session.scalars(select(ApplicationForm)).all()
    assert sorted(form.signatures for form in forms) == [0, 1]


@pytest.mark.row("S-33", "S-44")
def test_what_was_signed_in_vain_is_deleted_thirty_days_after_the_end(case: Certifying) -> None:
    product = case.product
    case.certify(1)
    signed = case.row(1).signature_digest or ""
    case.applicant.withdraw(case.application_id)
    for days, is_there in ((29, True), (2, False)):
        product.clock.advance(days=days)
        sweep_hourly(product.parts)
        with product.parts.db.read() as uow:
            for table in (Certification, ApplicationForm, Party):
                of_it = table.application_id == case.application_id
                assert bool(uow.session.scalars(select(table.id).where(of_it)).all()) is is_there
            assert uow.session.scalars(
                select(AuditRow.event).where(AuditRow.subject == case.application_id)
            ).first()
    # The store has the machine's clock, which the test's is behind of.
    product.clock.advance(days=3650)
    sweep_hourly(product.parts)
    assert not product.parts.providers.storage.exists(signed)


@pytest.mark.row("S-33")
def test_what_was_signed_for_seals_that_are_there_is_kept(case: Certifying) -> None:
    case.certify(1)
    case.certify(2)
    case.product.clock.advance(days=31)
    sweep_hourly(case.product.parts)
    assert case.application.state == ApplicationState.DONE
    assert [case.row(turn).name for turn in (1, 2)] == [WEI.name, AGENT[0]]
    assert form_text(case, 2).count("人脸认证通过") == 2
