"""Copies for people without a certificate wait under the service's key, each for its person."""

import pytest
from sqlalchemy import delete, select

from server.certificates import held_copies
from server.certificates import service as certificates
from server.certificates.errors import NotEntitled
from server.certificates.models import HeldCopy, KeyCopy, PersonalKey
from server.certificates.service import OpenRing
from server.core.db import UnitOfWork
from server.providers.keys import UnwrapRefused
from tests.factories.domain import account_of, opened, ring_of
from tests.factories.product import HUANG, WEI, Product

GRANT = "gr-held"


def company_key(product: Product) -> bytes:
    wei = opened(product.parts, WEI)
    with product.parts.db.read() as uow:
        return certificates.open_copy(uow, ring_of(uow).id, wei)


def hold_for_huang(product: Product, *, certified: bool = False) -> bytes:
    """Give or hold a copy of 桂印's key for 黄淼; without `certified` he has no certificate yet."""
    data_key = company_key(product)
    with product.parts.db.begin() as uow:
        huang = account_of(uow, HUANG).id
        if not certified:
            away = uow.session.get_one(PersonalKey, huang)
            uow.session.execute(delete(PersonalKey).where(PersonalKey.account_id == huang))
            uow.session.expunge(away)
        ring = OpenRing(ring_of(uow), data_key)
        held_copies.give_or_hold(uow, product.parts.providers.keys, ring, huang, GRANT)
    return data_key


def held(uow: UnitOfWork) -> list[HeldCopy]:
    return list(uow.session.scalars(select(HeldCopy)))


def given(uow: UnitOfWork) -> list[KeyCopy]:
    return list(uow.session.scalars(select(KeyCopy).where(KeyCopy.grant_id == GRANT)))


def opened_for_huang(product: Product) -> dict[str, bytes]:
    parts = product.parts
    with parts.db.read() as uow:
        huang = account_of(uow, HUANG).id
    return held_copies.open_held(parts.db, parts.providers.keys, huang, (GRANT,))


def test_who_has_a_certificate_is_given_his_copy_at_once(product: Product) -> None:
    data_key = hold_for_huang(product, certified=True)
    huang = opened(product.parts, HUANG)
    with product.parts.db.read() as uow:
        assert held(uow) == []
        assert certificates.open_copy(uow, ring_of(uow).id, huang, GRANT) == data_key


@pytest.mark.row("S-22")
def test_a_copy_waits_sealed_for_who_has_no_certificate(product: Product) -> None:
    data_key = hold_for_huang(product)
    with product.parts.db.read() as uow:
        (row,) = held(uow)
        assert given(uow) == []
    assert data_key not in row.sealed
    assert opened_for_huang(product) == {row.id: data_key}


@pytest.mark.row("S-22")
@pytest.mark.parametrize("other", ["grant_id", "account_id", "ring_id"])
def test_a_held_copy_is_bound_to_its_ring_person_and_grant(product: Product, other: str) -> None:
    hold_for_huang(product)
    with product.parts.db.begin() as uow:
        (row,) = held(uow)
        moved = {
            "grant_id": "gr-other",
            "account_id": account_of(uow, WEI).id,
            "ring_id": ring_of(uow, "广西邕江建设工程有限责任公司").id,
        }
        setattr(row, other, moved[other])
        whose = row.account_id
    with pytest.raises(UnwrapRefused):
        held_copies.open_held(
            product.parts.db, product.parts.providers.keys, whose, (GRANT, "gr-other")
        )


def test_a_held_copy_is_sealed_to_its_person_and_then_gone(product: Product) -> None:
    parts = product.parts
    with parts.db.read() as uow:
        key = uow.session.get_one(PersonalKey, account_of(uow, HUANG).id)
    data_key = hold_for_huang(product)
    waiting = opened_for_huang(product)
    with parts.db.begin() as uow, pytest.raises(NotEntitled):
        held_copies.hand_over(uow, key.account_id, waiting, (GRANT,))
    with parts.db.begin() as uow:
        uow.session.merge(key)
        uow.session.flush()
        assert not held_copies.hand_over(uow, key.account_id, {}, (GRANT,))
        assert held_copies.hand_over(uow, key.account_id, waiting, (GRANT,))
        assert held_copies.hand_over(uow, key.account_id, waiting, (GRANT,))
        uow.session.flush()
        assert held(uow) == []
    huang = opened(parts, HUANG)
    with parts.db.read() as uow:
        assert certificates.open_copy(uow, ring_of(uow).id, huang, GRANT) == data_key


def test_a_copy_of_a_grant_that_waits_is_not_handed_over_with_others(product: Product) -> None:
    hold_for_huang(product)
    parts = product.parts
    with parts.db.read() as uow:
        huang = account_of(uow, HUANG).id
    assert held_copies.open_held(parts.db, parts.providers.keys, huang) == {}
    with parts.db.begin() as uow:
        assert held_copies.hand_over(uow, huang, {})
        assert len(held(uow)) == 1


@pytest.mark.row("F-31", "S-29")
def test_a_held_copy_goes_with_its_grant_and_no_other(product: Product) -> None:
    hold_for_huang(product)
    with product.parts.db.begin() as uow:
        before = len(uow.session.scalars(select(KeyCopy)).all())
        held_copies.withdraw_grant(uow, "")
        held_copies.withdraw_grant(uow, "gr-other")
        assert len(held(uow)) == 1
        held_copies.withdraw_grant(uow, GRANT)
        assert held(uow) == []
        assert len(uow.session.scalars(select(KeyCopy)).all()) == before
