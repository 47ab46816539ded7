"""Work that kills whoever takes it up: it ends by a named error, and holds up nobody else."""

from collections.abc import Iterator

import pytest
from sqlalchemy import select

from server.core.jobs import Job
from server.documents.jobs import Inspector
from server.documents.service import INSPECT
from server.settings import Settings
from server.signing.jobs import Sealer
from tests.factories.domain import only_grant
from tests.factories.pdf import make_pdf
from tests.factories.product import LI, Product
from tests.factories.truth import events_of, truth_of
from tests.fakes.clock import FakeClock
from tests.faults.ledger import check
from tests.faults.mortal import SEAL, Mother, Order, warm_mother

POISON = b"%poison\n"
TRIES = 4
PATIENCE = 3 * TRIES


class Killed(BaseException):
    """The worker's process ended here; nothing in it may catch that."""


@pytest.fixture(scope="module")
def mother() -> Iterator[Mother]:
    with warm_mother() as one:
        yield one


def jobs_of(product: Product, kind: str) -> list[tuple[str, str | None]]:
    with product.parts.db.read() as uow:
        rows = uow.session.scalars(select(Job).where(Job.kind == kind).order_by(Job.id))
        return [(row.state, row.last_error) for row in rows]


def deaths(mother: Mother, order: Order) -> int:
    """How many workers die of it, one after the other, until one lives."""
    for count in range(PATIENCE):
        if not mother.bear(order):
            return count
        order.clock.advance(seconds=3)
    raise AssertionError("they die and die")


@pytest.mark.row("R-15", "R-01")
def test_a_file_that_kills_every_worker_is_rejected_and_holds_up_no_other(
    product: Product, clock: FakeClock, settings: Settings, mother: Mother
) -> None:
    partner, order = product.partner(), Order(settings, clock, poison=POISON)
    bad, *good = [
        partner.upload(make_pdf() + tail).get_json()["id"] for tail in (POISON, b"\n", b"\n\n")
    ]

    def status(document_id: str) -> str:
        told: str = partner.get(f"/documents/{document_id}").get_json()["status"]
        return told

    assert mother.bear(order)
    assert not mother.bear(order), "while the first one's lease runs the others are at hand"
    assert [status(one) for one in (bad, *good)] == ["checking", "ready", "ready"]

    clock.advance(seconds=3)
    assert 1 + deaths(mother, order) == TRIES
    document = partner.get(f"/documents/{bad}").get_json()
    assert (document["status"], document["problem"]["code"]) == ("rejected", "work_broke_off")
    assert document["problem"]["detail"]
    assert document["problem"]["next_step"]
    assert events_of(product, bad) == ["document.rejected"]
    states = [state for state, _ in jobs_of(product, INSPECT)]
    assert sorted(states) == ["done", "done", "parked"]


@pytest.mark.row("R-15", "R-01")
def test_a_sealing_that_kills_every_worker_fails_by_name_and_gives_the_use_back(
    product: Product, clock: FakeClock, settings: Settings, mother: Mother
) -> None:
    signing = product.signing(person=LI)
    signing.start_sealing()

    assert deaths(mother, Order(settings, clock, step="signed")) == TRIES

    truth = truth_of(product, signing.id)
    assert (truth.status, truth.uses, truth.failure) == ("failed", ("released",), "work_broke_off")
    with product.parts.db.read() as uow:
        assert only_grant(uow).uses == 0
    assert signing.page.read()["qr"]["progress"] == "failed"
    assert jobs_of(product, SEAL) == [("parked", "work_broke_off")]
    check(product)


@pytest.mark.row("R-15")
@pytest.mark.parametrize("kind", [INSPECT, SEAL])
def test_a_job_is_parked_even_when_settling_it_kills_as_well(
    product: Product, clock: FakeClock, kind: str
) -> None:
    """Its handler is asked once more than it has tries, and then nobody any more."""
    asked = []

    def die(_job: object) -> None:
        asked.append(kind)
        raise Killed

    signing = product.signing(person=LI)
    signing.start_sealing() if kind == SEAL else signing.partner.upload(make_pdf())
    assert isinstance(product.runner.handlers[kind], Inspector | Sealer)
    product.runner.handlers[kind] = die
    for _ in range(TRIES + 1):
        with pytest.raises(Killed):
            product.work()
        clock.advance(minutes=4)
    product.work()

    assert len(asked) == TRIES + 1
    assert ("parked", "work_broke_off") in jobs_of(product, kind)
