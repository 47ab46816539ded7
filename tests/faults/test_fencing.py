"""A worker that was overtaken has no say any more, whatever befalls it."""

import threading

import pytest
from sqlalchemy import select

from server.core.jobs import Job
from server.providers.tsa import TsaTimeout
from server.signing.errors import GrantOver
from tests.factories.product import LI, Product
from tests.factories.truth import truth_of
from tests.fakes.outside import EventfulTsa
from tests.faults.ledger import check_ended
from tests.faults.mortal import SEAL

PATIENCE_S = 20


@pytest.mark.row("R-01", "R-13")
@pytest.mark.parametrize("misfortune", [GrantOver, TsaTimeout, ValueError])
def test_an_overtaken_worker_that_fails_does_not_give_up_for_the_one_at_work(
    product: Product, misfortune: type[Exception]
) -> None:
    signing = product.signing(person=LI)
    signing.start_sealing()
    tsa = product.parts.providers.tsa
    first_has_failed, second_is_busy = threading.Event(), threading.Event()

    def stay_busy() -> None:
        second_is_busy.set()
        assert first_has_failed.wait(PATIENCE_S)

    second = threading.Thread(target=product.worker(tsa=EventfulTsa(tsa, stay_busy)).run_all)

    def be_overtaken_and_fail() -> None:
        product.clock.advance(minutes=4)
        second.start()
        assert second_is_busy.wait(PATIENCE_S)
        raise misfortune

    first = product.worker(tsa=EventfulTsa(tsa, be_overtaken_and_fail))
    with product.parts.db.begin() as uow:
        for job in uow.session.scalars(select(Job).where(Job.kind == SEAL)):
            job.max_attempts = 1
    first.run_once()
    first_has_failed.set()
    second.join(PATIENCE_S)

    assert truth_of(product, signing.id).uses == ("done",)
    check_ended(product, 1)
