"""The sealing job when something goes wrong: nothing is lost, nothing happens twice."""

import threading
from pathlib import Path

import pytest
from sqlalchemy import select

from server.core.jobs import Job
from server.providers.keys.local import LocalKeys
from server.signing.jobs import Sealer
from tests.factories.product import Product, Signing
from tests.factories.truth import events_of, truth_of
from tests.fakes.outside import DownTsa, EventfulTsa

ALL_TRIES = 4


@pytest.fixture
def confirmed(product: Product) -> Signing:
    """确认签署 was pressed, and the worker has not looked yet."""
    signing = product.signing()
    signing.start_sealing()
    return signing


def run_every_try(product: Product, tsa: object) -> None:
    worker = product.worker(tsa=tsa)
    for _ in range(ALL_TRIES):
        worker.run_all()
        product.clock.advance(seconds=12)


@pytest.mark.row("R-07", "R-01")
def test_a_job_is_tried_again_when_the_time_stamp_service_comes_back(
    product: Product, confirmed: Signing
) -> None:
    tsa = DownTsa(product.parts.providers.tsa, failures=2)
    worker = product.worker(tsa=tsa)

    worker.run_all()

    assert truth_of(product, confirmed.id).status == "sealing"
    assert truth_of(product, confirmed.id).is_whole
    product.clock.advance(seconds=12)
    worker.run_all()
    product.clock.advance(seconds=12)
    worker.run_all()
    truth = truth_of(product, confirmed.id)
    assert (truth.status, truth.uses, tsa.calls) == ("sealed", ("done",), 3)
    assert truth.is_whole


@pytest.mark.row("R-07", "F-40")
def test_after_the_last_try_the_use_is_given_back_and_the_page_learns_why(
    product: Product, confirmed: Signing
) -> None:
    run_every_try(product, DownTsa(product.parts.providers.tsa, failures=99))

    truth = truth_of(product, confirmed.id)
    assert (truth.status, truth.uses) == ("failed", ("released",))
    assert truth.is_whole
    page = confirmed.page.read()
    assert page["task"]["failure"]["detail"] == "时间戳服务暂时不可用。"
    assert page["task"]["failure"]["next_step"]
    assert page["qr"]["progress"] == "failed"
    assert events_of(product, confirmed.id)[-1] == "signing.failed"


@pytest.mark.row("R-07", "R-12")
def test_a_failed_task_is_confirmed_again_on_the_page_and_then_seals(
    product: Product, confirmed: Signing
) -> None:
    run_every_try(product, DownTsa(product.parts.providers.tsa, failures=99))
    placements = confirmed.page.read()["placements"]
    assert placements

    answer = confirmed.page.confirm(placements, key="k-2")

    assert answer.status_code == 202, answer.get_json()
    product.work()
    truth = truth_of(product, confirmed.id)
    assert (truth.status, truth.uses) == ("sealed", ("released", "done"))
    assert truth.is_whole
    assert truth.failure is None


@pytest.mark.row("R-01", "R-15")
def test_a_key_service_that_is_asked_too_often_delays_a_sealing_and_does_not_fail_it(
    product: Product, confirmed: Signing
) -> None:
    parts = product.parts
    keys = LocalKeys(parts.settings.data_dir / "keys", product.clock, calls_per_minute=0)
    product.worker(keys=keys).run_all()
    assert truth_of(product, confirmed.id).status == "sealing"

    product.clock.advance(seconds=3)
    product.work()
    assert truth_of(product, confirmed.id).status == "sealed"


@pytest.mark.row("R-13", "S-06")
def test_two_workers_on_one_job_make_one_document(product: Product, confirmed: Signing) -> None:
    """The first one is slow, its lease runs out, and a second one takes over and finishes."""
    second = product.worker()

    def be_overtaken() -> None:
        product.clock.advance(minutes=4)
        second.run_all()

    product.worker(tsa=EventfulTsa(product.parts.providers.tsa, be_overtaken)).run_all()

    truth = truth_of(product, confirmed.id)
    assert (truth.status, truth.uses, truth.documents) == ("sealed", ("done",), 1)
    assert truth.is_whole


@pytest.mark.row("R-13", "S-06")
def test_a_worker_that_was_overtaken_does_not_end_the_work_of_the_other(
    product: Product, confirmed: Signing
) -> None:
    """The first one comes back while the second one is still busy."""
    tsa = product.parts.providers.tsa
    first_is_back, second_is_busy = threading.Event(), threading.Event()

    def stay_busy() -> None:
        second_is_busy.set()
        assert first_is_back.wait(20)

    second = threading.Thread(target=product.worker(tsa=EventfulTsa(tsa, stay_busy)).run_all)

    def be_overtaken() -> None:
        product.clock.advance(minutes=4)
        second.start()
        assert second_is_busy.wait(20)

    product.worker(tsa=EventfulTsa(tsa, be_overtaken)).run_once()
    first_is_back.set()
    second.join()

    truth = truth_of(product, confirmed.id)
    assert (truth.status, truth.uses, truth.failure) == ("sealed", ("done",), None)
    assert truth.is_whole


@pytest.mark.row("R-01")
@pytest.mark.parametrize("place", ["taken_up", "signed", "stored", "before_commit", "committed"])
def test_a_worker_that_dies_at_any_step_leaves_a_whole_truth_and_the_next_one_seals(
    product: Product, confirmed: Signing, place: str
) -> None:
    def die(step: str) -> None:
        if step == place:
            raise KeyboardInterrupt

    parts = product.parts
    outside = parts.providers
    worker = product.worker()
    worker.handlers["signing.seal_document"] = Sealer(
        parts.db,
        outside.storage,
        outside.keys,
        parts.sandbox,
        outside.tsa,
        parts.qr_sessions,
        parts.settings.seals_attribute,
        step=die,
    )
    with pytest.raises(KeyboardInterrupt):
        worker.run_all()
    assert truth_of(product, confirmed.id).is_whole

    product.clock.advance(minutes=4)
    product.work()

    truth = truth_of(product, confirmed.id)
    assert (truth.status, truth.uses, truth.documents) == ("sealed", ("done",), 1)
    assert truth.is_whole


@pytest.mark.row("R-15")
def test_a_surprise_is_tried_again_then_parked_and_the_use_given_back(
    product: Product, confirmed: Signing, caplog: pytest.LogCaptureFixture
) -> None:
    def stumble() -> None:
        raise ValueError("a slip of ours")

    run_every_try(product, EventfulTsa(product.parts.providers.tsa, stumble))

    truth = truth_of(product, confirmed.id)
    assert (truth.status, truth.uses, truth.failure) == ("failed", ("released",), "internal")
    assert truth.is_whole
    with product.parts.db.read() as uow:
        jobs = uow.session.scalars(select(Job).where(Job.kind == "signing.seal_document")).all()
    assert [(job.state, job.last_error) for job in jobs] == [("parked", "ValueError")]


@pytest.mark.row("S-22")
def test_no_released_key_outlives_the_sealing(product: Product, confirmed: Signing) -> None:
    assert truth_of(product, confirmed.id).releases == 2

    product.work()

    assert truth_of(product, confirmed.id).releases == 0


@pytest.mark.row("S-22")
def test_a_reserved_key_opens_with_our_key_holder_alone(
    product: Product, confirmed: Signing, tmp_path: Path
) -> None:
    """Whoever has copied the tables has a key holder too, but not the one with our master key."""
    elsewhere = LocalKeys(tmp_path / "elsewhere", product.clock)

    product.worker(keys=elsewhere).run_all()

    truth = truth_of(product, confirmed.id)
    assert (truth.status, truth.uses, truth.failure) == (
        "failed",
        ("released",),
        "key_not_opened",
    )
    assert truth.documents == 0
