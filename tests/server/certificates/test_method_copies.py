"""What the service can open by itself is bound to one person and right, and goes with them."""

import pytest

from server.certificates import held_copies, method_copies, rekeying, revoking
from server.certificates import personal as certificates_of_person
from server.certificates.models import KeyRing, Rekeying
from server.certificates.requests import fulfil
from server.certificates.service import OpenRing
from server.core.db import UnitOfWork
from server.enterprises import service as enterprises
from server.enterprises.models import Enterprise
from server.pki.revocation import RevocationReason
from server.providers.keys import UnwrapRefused
from server.seals.registry_news import NewsOfCompanies
from tests.factories.domain import company, only_grant, ring_of
from tests.factories.methods import account_id, copies, keep_copy
from tests.factories.product import HUANG, LI, WEI, Product


def with_two(product: Product) -> str:
    """The representative and the grantee have a copy each; the grant's id."""
    with product.parts.db.read() as uow:
        grant_id = only_grant(uow).id
    keep_copy(product)
    keep_copy(product, LI, grant_id)
    return grant_id


def ring_id(uow: UnitOfWork) -> str:
    return ring_of(uow).id


@pytest.mark.row("F-48", "S-22")
def test_a_copy_opens_to_the_data_key(product: Product) -> None:
    data_key = keep_copy(product)
    [kept] = copies(product)

    assert method_copies.unwrap(product.parts.providers.keys, kept) == data_key
    assert data_key not in kept.sealed


@pytest.mark.row("S-22")
@pytest.mark.parametrize("column", ["account_id", "grant_id", "ring_id", "id"])
def test_a_copy_is_worth_nothing_under_another_name(product: Product, column: str) -> None:
    keep_copy(product)
    [kept] = copies(product)
    setattr(kept, column, "other")

    with pytest.raises(UnwrapRefused):
        method_copies.unwrap(product.parts.providers.keys, kept)


@pytest.mark.row("F-48")
def test_a_second_keeping_changes_nothing(product: Product) -> None:
    keep_copy(product)
    [kept] = copies(product)
    keep_copy(product)

    assert [one.sealed for one in copies(product)] == [kept.sealed]


@pytest.mark.row("S-29")
def test_a_copy_goes_with_its_grant(product: Product) -> None:
    grant_id = with_two(product)
    with product.parts.db.begin() as uow:
        held_copies.withdraw_grant(uow, grant_id)

    assert [one.account_id for one in copies(product)] == [account_id(product, WEI)]


@pytest.mark.row("S-30", "F-30")
def test_copies_go_with_their_ring(product: Product) -> None:
    with_two(product)
    with product.parts.db.begin() as uow:
        revoking.end_ring(uow, ring_id(uow), RevocationReason.CESSATION_OF_OPERATION)

    assert copies(product) == []


@pytest.mark.row("P-38")
def test_a_copy_goes_with_the_account(product: Product) -> None:
    with_two(product)
    with product.parts.db.begin() as uow:
        certificates_of_person.let_go(uow, account_id(product, WEI))

    assert [one.account_id for one in copies(product)] == [account_id(product, LI)]


@pytest.mark.row("P-39")
def test_the_former_representatives_copy_goes_with_the_registrys_news(product: Product) -> None:
    with_two(product)
    with product.parts.db.begin() as uow:
        company_id = company(uow).id
        uow.session.get_one(Enterprise, company_id).representative_id = account_id(product, HUANG)
        news = {"enterprise_id": company_id, "news": [enterprises.CHANGED], "former": None}
        enterprises.jobs.enqueue(uow, enterprises.NEWS, **news)
    runner = product.worker()
    runner.handlers = {
        enterprises.NEWS: NewsOfCompanies(product.parts.db, product.parts.providers.keys)
    }
    runner.run_all()

    assert [one.account_id for one in copies(product)] == [account_id(product, LI)]


@pytest.mark.row("P-40")
def test_a_grantee_who_lost_his_pin_loses_his_copy(product: Product) -> None:
    with_two(product)
    with product.parts.db.begin() as uow:
        rekeying.lose_copies(uow, product.parts.providers.keys, account_id(product, LI))

    assert [one.account_id for one in copies(product)] == [account_id(product, WEI)]


@pytest.mark.row("P-40", "P-39")
@pytest.mark.parametrize(("holder", "kept_for"), [(WEI, (WEI, LI)), (HUANG, (LI,))])
def test_new_keys_are_given_anew_to_who_had_a_copy_and_is_still_entitled(
    product: Product, holder: object, kept_for: tuple[object, ...]
) -> None:
    with_two(product)
    parts = product.parts
    with parts.db.begin() as uow:
        old = uow.session.get_one(KeyRing, ring_id(uow))
        new_holder = account_id(product, holder)  # type: ignore[arg-type]
        uow.session.get_one(Enterprise, old.owner_id).representative_id = new_holder
        rekeying.begin(uow, parts.providers.keys, old, rekeying.owner_of(uow, old), new_holder)
        uow.session.flush()
        going = rekeying.going_on(uow, old.id)
        assert going is not None
        request_id = going.id
    issued = fulfil(parts.db, parts.providers.keys, parts.providers.ca, request_id)
    with parts.db.begin() as uow:
        going = uow.session.get_one(Rekeying, request_id)
        opened: OpenRing = rekeying.exchange(uow, parts.providers.keys, going, issued)
        fresh, data_key = opened.ring.id, opened.data_key

    kept = copies(product)
    assert {one.ring_id for one in kept} == {fresh}
    whose = {account_id(product, one) for one in kept_for}  # type: ignore[arg-type]
    assert {one.account_id for one in kept} == whose
    assert {method_copies.unwrap(parts.providers.keys, one) for one in kept} == {data_key}
