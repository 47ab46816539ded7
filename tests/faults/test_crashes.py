"""A worker killed at any moment of a sealing: nothing is lost, nothing happens twice."""

import random
from collections.abc import Iterator
from time import monotonic
from typing import Any

import pytest
from sqlalchemy import select

from server.grants.models import SealUse
from server.settings import Settings
from tests.factories.product import LI, Product, Signing
from tests.factories.truth import truth_of
from tests.fakes.clock import FakeClock
from tests.faults.ledger import check, check_ended
from tests.faults.mortal import STEPS, Mother, Order, warm_mother

KILLS = 60


@pytest.fixture(scope="module")
def mother() -> Iterator[Mother]:
    with warm_mother() as one:
        yield one


def confirmed(product: Product) -> tuple[Signing, list[dict[str, Any]]]:
    """确认签署 was pressed by the operator, whose uses are counted; and what was confirmed."""
    signing = product.signing(person=LI)
    signing.authorize()
    placements = signing.page.everywhere()
    assert signing.page.confirm(placements).status_code == 202
    return signing, placements


@pytest.mark.row("R-01", "R-12")
def test_a_worker_killed_at_any_step_leaves_whole_books_and_the_next_one_seals(
    product: Product, clock: FakeClock, settings: Settings, mother: Mother
) -> None:
    for count, step in enumerate(STEPS, 1):
        signing, placements = confirmed(product)
        assert mother.bear(Order(settings, clock, step=step)), step
        before = len(check(product).sealed)

        again = signing.page.confirm(placements)
        assert (again.status_code, before) == (202, count - (step not in ("committed", "finished")))
        assert again.get_json()["task"]["status"] == ("sealing" if before < count else "sealed")

        clock.advance(seconds=3)
        assert not mother.bear(Order(settings, clock)), step
        check_ended(product, count)
        assert truth_of(product, signing.id).uses == ("done",), step
        assert signing.page.read()["qr"]["progress"] == "sealed", step
        first, second = (signing.page.confirm(placements).get_json()["task"] for _ in range(2))
        assert first == second
        assert first["status"] == "sealed"


@pytest.mark.row("R-01")
def test_sixty_workers_killed_at_random_lose_and_double_nothing(
    product: Product, clock: FakeClock, settings: Settings, mother: Mother
) -> None:
    if product.parts.db.engine.dialect.name != "sqlite":
        pytest.skip("the named steps are enough on the other databases")
    confirmed(product)
    begun = monotonic()
    assert not mother.bear(Order(settings, clock))
    whole_life = monotonic() - begun
    chance, kills, asked = random.Random(20261121), 0, 1
    while kills < KILLS:
        with product.parts.db.read() as uow:
            waiting = uow.session.scalars(select(SealUse.id).where(SealUse.state == "reserved"))
            if not waiting.all():
                confirmed(product)
                asked += 1
        kills += mother.bear(Order(settings, clock, seconds=chance.uniform(0, whole_life)))
        check(product)
        clock.advance(seconds=3)
    assert not mother.bear(Order(settings, clock))
    check_ended(product, asked)
    assert 5 < asked < KILLS, "too few or too many of them died in the middle of their work"
