"""Keys of a company pass to another representative: new ones, and none for the former (P-39)."""

import pytest
from sqlalchemy import select

from server.certificates import service as certificates
from server.certificates.errors import KeysRenewing, NotEntitled
from server.certificates.models import KeyRing
from server.certificates.rekeying import owner_of, take_over, withdraw_own
from server.certificates.unlock import OpenedPerson, open_person
from server.core.db import UnitOfWork
from tests.factories.domain import GUIYIN, YONGJIANG, account_of, company, opened, ring_of
from tests.factories.holders import NEW_PIN, Holders
from tests.factories.product import HUANG, WEI, Product


def ring_now(uow: UnitOfWork, name: str = GUIYIN) -> KeyRing:
    owner = company(uow, name)
    return uow.session.scalars(
        select(KeyRing).where(KeyRing.owner_id == owner.id, KeyRing.retired_at.is_(None))
    ).one()


def by_new_pin(holders: Holders, account_id: str) -> OpenedPerson:
    parts = holders.product.parts
    return open_person(parts.db, parts.providers.keys, account_id, NEW_PIN)


def data_key(product: Product, person: OpenedPerson, grant_id: str = "") -> bytes:
    with product.parts.db.read() as uow:
        return certificates.open_copy(uow, ring_now(uow).id, person, grant_id)


@pytest.mark.row("P-39")
def test_a_new_representative_takes_over_with_keys_of_his_own(holders: Holders) -> None:
    product, keys = holders.product, holders.product.parts.providers.keys
    with holders.db.begin() as uow:
        owner, huang = owner_of(uow, ring_of(uow)), account_of(uow, HUANG).id
        old_ring, wei = ring_of(uow).id, account_of(uow, WEI).id
        withdraw_own(uow, owner, wei)
        take_over(uow, keys, owner, huang)
    with pytest.raises(NotEntitled):
        data_key(product, opened(product.parts, WEI))
    with pytest.raises(KeysRenewing):
        data_key(product, opened(product.parts, HUANG))
    product.work()
    assert data_key(product, opened(product.parts, HUANG))
    with pytest.raises(NotEntitled):
        data_key(product, opened(product.parts, WEI))
    with holders.db.read() as uow:
        assert ring_now(uow).id != old_ring
        # The other company of the new representative is as it was.
        assert ring_now(uow, YONGJIANG).version == 1


@pytest.mark.row("P-39")
def test_a_representative_without_a_certificate_gets_the_keys_when_he_downloads_one(
    holders: Holders,
) -> None:
    product, keys, session = holders.product, holders.product.parts.providers.keys, holders.proven()
    with holders.db.begin() as uow:
        owner = owner_of(uow, ring_of(uow))
        withdraw_own(uow, owner, account_of(uow, WEI).id)
        take_over(uow, keys, owner, session.account_id)
    product.work()
    holders.download(session, NEW_PIN)
    assert data_key(product, by_new_pin(holders, session.account_id))


@pytest.mark.row("P-39")
def test_who_takes_over_while_keys_are_replaced_for_the_former_one_gets_them(
    holders: Holders,
) -> None:
    product, session = holders.product, holders.logged_in(WEI)
    holders.forget_pin(session)
    with holders.db.begin() as uow:
        owner = owner_of(uow, ring_of(uow))
        withdraw_own(uow, owner, session.account_id)
        take_over(uow, product.parts.providers.keys, owner, account_of(uow, HUANG).id)
    product.work()
    with holders.db.read() as uow:
        assert ring_now(uow).version == 2
    assert data_key(product, opened(product.parts, HUANG))
    with pytest.raises(NotEntitled):
        data_key(product, by_new_pin(holders, session.account_id))


@pytest.mark.row("P-39")
def test_a_representative_without_copies_gets_new_keys_with_his_certificate(
    holders: Holders,
) -> None:
    product, session = holders.product, holders.proven()
    product.work()
    with holders.db.begin() as uow:
        withdraw_own(uow, owner_of(uow, ring_of(uow)), account_of(uow, WEI).id)
        company(uow).representative_id = session.account_id
    holders.download(session, NEW_PIN)
    product.work()
    assert data_key(product, by_new_pin(holders, session.account_id))
