"""A reservation that no worker will ever settle is given back, and only such a one."""

import pytest

from server.worker import sweep
from tests.factories.domain import only_grant
from tests.factories.product import LI, Product, Signing
from tests.factories.truth import truth_of
from tests.fakes.outside import EventfulTsa
from tests.faults.ledger import check


@pytest.fixture
def confirmed(product: Product) -> Signing:
    signing = product.signing(person=LI)
    signing.start_sealing()
    return signing


def uses(product: Product) -> int:
    with product.parts.db.read() as uow:
        return only_grant(uow).uses


@pytest.mark.row("R-01")
def test_a_use_whose_workers_all_died_is_given_back_and_the_page_is_told(
    product: Product, confirmed: Signing
) -> None:
    product.clock.advance(minutes=9)
    sweep(product.parts)
    assert (truth_of(product, confirmed.id).status, uses(product)) == ("sealing", 1)

    product.clock.advance(minutes=2)
    sweep(product.parts)

    truth = truth_of(product, confirmed.id)
    assert (truth.status, truth.uses, truth.failure) == ("failed", ("released",), "grant_ended")
    assert uses(product) == 0
    assert confirmed.page.read()["qr"]["progress"] == "failed"
    check(product)


@pytest.mark.row("R-01")
def test_a_late_worker_settles_nothing_after_the_use_was_given_back(
    product: Product, confirmed: Signing
) -> None:
    product.clock.advance(minutes=11)
    sweep(product.parts)
    product.work()
    truth = truth_of(product, confirmed.id)
    assert (truth.status, truth.uses, truth.documents) == ("failed", ("released",), 0)
    check(product)


@pytest.mark.row("R-01", "R-13")
def test_a_worker_that_has_the_key_in_hand_is_left_to_finish(
    product: Product, confirmed: Signing
) -> None:
    """It took up the reservation just before the key was wiped; its lease still runs."""
    product.clock.advance(minutes=9, seconds=50)

    def meanwhile() -> None:
        product.clock.advance(seconds=60)
        sweep(product.parts)

    product.worker(tsa=EventfulTsa(product.parts.providers.tsa, meanwhile)).run_all()
    assert truth_of(product, confirmed.id).status == "sealed"
    check(product)
