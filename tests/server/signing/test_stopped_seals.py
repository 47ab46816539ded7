"""What is open under a seal ends when the seal is stopped, and its page is told."""

import pytest

from server.core.errors import DomainError
from server.seals import lifecycle
from server.seals.models import Reason, SealKind
from tests.factories.domain import account_of, seal_of
from tests.factories.product import LI, WEI, Product, Signing
from tests.factories.truth import events_of, truth_of
from tests.fakes.outside import EventfulTsa


@pytest.fixture
def signing(product: Product) -> Signing:
    return product.signing()


def suspend(product: Product, kind: SealKind = SealKind.COMPANY) -> None:
    with product.parts.db.begin() as uow:
        actor = account_of(uow, WEI).id
        lifecycle.suspend(uow, seal_of(uow, kind).id, actor=actor, by=Reason.OWNER)


def cancel(product: Product) -> None:
    with product.parts.db.begin() as uow:
        lifecycle.cancel(uow, seal_of(uow).id, actor=account_of(uow, WEI).id)


@pytest.mark.row("S-30", "F-29")
@pytest.mark.parametrize(
    ("stop", "code"), [(suspend, "seal_not_active"), (cancel, "seal_cancelled")]
)
def test_a_page_that_places_loses_its_right_and_its_key_and_hears_of_it(
    signing: Signing, stop: object, code: str
) -> None:
    signing.authorize()
    placed, before = signing.page.everywhere(), signing.page.read()["qr"]["seq"]

    stop(signing.product)  # type: ignore[operator]
    signing.product.work()

    page = signing.page.read()
    assert (page["grant"], page["seals"]) == (None, [])
    assert (page["qr"]["progress"], page["qr"]["seq"]) == ("right_ended", before + 1)
    assert truth_of(signing.product, signing.id).releases == 0
    assert events_of(signing.product, signing.id)[-1] == "signing.right_ended"
    assert signing.page.confirm(placed).get_json()["code"] == "grant_ended"


@pytest.mark.row("S-30", "F-29")
def test_a_reservation_that_no_worker_has_taken_up_is_given_back_with_the_reason(
    signing: Signing,
) -> None:
    signing.start_sealing()

    suspend(signing.product)
    runner = signing.product.worker()
    runner.handlers.pop("signing.seal_document")
    runner.run_all()

    truth = truth_of(signing.product, signing.id)
    assert (truth.status, truth.uses, truth.failure) == ("failed", ("released",), "seal_not_active")
    assert truth.releases == 0
    signing.product.work()
    assert truth_of(signing.product, signing.id) == truth


@pytest.mark.row("S-30", "F-29")
@pytest.mark.parametrize("ender_first", [True, False])
def test_a_seal_that_is_suspended_during_a_slow_time_stamp_seals_nothing(
    signing: Signing, ender_first: bool
) -> None:
    product = signing.product
    signing.start_sealing()

    def meanwhile() -> None:
        suspend(product)
        if ender_first:
            product.work()

    tsa = EventfulTsa(product.parts.providers.tsa, meanwhile)
    product.worker(tsa=tsa).run_all()

    truth = truth_of(product, signing.id)
    assert (truth.status, truth.uses, truth.failure) == ("failed", ("released",), "seal_not_active")
    assert (truth.releases, truth.is_whole) == (0, True)
    assert "signing.failed" in events_of(product, signing.id)


@pytest.mark.row("S-30", "F-29")
def test_what_is_open_under_other_seals_goes_on(product: Product) -> None:
    signing = product.signing(person=LI)
    signing.authorize()

    suspend(product, SealKind.LEGAL_REPRESENTATIVE)
    product.work()

    assert signing.page.confirm(signing.page.everywhere()).status_code == 202
    product.work()
    assert truth_of(product, signing.id).status == "sealed"


@pytest.mark.row("S-30", "S-49")
def test_after_a_restart_the_page_gets_the_seals_that_are_left(signing: Signing) -> None:
    signing.authorize()
    suspend(signing.product, SealKind.LEGAL_REPRESENTATIVE)
    signing.product.work()

    signing.page.post_to("restart")
    names = [seal["name"] for seal in signing.authorize()["seals"]]

    assert names == ["企业法定名称章"]


@pytest.mark.row("S-30")
def test_a_stopped_seal_says_so_to_every_task_that_was_being_sealed(product: Product) -> None:
    first, second = product.signing(), product.signing()
    first.start_sealing()
    second.start_sealing()
    with product.parts.db.begin() as uow:
        lifecycle.stop(uow, [seal_of(uow)], Reason.STRUCK_OFF)
        with pytest.raises(DomainError):
            seal_of(uow).require_usable(uow.now)

    product.work()

    for one in (first, second):
        assert "企业已注销登记" in one.page.read()["task"]["failure"]["detail"]
