"""Who may use which seal: the representative all of them, others what was granted to them."""

from datetime import timedelta
from typing import Any

import pytest

from server.core.db import UnitOfWork
from server.enterprises.models import EnterpriseStatus
from server.grants.errors import NoRight
from server.grants.models import Grant, GrantRole, GrantStatus
from server.grants.rights import companies_of, right_for, rights_of, users_of
from server.seals.models import SealKind
from server.seed import DemoPerson
from tests.factories.domain import (
    GUIYIN,
    YONGJIANG,
    account_of,
    company,
    make_grant,
    only_grant,
    seal_of,
)
from tests.factories.people import NEW_PHONE, People
from tests.factories.product import HUANG, LI, WEI, Product
from tests.fakes.clock import FakeClock

BOTH = {"企业法定名称章", "企业法定代表人章"}


def usable(product: Product, person: DemoPerson) -> dict[str, set[str]]:
    """The seals that a person may use now, by company."""
    with product.parts.db.read() as uow:
        rights = rights_of(uow, account_of(uow, person).id)
        return {right.enterprise.name: {seal.name for seal in right.seals} for right in rights}


def name_of_right(product: Product, person: DemoPerson) -> str:
    with product.parts.db.read() as uow:
        return right_for(uow, account_of(uow, person).id, company(uow).id).name


def change(product: Product, **columns: Any) -> None:
    """Another grant than was seeded."""
    with product.parts.db.begin() as uow:
        for column, value in columns.items():
            setattr(only_grant(uow), column, value)


@pytest.mark.row("F-31")
def test_the_representative_may_use_every_seal_without_a_grant(product: Product) -> None:
    assert usable(product, WEI) == {GUIYIN: BOTH}
    assert usable(product, HUANG) == {YONGJIANG: BOTH}
    assert name_of_right(product, WEI) == "法定代表人"


@pytest.mark.row("F-31", "F-32", "S-29")
def test_an_operator_may_use_the_seals_of_his_grant_only(product: Product) -> None:
    assert usable(product, LI) == {GUIYIN: {"企业法定名称章"}}
    assert name_of_right(product, LI) == "经办人"


@pytest.mark.row("F-32")
def test_a_grant_of_all_seals_covers_all_seals(product: Product) -> None:
    change(product, seal_ids=None, role=GrantRole.ADMINISTRATOR)
    assert usable(product, LI) == {GUIYIN: BOTH}
    assert name_of_right(product, LI) == "管理员"


def test_a_grant_of_no_seal_gives_no_company(product: Product) -> None:
    change(product, seal_ids=[])
    assert usable(product, LI) == {}


@pytest.mark.row("S-29", "F-34")
@pytest.mark.parametrize(
    "status",
    [GrantStatus.REVOKED, GrantStatus.PENDING_CERTIFICATE, GrantStatus.PENDING_ACCEPTANCE],
)
def test_only_an_active_grant_gives_a_right(status: GrantStatus, product: Product) -> None:
    change(product, status=status)
    assert usable(product, LI) == {}
    with product.parts.db.read() as uow, pytest.raises(NoRight):
        right_for(uow, account_of(uow, LI).id, company(uow).id)


@pytest.mark.row("S-29", "F-32")
def test_a_grant_holds_from_its_first_moment_to_the_one_before_its_end(
    product: Product, clock: FakeClock
) -> None:
    now = clock.now()
    change(product, starts_at=now + timedelta(minutes=1), ends_at=now + timedelta(minutes=3))
    held = []
    for _ in range(7):
        held.append(bool(usable(product, LI)))
        clock.advance(seconds=30)
    assert held == [False, False, True, True, True, True, False]


def test_a_right_at_one_company_is_none_at_another(product: Product) -> None:
    with product.parts.db.read() as uow, pytest.raises(NoRight):
        right_for(uow, account_of(uow, WEI).id, company(uow, YONGJIANG).id)


def test_a_suspended_company_lets_nobody_seal(product: Product) -> None:
    with product.parts.db.begin() as uow:
        company(uow).status = EnterpriseStatus.SUSPENDED
    assert usable(product, WEI) == {}
    assert usable(product, LI) == {}


@pytest.mark.row("F-29", "S-29")
def test_a_suspended_seal_is_shown_and_cannot_be_used(product: Product) -> None:
    with product.parts.db.begin() as uow:
        seal_of(uow).suspend(uow.now)
    assert usable(product, WEI) == {GUIYIN: {"企业法定代表人章"}}
    assert usable(product, LI) == {}
    with product.parts.db.read() as uow:
        shown = companies_of(uow, account_of(uow, WEI).id)
        assert {seal.name for right in shown for seal in right.seals} == BOTH


def test_a_person_sees_his_own_company_before_those_that_granted(product: Product) -> None:
    with product.parts.db.begin() as uow:
        make_grant(uow, WEI, YONGJIANG)
    assert list(usable(product, WEI)) == [GUIYIN, YONGJIANG]


def test_of_two_grants_the_stronger_speaks(product: Product) -> None:
    with product.parts.db.begin() as uow:
        make_grant(uow, LI, role=GrantRole.ADMINISTRATOR)
    assert name_of_right(product, LI) == "管理员"


@pytest.mark.row("S-29", "F-31")
def test_a_grant_ends_with_the_right_of_who_gave_it(product: Product) -> None:
    def give(uow: UnitOfWork) -> Grant:
        """黄淼 manages 桂印, and lets 李晓梅 use its seals."""
        only_grant(uow).status = GrantStatus.REVOKED
        grant = make_grant(uow, HUANG, role=GrantRole.ADMINISTRATOR)
        make_grant(uow, LI, granted_by=account_of(uow, HUANG).id)
        return grant

    with product.parts.db.begin() as uow:
        manager = give(uow)
    assert usable(product, LI) == {GUIYIN: BOTH}
    with product.parts.db.begin() as uow:
        uow.session.get_one(Grant, manager.id).status = GrantStatus.REVOKED
    assert usable(product, LI) == {}


@pytest.mark.row("S-29", "F-31", "P-39")
def test_what_a_manager_granted_ends_with_the_representative_who_had_appointed_him(
    product: Product,
) -> None:
    """A appoints M, M lets O use the seals; then B represents the company."""
    b = People(product).register(NEW_PHONE)
    with product.parts.db.begin() as uow:
        only_grant(uow).status = GrantStatus.REVOKED
        make_grant(uow, HUANG, role=GrantRole.ADMINISTRATOR)
        make_grant(uow, LI, granted_by=account_of(uow, HUANG).id)
    assert usable(product, LI) == {GUIYIN: BOTH}
    with product.parts.db.begin() as uow:
        company(uow).representative_id = b
    assert usable(product, HUANG) == {YONGJIANG: BOTH}
    assert usable(product, LI) == {}
    with product.parts.db.begin() as uow:
        make_grant(uow, HUANG, role=GrantRole.ADMINISTRATOR)
    assert usable(product, LI) == {GUIYIN: BOTH}


@pytest.mark.row("S-29", "F-31")
def test_managers_who_appoint_each_other_hold_nothing_by_that(product: Product) -> None:
    manages = {"role": GrantRole.ADMINISTRATOR}
    with product.parts.db.begin() as uow:
        only_grant(uow).status = GrantStatus.REVOKED
        huang, li = account_of(uow, HUANG).id, account_of(uow, LI).id
        make_grant(uow, HUANG, granted_by=li, **manages)
        make_grant(uow, LI, granted_by=huang, **manages)
    assert usable(product, LI) == {}
    assert usable(product, HUANG) == {YONGJIANG: BOTH}


@pytest.mark.row("S-29", "F-31")
def test_an_operator_cannot_grant(product: Product) -> None:
    with product.parts.db.begin() as uow:
        make_grant(uow, HUANG, granted_by=account_of(uow, LI).id)
    assert usable(product, HUANG) == {YONGJIANG: BOTH}


@pytest.mark.row("F-26")
def test_a_seal_names_its_users_masked_and_the_representative_first(product: Product) -> None:
    with product.parts.db.read() as uow:
        named = users_of(uow, company(uow), seal_of(uow))
        others = users_of(uow, company(uow), seal_of(uow, SealKind.LEGAL_REPRESENTATIVE))
    assert named == [("韦*远", "法定代表人"), ("李*梅", "经办人")]
    assert others == [("韦*远", "法定代表人")]
