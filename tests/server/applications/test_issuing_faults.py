"""Whatever dies, is away or comes at the same moment: what was applied for is made once (R-08)."""

from dataclasses import replace
from functools import partial
from typing import Any

import pytest
from sqlalchemy import func, select

from server.applications.issuing import Issuer
from server.applications.lifecycle import ApplicationState
from server.applications.models import Way
from server.applications.service import ISSUE
from server.certificates.models import (
    RequestedKey,
    SigningKey,
)
from server.certificates.service import certificate_of
from server.core.jobs import Job, JobState
from server.pki.subject_keys import Algorithm
from server.providers.ca import CaUnavailable
from server.providers.registry.local import LocalRegistry
from server.providers.seal_maker import SealMakerUnavailable
from server.providers.seal_numbers import SealNumbersUnavailable
from server.seals.models import SealKind
from tests.factories.applications import LIUZHOU, Applicant
from tests.factories.domain import ring_of, seal_of
from tests.factories.issuing import (
    assert_made_once,
    claim,
    made_for,
    parts_of,
    ready,
    wait_out,
)
from tests.fakes.dying import Away, Died, DiesInside, Struck
from tests.fakes.outside import EventfulOutside
from tests.fakes.threads import together
from tests.server.seals.test_renewing import DAY, ask, made_of, stand_at

GUIYIN_CODE = "91450100MA5K8Q2X13"

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
    assert together([issue] * 4) == [None] * 4
    assert_made_once(wei, row)
    issue()
    assert_made_once(wei, row)


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


@pytest.mark.row("F-28", "R-13")
def test_a_seal_is_made_for_the_certificate_that_its_ring_has_by_then(wei: Applicant) -> None:
    """The owner's certificates are renewed while the maker signs a further seal for him."""
    product = wei.product
    stand_at(product, 5 * DAY)
    application_id = wei.start(code=GUIYIN_CODE)
    wei.fill(application_id, Way.FULL, [SealKind.FINANCE])
    wei.submit(application_id)
    wei.certify(application_id)

    def renewed() -> None:
        ask(product)
        product.work()

    maker = EventfulOutside(product.parts.providers.seal_maker, "sign", renewed)
    product.worker(seal_maker=maker).run_all()
    wait_out(wei)
    product.work()

    assert wei.found(application_id).state == ApplicationState.DONE
    with product.parts.db.read() as uow:
        ring = ring_of(uow)
        now = certificate_of(uow, ring, Algorithm.SM2)
        seal = seal_of(uow, SealKind.FINANCE)
        assert made_of(uow, seal).facts.certificates == (now.der,)
        assert seal.valid_until > product.clock.now() + 10 * DAY


@pytest.mark.row("R-08", "P-39")
def test_a_name_that_the_registry_writes_otherwise_by_the_next_try_is_issued(
    wei: Applicant,
) -> None:
    """Full-width and half-width brackets are one name; the certificates keep the first."""
    registry = wei.product.parts.providers.registry
    assert isinstance(registry, LocalRegistry)
    registry.tell(replace(registry.company(LIUZHOU), name="柳州（广西）机械有限公司"))
    row = ready(wei)
    worker = wei.product.worker(seal_maker=Away(SealMakerUnavailable))
    worker.run_all()
    wei.company(name="柳州(广西)机械有限公司")
    wait_out(wei)
    wei.product.work()
    assert_made_once(wei, row)
