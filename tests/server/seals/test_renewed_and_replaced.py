"""A renewal meets another end of its keys: no seal outlives its certificates, none is left over."""

from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from server.certificates.models import OwnerKind
from server.certificates.rekeying import REMAKE
from server.certificates.service import certificate_of, current_ring
from server.core.jobs import Runner
from server.pki.subject_keys import Algorithm
from server.seals import lifecycle
from server.seals.models import ChangeState
from server.seals.queries import by_ids
from server.seals.renewing import CHANGE
from server.seals.service import SEAL_LIFE
from server.worker import handlers
from tests.factories.domain import account_of, company, seal_of
from tests.factories.holders import Holders
from tests.factories.product import WEI, Product
from tests.factories.registry import RENAMED, hear, says
from tests.fakes.outside import EventfulOutside
from tests.server.seals.test_renewing import BOTH, DAY, ask, change, made_of, stand_at


@pytest.fixture
def holders(product: Product, tmp_path: Path) -> Holders:
    return Holders.of(product, tmp_path)


def work_off(product: Product) -> None:
    """Until also what was put off has been tried again."""
    for _ in range(3):
        product.work()
        product.clock.advance(minutes=11)


def assert_renewed(product: Product, change_id: str) -> None:
    """The seal has its new period, on a ring whose certificates last as long."""
    assert change(product, change_id).state == ChangeState.DONE
    with product.parts.db.read() as uow:
        (seal,) = by_ids(uow, [change(product, change_id).seal_id])
        ring = current_ring(uow, OwnerKind.ENTERPRISE, company(uow).id)
        assert ring is not None
        assert (seal.ring_id, ring.version) == (ring.id, 2)
        ends = {one: certificate_of(uow, ring, one).not_after for one in Algorithm}
        signer = certificate_of(uow, ring, Algorithm.SM2).der
        for kind in BOTH:
            assert made_of(uow, seal_of(uow, kind)).facts.certificates == (signer,)
        assert made_of(uow, seal).facts.valid_until == seal.valid_until
    assert seal.valid_until > product.clock.now() + SEAL_LIFE
    assert min(ends.values()) >= seal.valid_until


@pytest.mark.row("F-28", "P-40")
@pytest.mark.parametrize("first", [REMAKE, CHANGE])
def test_a_renewal_holds_whichever_of_the_two_the_worker_does_first(
    holders: Holders, first: str
) -> None:
    product = holders.product
    stand_at(product, 5 * DAY)
    change_id = ask(product)
    holders.forget_pin(holders.logged_in(WEI))

    ca = EventfulOutside(product.parts.providers.ca, "renew", list)
    parts = replace(product.parts, providers=replace(product.parts.providers, ca=ca))

    Runner(parts.db, {first: handlers(parts)[first]}).run_all()
    assert ca.answers == []
    work_off(product)

    assert_renewed(product, change_id)


@pytest.mark.row("F-28", "P-40")
def test_a_renewal_holds_when_the_pin_is_forgotten_while_the_authority_answers(
    holders: Holders,
) -> None:
    product = holders.product
    stand_at(product, 5 * DAY)
    change_id = ask(product)
    session = holders.logged_in(WEI)
    ca = EventfulOutside(product.parts.providers.ca, "renew", partial(holders.forget_pin, session))

    product.worker(ca=ca).run_all()
    work_off(product)

    assert_renewed(product, change_id)


@pytest.mark.row("F-28", "F-30")
def test_what_is_renewed_for_a_ring_that_ends_meanwhile_is_revoked(product: Product) -> None:
    stand_at(product, 5 * DAY)
    change_id = ask(product)

    def cancelled() -> None:
        with product.parts.db.begin() as uow:
            for kind in BOTH:
                lifecycle.cancel(uow, seal_of(uow, kind).id, actor=account_of(uow, WEI).id)

    failed_as(product, change_id, EventfulOutside(*renewing(product), cancelled), "seal_cancelled")


@pytest.mark.row("F-28", "P-39")
def test_what_is_renewed_for_a_company_that_is_renamed_meanwhile_is_revoked(
    product: Product,
) -> None:
    stand_at(product, 5 * DAY)
    change_id = ask(product)

    def heard() -> None:
        says(product, RENAMED)
        hear(product)

    failed_as(product, change_id, EventfulOutside(*renewing(product), heard), "seal_not_active")


def renewing(product: Product) -> tuple[object, str]:
    return product.parts.providers.ca, "renew"


def failed_as(product: Product, change_id: str, ca: EventfulOutside, code: str) -> None:
    product.worker(ca=ca).run_all()
    product.work()
    settled = change(product, change_id)
    assert (settled.state, (settled.failure or {}).get("code")) == (ChangeState.FAILED, code)
    assert len(ca.answers) == 2
    assert not any(ca.behind.status(one.serial).good for one in ca.answers)
