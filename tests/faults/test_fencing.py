"""A worker that was overtaken has no say any more, whatever befalls it."""

import threading

import pytest
from sqlalchemy import update

from server.core.jobs import Job
from server.providers.tsa import TsaTimeout
from server.signing.errors import GrantOver
from server.worker import sweep
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
        give_tries(product, 2)
        second.start()
        assert second_is_busy.wait(PATIENCE_S)
        raise misfortune

    first = product.worker(tsa=EventfulTsa(tsa, be_overtaken_and_fail))
    give_tries(product, 1)
    first.run_once()
    first_has_failed.set()
    second.join(PATIENCE_S)

    assert truth_of(product, signing.id).uses == ("done",)
    check_ended(product, 1)


def give_tries(product: Product, tries: int) -> None:
    with product.parts.db.begin() as uow:
        uow.session.execute(update(Job).where(Job.kind == SEAL).values(max_attempts=tries))


@pytest.mark.row("R-01", "R-13")
@pytest.mark.parametrize("confirmed_again", [False, True])
def test_an_old_job_says_nothing_to_a_page_that_has_begun_anew(
    product: Product, confirmed_again: bool
) -> None:
    """Its worker died and its use was given back; then the person scanned once more."""
    signing = product.signing(person=LI)
    signing.start_sealing()
    dying = product.worker(tsa=EventfulTsa(product.parts.providers.tsa, die))
    with pytest.raises(KeyboardInterrupt):
        dying.run_all()
    product.clock.advance(minutes=11)
    sweep(product.parts)
    assert signing.page.read()["qr"]["progress"] == "failed"
    assert signing.page.post_to("restart").status_code == 200
    signing.authorize()
    if confirmed_again:
        assert signing.page.confirm(signing.page.everywhere(), key="k-2").status_code == 202

    assert product.runner.run_once()

    page = signing.page.read()
    assert page["task"]["status"] == ("sealing" if confirmed_again else "authorized")
    assert (page["task"]["failure"], page["qr"]["progress"]) == (None, "")
    product.work()
    assert truth_of(product, signing.id).uses == ("released", *("done",) * confirmed_again)


def die() -> None:
    raise KeyboardInterrupt
