"""A worker killed at any moment of a sealing: nothing is lost, nothing happens twice."""

import random
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import update

from server.core.jobs import Job
from server.settings import Settings
from tests.factories.domain import only_grant
from tests.factories.product import LI, Product, Signing
from tests.factories.truth import truth_of
from tests.fakes.clock import FakeClock
from tests.faults.ledger import check, check_ended
from tests.faults.mortal import STEPS, Mother, Order, warm_mother

KILLS = 60
Confirmed = tuple[Signing, list[dict[str, Any]]]


@pytest.fixture(scope="module")
def mother() -> Iterator[Mother]:
    with warm_mother() as one:
        yield one


def confirmed(product: Product) -> Confirmed:
    """确认签署 was pressed by the operator, whose uses are counted; and what was confirmed."""
    signing = product.signing(person=LI)
    signing.authorize()
    placements = signing.page.everywhere()
    assert signing.page.confirm(placements).status_code == 202
    with product.parts.db.begin() as uow:
        # A job that kills its workers is given up (test_poison.py); these do not die of it.
        uow.session.execute(update(Job).values(max_attempts=KILLS))
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


@pytest.mark.row("R-01", "R-12")
def test_sixty_workers_killed_at_random_lose_and_double_nothing(
    product: Product, clock: FakeClock, settings: Settings, mother: Mother
) -> None:
    with product.parts.db.begin() as uow:
        only_grant(uow).most_uses = None
    now = confirmed(product)
    assert not mother.bear(Order(settings, clock))
    chance, life, kills, asked = random.Random(20261121), mother.seconds, 0, 1
    while kills < KILLS:
        if truth_of(product, now[0].id).status == "sealed":
            now, asked = confirmed(product), asked + 1
        if mother.bear(Order(settings, clock, seconds=chance.uniform(0, life))):
            kills += 1
            life *= 1.05  # or a machine that has become slower would let nobody live
        else:
            life = min(life, mother.seconds)
        ledger = check(product)
        answer_to_the_same_key(now, sealed=now[0].id in ledger.sealed)
        clock.advance(seconds=3)
    mother.bear(Order(settings, clock))
    check_ended(product, asked)
    answer_to_the_same_key(now, sealed=True)
    assert 5 < asked < KILLS, "too few or too many of them died in the middle of their work"


def answer_to_the_same_key(now: Confirmed, *, sealed: bool) -> None:
    """The client asks again as it did, and is told of the one document, or of none yet."""
    signing, placements = now
    again = signing.page.confirm(placements)
    told = again.get_json()
    assert (again.status_code, told["task"]["status"]) == (202, "sealed" if sealed else "sealing")
    partner = signing.partner.get(f"/signing-tasks/{signing.id}").get_json()
    assert (partner["result"] or {}).get("sha256") == (told["result"] or {}).get("sha256")
    assert (told["result"] is not None) == sealed
