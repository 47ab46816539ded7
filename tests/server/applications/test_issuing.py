"""What was applied for is made exactly once, whatever dies or is away on the way (R-08)."""

from functools import partial
from typing import Any

import pytest
from sqlalchemy import func, select

from server.accounts.notice_models import Notice
from server.applications.issuing import Issuer
from server.applications.lifecycle import ApplicationState
from server.applications.models import Application, Way
from server.applications.service import ISSUE
from server.certificates.models import (
    OwnerKind,
    PersonalKey,
    RequestedKey,
    SigningKey,
)
from server.certificates.service import open_copy, private_key
from server.core.jobs import Job, JobState
from server.intents.methods import method_of
from server.intents.models import VerificationMethod
from server.pki.subject_keys import Algorithm
from server.providers.ca import CaUnavailable
from server.providers.seal_maker import SealMakerUnavailable
from server.providers.seal_numbers import SealNumbersUnavailable
from server.sealing.ses import read_seal
from server.seals.models import SealKind
from server.seals.queries import impression_of
from tests.factories.applications import Applicant
from tests.factories.domain import GUIYIN, opened, ring_of
from tests.factories.issuing import (
    KINDS,
    assert_made_once,
    claim,
    made_for,
    parts_of,
    ready,
    wait_out,
)
from tests.factories.product import HUANG, WEI
from tests.fakes.dying import Away, Died, DiesInside, Struck
from tests.fakes.threads import together

GUIYIN_CODE = "91450100MA5K8Q2X13"


@pytest.mark.row("F-19", "F-21")
def test_the_seals_are_made_on_one_ring_that_the_representative_opens(wei: Applicant) -> None:
    row = ready(wei)
    wei.product.work()
    made = assert_made_once(wei, row)
    ring = made.rings[0]
    with wei.product.parts.db.read() as uow:
        data_key = open_copy(uow, ring.id, opened(wei.product.parts, WEI))
        for algorithm in (Algorithm.P256, Algorithm.SM2):
            private, certificate = private_key(uow, ring.id, data_key, algorithm)
            assert private
            assert certificate.is_good(uow.now)
        for seal in made.seals:
            assert seal.ring_id == ring.id
            signer = read_seal(impression_of(uow, seal.id).made or b"").facts.certificates
            assert signer == (certificate.der,)
            assert seal.valid_until <= certificate.not_after
            assert len(seal.number) == 13
            assert seal.number.startswith("450200")
    assert len({seal.number for seal in made.seals}) == len(KINDS)


@pytest.mark.row("P-36", "F-23")
def test_the_applicant_is_told_and_his_method_holds(wei: Applicant) -> None:
    row = ready(wei)
    wei.product.work()
    with wei.product.parts.db.read() as uow:
        news = uow.session.scalars(select(Notice).where(Notice.subject == row.id)).all()
        assert [one.news for one in news] == ["application_done"]
        assert news[0].enterprise_id == row.owner_id
        assert method_of(uow, OwnerKind.ENTERPRISE, row.owner_id) == VerificationMethod.SMS
    texts = [message.text for message in wei.product.sms.messages(5)]
    assert any("电子印章已生成" in text for text in texts)


@pytest.mark.row("S-22")
def test_the_keys_that_waited_for_the_authority_are_wiped(wei: Applicant) -> None:
    row = ready(wei)
    wei.product.work()
    with wei.product.parts.db.read() as uow:
        kept = select(RequestedKey.sealed).where(RequestedKey.request_id == row.id)
        assert uow.session.scalars(kept).all() == [None, None]


STEPS = [
    ("ca", "issue", 1),
    ("ca", "issue", 2),
    ("seal_numbers", "allot", 1),
    ("seal_numbers", "allot", 3),
    ("seal_maker", "sign", 1),
    ("seal_maker", "sign", 3),
]


@pytest.mark.row("R-08")
@pytest.mark.parametrize(("service", "call", "at"), STEPS)
def test_a_worker_that_dies_after_any_call_leaves_all_to_the_next(
    wei: Applicant, service: str, call: str, at: int
) -> None:
    row = ready(wei)
    struck = Struck(getattr(wei.product.parts.providers, service), call, at)
    worker = wei.product.worker(**{service: struck})
    with pytest.raises(Died):
        worker.run_all()
    made = made_for(wei, row)
    assert (made.rings, made.seals, made.certificates) == ([], [], [])
    wait_out(wei)
    worker.run_all()
    made = assert_made_once(wei, row)
    if service == "ca":
        assert {one.serial for one in struck.calls} == {one.serial for one in made.certificates}
    if service == "seal_numbers":
        assert set(struck.calls) == {seal.number for seal in made.seals}


@pytest.mark.row("R-08")
def test_a_worker_that_dies_before_the_commit_leaves_nothing_half_made(wei: Applicant) -> None:
    row = ready(wei)
    db, commits = wei.product.parts.db, []

    class Dying:
        """A database that is gone in the middle of the last transaction."""

        clock = db.clock
        read = db.read

        def begin(self) -> Any:
            commits.append(1)
            if len(commits) == 2:
                return DiesInside(db.begin())
            return db.begin()

    with pytest.raises(Died):
        Issuer(Dying(), *parts_of(wei))(claim(row))  # type: ignore[arg-type]
    made = made_for(wei, row)
    assert (made.rings, made.seals, made.certificates) == ([], [], [])
    wei.product.work()
    assert_made_once(wei, row)


@pytest.mark.row("R-08")
@pytest.mark.parametrize(
    ("service", "refusal"),
    [
        ("ca", CaUnavailable),
        ("seal_maker", SealMakerUnavailable),
        ("seal_numbers", SealNumbersUnavailable),
    ],
)
def test_while_somebody_is_away_it_stays_issuing_and_is_tried_again(
    wei: Applicant, service: str, refusal: type[Exception]
) -> None:
    row = ready(wei)
    worker = wei.product.worker(**{service: Away(refusal)})
    for _ in range(12):
        worker.run_all()
        wait_out(wei)
    assert wei.found(row.id).state == ApplicationState.ISSUING
    with wei.product.parts.db.read() as uow:
        job = uow.session.scalars(select(Job).where(Job.kind == ISSUE)).one()
        assert (job.state, job.attempts) == (JobState.QUEUED, 12)
    wei.product.work()
    assert_made_once(wei, row)


@pytest.mark.row("R-13")
def test_of_two_workers_at_once_one_makes_them(wei: Applicant) -> None:
    row = ready(wei)
    issue = partial(Issuer(wei.product.parts.db, *parts_of(wei)), claim(row))
    outcomes = together([issue] * 4)
    assert None in outcomes
    wei.product.work()
    assert_made_once(wei, row)
    issue()
    assert_made_once(wei, row)


@pytest.mark.row("F-21")
def test_further_seals_come_onto_the_ring_that_the_owner_has(wei: Applicant) -> None:
    with wei.product.parts.db.read() as uow:
        before = ring_of(uow, GUIYIN)
    application_id = wei.start(code=GUIYIN_CODE)
    wei.fill(application_id, Way.FULL, [SealKind.FINANCE, SealKind.CONTRACT])
    wei.submit(application_id)
    wei.certify(application_id)
    issued = Struck(wei.product.parts.providers.ca, "issue")
    wei.product.worker(ca=issued).run_all()
    assert issued.calls == []
    row = wei.found(application_id)
    made = made_for(wei, row)
    assert [ring.id for ring in made.rings] == [before.id]
    assert {seal.ring_id for seal in made.seals} == {before.id}
    assert len(made.seals) == 4
    ends = min(one.not_after for one in made.certificates)
    assert all(seal.valid_until <= ends for seal in made.seals)


def test_an_owner_whose_certificates_have_ended_gets_a_new_ring(wei: Applicant) -> None:
    row = ready(wei)
    wei.product.work()
    wei.product.clock.advance(days=4 * 365)
    del wei.session
    again = ready(wei)
    wei.product.work()
    made = made_for(wei, again)
    assert again.owner_id == row.owner_id
    assert sorted(ring.version for ring in made.rings) == [1, 2]
    assert len({seal.ring_id for seal in made.seals}) == 2


@pytest.mark.row("F-25", "F-14")
def test_who_has_no_certificate_finds_his_key_held_for_him(wei: Applicant) -> None:
    with wei.product.parts.db.begin() as uow:
        uow.session.delete(uow.session.get_one(PersonalKey, wei.account_id))
    row = ready(wei, [SealKind.SQUARE, SealKind.HANDWRITTEN], Way.PERSONAL)
    wei.product.work()
    made = assert_made_once(wei, row, [SealKind.SQUARE, SealKind.HANDWRITTEN])
    assert (len(made.copies), len(made.held)) == (0, 1)
    assert made.held[0].account_id == wei.account_id
    assert all(seal.number.startswith("450000") for seal in made.seals)


@pytest.mark.row("P-39")
def test_news_of_the_registry_while_it_is_issued_refuse_it(wei: Applicant) -> None:
    row = ready(wei)
    worker = wei.product.worker(seal_maker=Away(SealMakerUnavailable))
    worker.run_all()
    wei.company(representative=HUANG.name, representative_id_number=HUANG.id_number)
    wait_out(wei)
    wei.product.work()
    made = made_for(wei, row)
    assert (made.rings, made.seals) == ([], [])
    with wei.product.parts.db.read() as uow:
        assert uow.session.get_one(Application, row.id).state == ApplicationState.REJECTED
        kept = select(RequestedKey.sealed).where(RequestedKey.request_id == row.id)
        assert uow.session.scalars(kept).all() == [None, None]
        told = select(Notice.news).where(Notice.subject == row.id)
        assert uow.session.scalars(told).all() == ["application_rejected"]


def test_keys_that_are_replaced_meanwhile_are_not_sealed_for(wei: Applicant) -> None:
    """Somebody makes the owner a ring between the certificates and the seals."""
    first = ready(wei, [SealKind.COMPANY])
    maker, product = wei.product.parts.providers.seal_maker, wei.product

    class Busy(Struck):
        def __getattr__(self, name: str) -> Any:
            if name == "sign" and not self.calls:
                self.calls.append(1)
                self.other()
            return getattr(maker, name)

        def other(self) -> None:
            Issuer(product.parts.db, *parts_of(wei))(claim(ready(wei, [SealKind.FINANCE])))

    product.worker(seal_maker=Busy(maker, "sign")).run_all()
    with product.parts.db.read() as uow:
        job = uow.session.scalars(select(Job).order_by(Job.id)).all()
        assert "ring_replaced" in {one.last_error for one in job}
    wait_out(wei)
    product.work()
    made = made_for(wei, first)
    assert len(made.rings) == 1
    assert {seal.kind for seal in made.seals} == {SealKind.COMPANY, SealKind.FINANCE}
    with product.parts.db.read() as uow:
        assert uow.session.scalar(select(func.count()).select_from(SigningKey)) == 6
        waiting = select(RequestedKey).where(RequestedKey.sealed.is_not(None))
        assert uow.session.scalars(waiting).all() == []
