"""The certified form as it is kept: signed by the platform, once, whatever is away (B4.1, B5.1)."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.x509 import load_der_x509_certificate
from cryptography.x509.oid import NameOID
from sqlalchemy import Select, select

from server.applications import certification
from server.applications.certification_models import ApplicationForm
from server.applications.certification_steps import SEAL_FORM
from server.applications.form_sealing import FormSealer
from server.applications.lifecycle import ApplicationState
from server.certificates.models import KeyRequest, RequestedKey
from server.certificates.platform_key import LIFE, NAME, OWNER, SPARE, platform_signer
from server.core.audit import AuditRow
from server.core.clock import SystemClock
from server.core.jobs import Claim, Job, JobState
from server.pki.subject_keys import Algorithm
from server.providers.ca import CaUnavailable
from server.providers.storage import BlobNotFound
from server.providers.tsa import TsaTimeout
from server.worker import form_sealer, sweep_hourly
from tests.factories.applications import STROKES
from tests.factories.certifications import Certifying
from tests.factories.pdf_readers import by_pdfsig, by_pyhanko
from tests.fakes.dying import Away, Died, DiesInside, Struck
from tests.fakes.threads import together


def sealed(case: Certifying) -> ApplicationForm | None:
    with case.product.parts.db.read() as uow:
        return certification.sealed_form(uow, case.application_id)


def pdf_of(case: Certifying) -> bytes:
    form = sealed(case)
    assert form is not None
    return case.desk.opened(form)


def roots(case: Certifying) -> list[bytes]:
    outside = case.product.parts.providers
    return [outside.ca.chain(Algorithm.P256)[1], *outside.tsa.roots()]


def signed_by_all(case: Certifying) -> None:
    """Both have signed, and no worker has come yet."""
    case.certify(1)
    case.desk.sign(case.identified(2), STROKES)


def assert_sealed_once(case: Certifying) -> None:
    with case.product.parts.db.read() as uow:
        forms = uow.session.scalars(select(ApplicationForm)).all()
        told = select(AuditRow).where(AuditRow.event == "application.form_sealed")
        assert len(uow.session.scalars(told).all()) == 1
    assert sorted((one.signatures, one.sealed) for one in forms) == [
        (0, False),
        (1, False),
        (2, True),
    ]


@pytest.mark.row("F-15", "S-36")
def test_other_programs_call_the_certified_form_valid(case: Certifying, tmp_path: Path) -> None:
    signed_by_all(case)
    case.product.work()
    pdf, now = pdf_of(case), case.product.clock.now()
    (report,) = by_pdfsig(pdf, tmp_path)
    assert "Signature is Valid" in report
    assert "Total document signed" in report
    status = by_pyhanko(pdf, roots(case), now)
    assert status.bottom_line
    assert status.timestamp_validity is not None
    subject = load_der_x509_certificate(status.signing_cert.dump()).subject
    assert [one.value for one in subject.get_attributes_for_oid(NameOID.COMMON_NAME)] == [NAME]
    assert subject.get_attributes_for_oid(NameOID.ORGANIZATION_IDENTIFIER) == []


@pytest.mark.row("F-15", "S-36")
def test_a_changed_byte_of_it_is_noticed(case: Certifying, tmp_path: Path) -> None:
    signed_by_all(case)
    case.product.work()
    pdf = bytearray(pdf_of(case))
    at = pdf.index(b"/MediaBox")
    pdf[at : at + 9] = b"/MediaBax"
    (report,) = by_pdfsig(bytes(pdf), tmp_path)
    assert "Signature is Valid" not in report
    assert not by_pyhanko(bytes(pdf), roots(case), case.product.clock.now()).bottom_line


@pytest.mark.row("R-08")
@pytest.mark.parametrize(("service", "refusal"), [("ca", CaUnavailable), ("tsa", TsaTimeout)])
def test_while_somebody_is_away_the_form_waits_and_the_seals_do_not_wait_for_it(
    case: Certifying, service: str, refusal: type[Exception]
) -> None:
    signed_by_all(case)
    case.product.worker(**{service: Away(refusal)}).run_all()
    assert sealed(case) is None
    with case.product.parts.db.read() as uow:
        job = uow.session.scalars(select(Job).where(Job.kind == SEAL_FORM)).one()
        assert (job.state, job.max_attempts) == (JobState.QUEUED, 1000)
    if service == "tsa":
        assert case.application.state == ApplicationState.DONE
    case.product.clock.advance(minutes=15)
    case.product.work()
    assert_sealed_once(case)


@pytest.mark.row("R-08")
@pytest.mark.parametrize(
    ("service", "call"), [("ca", "issue"), ("tsa", "stamp"), ("storage", "put")]
)
def test_a_worker_that_dies_leaves_the_form_to_the_next(
    case: Certifying, service: str, call: str
) -> None:
    signed_by_all(case)
    struck = Struck(getattr(case.product.parts.providers, service), call, 1)
    sealer = form_sealer(case.product.parts)
    with pytest.raises(Died):
        _with(sealer, service, struck)(_claim(case))
    assert sealed(case) is None
    case.product.work()
    assert_sealed_once(case)
    with case.product.parts.db.read() as uow:
        assert len(uow.session.scalars(_platform_requests()).all()) == 1


@pytest.mark.row("R-08")
def test_a_worker_that_dies_before_the_commit_leaves_the_old_form(case: Certifying) -> None:
    signed_by_all(case)
    sealer, db, commits = form_sealer(case.product.parts), case.product.parts.db, []

    class Dying:
        """A database that is gone in the middle of the last transaction."""

        clock = db.clock
        read = db.read

        def begin(self) -> object:
            commits.append(1)
            return DiesInside(db.begin()) if len(commits) == 2 else db.begin()

    with pytest.raises(Died):
        _with(sealer, "db", Dying())(_claim(case))
    assert sealed(case) is None
    assert case.row(1).signature_digest
    case.product.work()
    assert_sealed_once(case)


@pytest.mark.row("R-13")
def test_of_two_workers_at_once_and_of_a_repeat_one_seals_it(case: Certifying) -> None:
    signed_by_all(case)
    sealer = form_sealer(case.product.parts)
    assert together([lambda: sealer(_claim(case))] * 3) == [None] * 3
    first = pdf_of(case)
    sealer(_claim(case))
    assert pdf_of(case) == first
    assert_sealed_once(case)


@pytest.mark.row("S-44")
def test_no_strokes_and_no_unsealed_form_outlive_the_sealed_one(case: Certifying) -> None:
    case.certify(1)
    case.desk.sign(case.identified(2), STROKES)
    storage = case.product.parts.providers.storage
    with case.product.parts.db.read() as uow:
        unsigned = certification.last_form(uow, case.application_id).digest
    strokes = [str(case.row(turn).signature_digest) for turn in (1, 2)]
    for digest in (unsigned, *strokes):
        assert storage.get(digest)
    case.product.work()
    an_hour_later = SystemClock().now() + timedelta(hours=1, minutes=1)
    case.product.clock.advance(
        seconds=(an_hour_later - case.product.clock.now()).total_seconds()
    )  # files are as old as the store's own clock says
    sweep_hourly(case.product.parts)
    for digest in (unsigned, *strokes):
        with pytest.raises(BlobNotFound):
            storage.get(digest)
    assert [case.row(turn).signature_key for turn in (1, 2)] == [None, None]
    form = sealed(case)
    assert form is not None
    assert not storage.get(form.digest).startswith(b"%PDF")
    assert pdf_of(case).startswith(b"%PDF")


def test_the_platform_keeps_one_certificate_until_it_nears_its_end(case: Certifying) -> None:
    parts = case.product.parts
    ask = (parts.db, parts.providers.keys, parts.providers.ca)
    first = platform_signer(*ask)
    case.product.clock.advance(seconds=(LIFE - SPARE - timedelta(minutes=1)).total_seconds())
    assert platform_signer(*ask).certificate == first.certificate
    case.product.clock.advance(minutes=2)
    second = platform_signer(*ask)
    assert second.certificate != first.certificate
    with parts.db.read() as uow:
        old, new = uow.session.scalars(_platform_requests()).all()
        assert (old.id, new.id) == ("platform-forms-1", "platform-forms-2")
        (wiped,) = uow.session.scalars(
            select(RequestedKey.sealed).where(RequestedKey.request_id == old.id)
        )
        assert (old.closed_at is None, wiped) == (False, None)


def _platform_requests() -> Select[tuple[KeyRequest]]:
    return select(KeyRequest).where(KeyRequest.owner_id == OWNER.id).order_by(KeyRequest.id)


def _claim(case: Certifying) -> Claim:
    return Claim("job-1", SEAL_FORM, {"application_id": case.application_id}, 1, 1, 1000)


def _with(sealer: FormSealer, part: str, other: object) -> FormSealer:
    """The same sealer with one part exchanged."""
    if part in ("ca", "tsa"):
        part, other = "outside", replace(sealer.outside, **{part: other})
    return replace(sealer, **{part: other})
