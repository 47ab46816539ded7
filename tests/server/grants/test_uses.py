"""Uses of seals: reserved before the work, never beyond the limit, settled once."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from server.core import audit
from server.core.audit import AuditRow
from server.core.db import UnitOfWork
from server.enterprises.models import EnterpriseStatus
from server.grants.errors import GrantEnded, GrantExhausted, LostReservation
from server.grants.models import Grant, GrantRole, GrantStatus, SealUse, UseState
from server.grants.queries import uses_seen_by
from server.grants.service import (
    LEASE,
    release,
    require_still_granted,
    reservation_of,
    reserve,
)
from server.seed import DemoPerson
from tests.factories.domain import account_of, company, make_grant, only_grant, use_of
from tests.factories.product import HUANG, LI, WEI, Product
from tests.fakes.clock import FakeClock
from tests.fakes.threads import together
from tests.fakes.trouble import Broken, abandon


def take(product: Product, person: DemoPerson = LI, **facts: Any) -> SealUse:
    """Reserve one use: by the seeded grant for the operator, by his own right for others."""
    with product.parts.db.begin() as uow:
        grant = only_grant(uow) if person is LI else None
        return reserve(uow, use_of(uow, person, grant, **facts))


def counted(product: Product) -> int:
    with product.parts.db.read() as uow:
        return only_grant(uow).uses


def limit(product: Product, most_uses: int) -> None:
    with product.parts.db.begin() as uow:
        only_grant(uow).most_uses = most_uses


@pytest.mark.row("S-29", "F-32")
def test_the_granted_uses_are_all_that_can_be_reserved(product: Product) -> None:
    limit(product, 3)
    for _ in range(3):
        take(product)
    with pytest.raises(GrantExhausted) as refusal:
        take(product)
    assert refusal.value.details == {"most_uses": 3}
    assert counted(product) == 3


@pytest.mark.row("S-29", "R-13")
def test_of_ten_reservations_at_once_three_pass_a_limit_of_three(product: Product) -> None:
    limit(product, 3)
    outcomes = together([lambda: take(product)] * 10)
    assert len([one for one in outcomes if isinstance(one, SealUse)]) == 3
    assert len([one for one in outcomes if isinstance(one, GrantExhausted)]) == 7
    assert counted(product) == 3


@pytest.mark.row("S-29")
def test_a_grant_that_ended_reserves_nothing(product: Product, clock: FakeClock) -> None:
    clock.advance(days=365)
    with pytest.raises(GrantEnded):
        take(product)
    assert counted(product) == 0


def test_the_representative_has_no_limit(product: Product) -> None:
    limit(product, 0)
    assert take(product, WEI).state == UseState.RESERVED


@pytest.mark.row("R-12")
def test_one_attempt_of_a_task_reserves_once(product: Product) -> None:
    take(product, reservation_key="task-1:1")
    with pytest.raises(IntegrityError):
        take(product, reservation_key="task-1:1")
    assert counted(product) == 1


def test_a_reservation_that_rolls_back_counts_nothing(product: Product) -> None:
    def take_within(uow: UnitOfWork) -> None:
        reserve(uow, use_of(uow, LI, only_grant(uow)))

    with pytest.raises(Broken):
        abandon(product.parts.db, take_within)
    assert counted(product) == 0


def test_a_reservation_is_audited_with_what_will_be_sealed(product: Product) -> None:
    use = take(product)
    with product.parts.db.read() as uow:
        rows = select(AuditRow).where(AuditRow.subject == use.task_id)
        row = uow.session.scalars(rows).one()
        assert audit.verify(uow) is None
    assert (row.event, row.actor) == ("seal.sealing_started", use.account_id)
    assert row.details == {
        "document": use.document_digest,
        "placements": use.placements_digest,
        "seals": [use.seals[0]["id"]],
        "grant": use.grant_id,
    }


@pytest.mark.row("R-01")
def test_a_released_use_is_given_back_once(product: Product) -> None:
    limit(product, 1)
    use = take(product)
    for expected in (None, LostReservation):
        with product.parts.db.begin() as uow:
            row = uow.session.get_one(SealUse, use.id)
            if expected is None:
                release(uow, row)
                continue
            with pytest.raises(expected):
                release(uow, row)
    assert counted(product) == 0
    assert take(product).state == UseState.RESERVED


@pytest.mark.row("R-01", "R-13")
def test_only_the_worker_that_took_it_up_last_may_settle(product: Product) -> None:
    use = take(product)
    with product.parts.db.begin() as uow:
        row = uow.session.get_one(SealUse, use.id)
        old, new = row.take_up(uow.now + LEASE), row.take_up(uow.now + LEASE)
        with pytest.raises(LostReservation):
            row.complete(old, uow.now)
        row.complete(new, uow.now)
        assert (row.state, row.settled_at) == (UseState.DONE, uow.now)


@pytest.mark.row("R-01")
def test_what_is_done_stays_done(product: Product) -> None:
    use = take(product)
    with product.parts.db.begin() as uow:
        row = uow.session.get_one(SealUse, use.id)
        row.complete(row.take_up(uow.now + LEASE), uow.now)
        for again in (
            lambda: row.complete(row.fence, uow.now),
            lambda: row.take_up(uow.now + LEASE),
            lambda: release(uow, row),
        ):
            with pytest.raises(LostReservation):
                again()
    assert counted(product) == 1


def test_the_live_reservation_of_a_task_is_found(product: Product) -> None:
    use = take(product, task_id="task-1")
    with product.parts.db.begin() as uow:
        found = reservation_of(uow, "task-1")
        assert found is not None
        assert found.id == use.id
        release(uow, found)
    with product.parts.db.read() as uow:
        assert reservation_of(uow, "task-1") is None


def revoke(uow: UnitOfWork) -> None:
    only_grant(uow).status = GrantStatus.REVOKED


def let_end(uow: UnitOfWork) -> None:
    only_grant(uow).ends_at = uow.now


def take_the_seal_out(uow: UnitOfWork) -> None:
    only_grant(uow).seal_ids = []


def suspend_the_company(uow: UnitOfWork) -> None:
    company(uow).status = EnterpriseStatus.SUSPENDED


def change_the_representative(uow: UnitOfWork) -> None:
    company(uow).representative_id = account_of(uow, HUANG).id


def still_granted(product: Product, use: SealUse) -> bool:
    with product.parts.db.read() as uow:
        try:
            require_still_granted(uow, use)
        except GrantEnded:
            return False
        return True


@pytest.mark.row("S-29")
@pytest.mark.parametrize(
    ("person", "ending"),
    [
        (LI, revoke),
        (LI, let_end),
        (LI, take_the_seal_out),
        (LI, suspend_the_company),
        (LI, change_the_representative),
        (WEI, suspend_the_company),
        (WEI, change_the_representative),
    ],
    ids=lambda one: getattr(one, "__name__", None) or one.name,
)
def test_a_right_that_ended_after_the_reservation_seals_nothing(
    person: DemoPerson, ending: Any, product: Product
) -> None:
    use = take(product, person)
    assert still_granted(product, use)
    with product.parts.db.begin() as uow:
        ending(uow)
    assert not still_granted(product, use)


@pytest.mark.row("S-29")
def test_the_last_granted_use_may_be_finished(product: Product) -> None:
    limit(product, 1)
    assert still_granted(product, take(product))


@pytest.mark.row("S-29", "F-31")
def test_a_right_ends_when_the_manager_who_gave_it_is_dismissed(product: Product) -> None:
    with product.parts.db.begin() as uow:
        given = only_grant(uow)
        manager = make_grant(uow, HUANG, role=GrantRole.ADMINISTRATOR)
        given.granted_by = manager.grantee_id
        use = reserve(uow, use_of(uow, LI, given))
    assert still_granted(product, use)
    with product.parts.db.begin() as uow:
        uow.session.get_one(Grant, manager.id).status = GrantStatus.REVOKED
    assert not still_granted(product, use)


@pytest.mark.row("P-35")
def test_the_register_shows_his_own_uses_and_all_of_the_companies_he_represents(
    product: Product, clock: FakeClock
) -> None:
    by_wei, by_li, given_back = take(product, WEI), take(product, LI), take(product, LI)
    with product.parts.db.begin() as uow:
        release(uow, uow.session.get_one(SealUse, given_back.id))

    def seen(person: DemoPerson) -> list[str]:
        with product.parts.db.read() as uow:
            page = uses_seen_by(uow, account_of(uow, person).id)
            return [use.id for use in page.items]

    assert set(seen(WEI)) == {by_wei.id, by_li.id}
    assert seen(LI) == [by_li.id]
    assert seen(HUANG) == []


def test_a_reservation_is_leased_for_longer_than_all_its_limits_together() -> None:
    assert timedelta(seconds=30 + 2 * 5) < LEASE
