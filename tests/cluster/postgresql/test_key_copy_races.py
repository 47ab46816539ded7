"""Copies of a ring's key where two transactions run at once: none outlives its grant or ring."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from server.certificates import held_copies, personal, service
from server.certificates.held_copies import withdraw_grant
from server.certificates.models import HeldCopy, KeyCopy, WantedCopy
from server.certificates.rekeying import supply_wanted
from server.certificates.service import OpenRing
from server.core.db import UnitOfWork
from server.seals import lifecycle
from tests.cluster.postgresql.conftest import Begin
from tests.factories.domain import account_of, only_grant, opened, ring_of, seal_of
from tests.factories.holders import Holders
from tests.factories.product import HUANG, LI, WEI
from tests.server.seals.test_renewing import BOTH

GRANT = "gr-held"
Act = Callable[[UnitOfWork], object]


def alone(holders: Holders, act: Callable[[UnitOfWork], object]) -> Callable[[], None]:
    """The act in a transaction of its own."""

    def run() -> None:
        with holders.db.begin() as uow:
            act(uow)

    return run


def company_key(holders: Holders) -> bytes:
    wei = opened(holders.product.parts, WEI)
    with holders.db.read() as uow:
        return service.open_copy(uow, ring_of(uow).id, wei)


def copies(holders: Holders, grant_id: str) -> list[object]:
    with holders.db.read() as uow:
        return [
            one
            for kind in (KeyCopy, HeldCopy, WantedCopy)
            for one in uow.session.scalars(select(kind).where(kind.grant_id == grant_id))
        ]


@pytest.fixture
def wanted(holders: Holders) -> tuple[str, str, bytes]:
    """李晓梅 waits for her copy again: her grant, the ring and its data key."""
    holders.forget_pin(holders.logged_in(LI))
    with holders.db.read() as uow:
        grant_id, ring_id = only_grant(uow).id, ring_of(uow).id
    return grant_id, ring_id, company_key(holders)


@pytest.mark.row("S-29", "P-38", "R-13")
@pytest.mark.parametrize("ends", ["grant", "account"])
def test_a_wanted_copy_that_is_supplied_while_its_grant_or_person_goes_is_not_left(
    holders: Holders, begin: Begin, wanted: tuple[str, str, bytes], ends: str
) -> None:
    grant_id, ring_id, key = wanted
    with holders.db.read() as uow:
        li = account_of(uow, LI).id
    acts: dict[str, Act] = {
        "grant": lambda uow: withdraw_grant(uow, grant_id),
        "account": lambda uow: personal.let_go(uow, li),
    }
    with holders.db.begin() as uow:
        supply_wanted(uow, ring_id, key)
        uow.session.flush()
        ending = begin(alone(holders, acts[ends]))
    ending.result()
    assert copies(holders, grant_id) == []


@pytest.mark.row("S-29", "R-13")
def test_a_grant_that_ends_first_is_supplied_no_copy(
    holders: Holders, begin: Begin, wanted: tuple[str, str, bytes]
) -> None:
    grant_id, ring_id, key = wanted
    with holders.db.begin() as uow:
        withdraw_grant(uow, grant_id)
        supplying = begin(alone(holders, lambda uow: supply_wanted(uow, ring_id, key)))
    supplying.result()
    assert copies(holders, grant_id) == []


@pytest.mark.row("R-12", "R-13")
def test_of_two_confirmations_at_once_one_supplies_a_wanted_copy(
    holders: Holders, begin: Begin, wanted: tuple[str, str, bytes]
) -> None:
    grant_id, ring_id, key = wanted
    with holders.db.begin() as uow:
        supply_wanted(uow, ring_id, key)
        uow.session.flush()
        second = begin(alone(holders, lambda uow: supply_wanted(uow, ring_id, key)))
    second.result()
    (copy,) = copies(holders, grant_id)
    assert isinstance(copy, KeyCopy)


@pytest.fixture
def hand_over(holders: Holders) -> Act:
    """黄淼 is to get a copy that is held for him."""
    key, keys = company_key(holders), holders.product.parts.providers.keys
    with holders.db.begin() as uow:
        huang = account_of(uow, HUANG).id
        held_copies.hold(uow, keys, OpenRing(ring_of(uow), key), huang, GRANT)
    waiting = held_copies.open_held(holders.db, keys, huang, (GRANT,))
    return lambda uow: held_copies.hand_over(uow, huang, waiting, (GRANT,))


def end_grant(uow: UnitOfWork) -> None:
    withdraw_grant(uow, GRANT)


@pytest.mark.row("S-29", "R-13")
@pytest.mark.parametrize("first", ["handing over", "ending"])
def test_a_held_copy_is_not_given_beyond_its_grant(
    holders: Holders, begin: Begin, hand_over: Act, first: str
) -> None:
    acts = [hand_over, end_grant]
    one, other = acts if first == "handing over" else acts[::-1]
    with holders.db.begin() as uow:
        one(uow)
        uow.session.flush()
        second = begin(alone(holders, other))
    second.result()
    assert copies(holders, GRANT) == []


def end_ring(uow: UnitOfWork) -> None:
    for kind in BOTH:
        lifecycle.cancel(uow, seal_of(uow, kind).id, actor=account_of(uow, WEI).id)


@pytest.mark.row("F-30", "R-13")
def test_a_held_copy_is_not_given_of_a_ring_that_ends(
    holders: Holders, begin: Begin, hand_over: Act
) -> None:
    with holders.db.begin() as uow:
        end_ring(uow)
        second = begin(alone(holders, hand_over))
    second.result()
    assert copies(holders, GRANT) == []


@pytest.mark.row("F-30", "R-13")
def test_a_wanted_copy_is_not_supplied_of_a_ring_that_ends(
    holders: Holders, begin: Begin, wanted: tuple[str, str, bytes]
) -> None:
    grant_id, ring_id, key = wanted
    with holders.db.begin() as uow:
        end_ring(uow)
        second = begin(alone(holders, lambda uow: supply_wanted(uow, ring_id, key)))
    second.result()
    assert copies(holders, grant_id) == []
