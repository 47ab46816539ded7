"""Keys of a company pass to another representative: new ones, and none for the former (P-39)."""

import pytest
from sqlalchemy import select

from server.certificates import service as certificates
from server.certificates.errors import KeysRenewing, NotEntitled
from server.certificates.models import HeldCopy, KeyCopy, KeyRing, OwnerKind
from server.certificates.unlock import OpenedPerson, open_person
from server.core.db import UnitOfWork
from server.enterprises.queries import by_code
from tests.factories.domain import GUIYIN, YONGJIANG, company, opened, ring_of
from tests.factories.holders import NEW_PIN, Holders
from tests.factories.product import HUANG, WEI, Product
from tests.factories.registry import BY_HUANG, BY_LU, BY_QIN, RENAMED, hear, says
from tests.fakes.outside import ForgetfulCa

ORDERS = {"news first": (hear, Product.work), "keys first": (Product.work, hear)}


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
    product = holders.product
    with holders.db.read() as uow:
        old_ring = ring_of(uow).id
    says(product, BY_HUANG)
    product.worker(ca=ForgetfulCa(product.parts.providers.ca, 99)).run_all()
    with pytest.raises(NotEntitled):
        data_key(product, opened(product.parts, WEI))
    with pytest.raises(KeysRenewing):
        data_key(product, opened(product.parts, HUANG))
    product.clock.advance(minutes=11)
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
    product, session = holders.product, holders.proven()
    says(product, BY_QIN)
    product.work()
    with holders.db.read() as uow:
        assert ring_now(uow).version == 2
    holders.download(session, NEW_PIN)
    assert data_key(product, by_new_pin(holders, session.account_id))


@pytest.mark.row("P-39")
def test_who_takes_over_while_keys_are_replaced_for_the_former_one_gets_them(
    holders: Holders,
) -> None:
    product, session = holders.product, holders.logged_in(WEI)
    holders.forget_pin(session)
    says(product, BY_HUANG)
    hear(product)
    product.work()
    with holders.db.read() as uow:
        assert ring_now(uow).version == 2
    assert data_key(product, opened(product.parts, HUANG))
    with pytest.raises(NotEntitled):
        data_key(product, by_new_pin(holders, session.account_id))


@pytest.mark.row("P-39", "S-22")
@pytest.mark.parametrize("order", ORDERS)
def test_keys_that_were_begun_for_a_former_representative_are_not_his(
    holders: Holders, order: str
) -> None:
    """The registry names somebody without an account while a forgotten PIN replaces the keys."""
    product = holders.product
    holders.forget_pin(holders.logged_in(WEI))
    says(product, BY_LU)
    for step in ORDERS[order]:
        step(product)
    with holders.db.read() as uow:
        assert ring_now(uow).version == 2
        for kind in (KeyCopy, HeldCopy):
            own = select(kind).where(kind.ring_id == ring_now(uow).id, kind.grant_id == "")
            assert uow.session.scalars(own).all() == []


@pytest.mark.row("P-39")
@pytest.mark.parametrize("order", ORDERS)
def test_keys_that_were_begun_under_a_former_name_are_for_no_further_seal(
    holders: Holders, order: str
) -> None:
    product = holders.product
    holders.forget_pin(holders.logged_in(WEI))
    says(product, RENAMED)
    for step in ORDERS[order]:
        step(product)
    with holders.db.read() as uow:
        owner = by_code(uow, RENAMED.code).id
        versions = select(KeyRing.version).where(KeyRing.owner_id == owner)
        assert sorted(uow.session.scalars(versions)) == [1, 2]
        assert certificates.current_ring(uow, OwnerKind.ENTERPRISE, owner) is None


@pytest.mark.row("P-39")
def test_a_representative_without_copies_gets_new_keys_with_his_certificate(
    holders: Holders,
) -> None:
    product, session = holders.product, holders.proven()
    product.work()
    with holders.db.begin() as uow:
        company(uow).representative_id = session.account_id
    holders.download(session, NEW_PIN)
    product.work()
    assert data_key(product, by_new_pin(holders, session.account_id))
