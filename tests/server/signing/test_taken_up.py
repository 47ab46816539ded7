"""What a worker has taken up is published only with the keys and looks that it took up (S-30)."""

from collections.abc import Callable
from pathlib import Path

import pytest

from server.core.db import UnitOfWork
from server.seals import renewing
from server.seals.models import Seal, SealImpression, SealKind
from server.seals.queries import by_ids, impression_of
from tests.factories.domain import account_of, seal_of
from tests.factories.holders import Holders
from tests.factories.product import WEI, Product
from tests.factories.truth import truth_of
from tests.fakes.outside import DownCa, EventfulOutside
from tests.server.seals.test_renewing import DAY, stand_at


def require_ended(product: Product, task_id: str) -> None:
    truth = truth_of(product, task_id)
    assert (truth.status, truth.uses, truth.failure) == ("failed", ("released",), "grant_ended")
    assert truth.is_whole


@pytest.mark.row("S-30", "P-40")
@pytest.mark.parametrize("when", ["before", "meanwhile"])
def test_what_was_confirmed_by_the_old_pin_seals_nothing_though_the_keys_are_not_replaced_yet(
    product: Product, tmp_path: Path, when: str
) -> None:
    """The authority is away, so that the old ring stands for now."""
    holders, signing = Holders.of(product, tmp_path), product.signing()
    session = holders.logged_in(WEI)
    signing.start_sealing()

    def forget() -> None:
        holders.forget_pin(session)

    ca, tsa = DownCa(product.parts.providers.ca, failures=1000), product.parts.providers.tsa
    if when == "before":
        forget()
        product.worker(ca=ca).run_all()
    else:
        product.worker(ca=ca, tsa=EventfulOutside(tsa, "stamp", forget)).run_all()

    require_ended(product, signing.id)
    assert truth_of(product, signing.id).releases == 0


def another_look(uow: UnitOfWork, seal: Seal) -> None:
    former = impression_of(uow, seal.id)
    other = seal_of(uow, SealKind.LEGAL_REPRESENTATIVE)
    row = {name: getattr(former, name) for name in ("svg", "preview", "made", "created_at")}
    row["operators"] = impression_of(uow, other.id).operators
    uow.session.add(SealImpression(id="imp-2", seal_id=seal.id, version=2, **row))


def sealed_while(product: Product, event: Callable[[], None]) -> str:
    signing = product.signing()
    signing.start_sealing()
    tsa = EventfulOutside(product.parts.providers.tsa, "stamp", event)
    product.worker(tsa=tsa).run_all()
    return signing.id


@pytest.mark.row("S-30", "F-27")
def test_a_look_that_was_changed_while_it_was_sealed_is_published_nowhere(
    product: Product,
) -> None:
    def changed() -> None:
        with product.parts.db.begin() as uow:
            another_look(uow, seal_of(uow))

    require_ended(product, sealed_while(product, changed))


@pytest.mark.row("F-28")
def test_a_renewal_while_it_is_sealed_changes_no_look_and_ends_nothing(product: Product) -> None:
    seal = stand_at(product, 5 * DAY)

    def renewed() -> None:
        with product.parts.db.begin() as uow:
            renewing.ask_renewal(uow, seal.id, actor=account_of(uow, WEI).id)
        product.work()

    task_id = sealed_while(product, renewed)

    assert truth_of(product, task_id).status == "sealed"
    with product.parts.db.read() as uow:
        assert by_ids(uow, [seal.id])[0].valid_until > seal.valid_until
        assert impression_of(uow, seal.id).version == 2
