"""The seals of an owner who gets new keys: remade together, or not at all (P-40)."""

from pathlib import Path

import pytest
from sqlalchemy import select, update

from server.certificates import service as certificates
from server.certificates.models import KeyRelease, KeyRing
from server.core.db import UnitOfWork
from server.core.jobs import Job
from server.grants.models import SealUse, UseState
from server.pki.subject_keys import Algorithm
from server.sealing import ses
from server.seals import lifecycle
from server.seals.models import Reason, Seal, SealStatus
from server.seals.queries import impression_of
from tests.factories.domain import ring_of, seal_of
from tests.factories.holders import Holders
from tests.factories.product import WEI, Product
from tests.fakes.outside import EventfulTsa, ForgetfulCa


@pytest.fixture
def holders(product: Product, tmp_path: Path) -> Holders:
    return Holders.of(product, tmp_path)


def seals(uow: UnitOfWork) -> list[Seal]:
    owner = seal_of(uow).owner_id
    return list(uow.session.scalars(select(Seal).where(Seal.owner_id == owner).order_by(Seal.id)))


def signers(uow: UnitOfWork, seal: Seal) -> tuple[bytes, ...]:
    made = impression_of(uow, seal.id).made
    assert made is not None
    return ses.read_seal(made).facts.certificates


@pytest.mark.row("P-40", "F-50")
def test_each_living_seal_is_made_for_the_new_certificate_with_the_same_picture(
    holders: Holders,
) -> None:
    product = holders.product
    with holders.db.begin() as uow:
        before = {one.id: impression_of(uow, one.id) for one in seals(uow)}
        old_ring = ring_of(uow).id
        lifecycle.suspend(uow, seals(uow)[1].id, actor="acc-x", by=Reason.OWNER)
    holders.forget_pin(holders.logged_in(WEI))
    product.work()
    with holders.db.read() as uow:
        for seal in seals(uow):
            now, former = impression_of(uow, seal.id), before[seal.id]
            ring = uow.session.get_one(KeyRing, seal.ring_id)
            assert seal.ring_id != old_ring
            assert now.version == former.version + 1
            assert (now.svg, now.operators) == (former.svg, former.operators)
            assert now.made is not None
            assert former.made is not None
            told, told_before = ses.read_seal(now.made).facts, ses.read_seal(former.made).facts
            assert told.picture == told_before.picture
            assert (told.id, told.valid_until) == (told_before.id, told_before.valid_until)
            signs = certificates.certificate_of(uow, ring, Algorithm.SM2)
            assert told.certificates == (signs.der,)
        assert [one.status for one in seals(uow)] == [SealStatus.ACTIVE, SealStatus.SUSPENDED]


@pytest.mark.row("P-40", "S-30")
def test_a_cancelled_seal_keeps_what_it_had(holders: Holders) -> None:
    with holders.db.begin() as uow:
        gone = seals(uow)[1]
        lifecycle.cancel(uow, gone.id, actor="acc-x")
        ring_id, listed = gone.ring_id, signers(uow, gone)
    holders.forget_pin(holders.logged_in(WEI))
    holders.product.work()
    with holders.db.read() as uow:
        kept, moved = uow.session.get_one(Seal, gone.id), seals(uow)[0]
        assert (kept.ring_id, signers(uow, kept)) == (ring_id, listed)
        assert moved.ring_id != ring_id


def test_a_company_whose_last_seal_was_cancelled_meanwhile_gets_no_ring(holders: Holders) -> None:
    holders.forget_pin(holders.logged_in(WEI))
    with holders.db.begin() as uow:
        for seal in seals(uow):
            lifecycle.cancel(uow, seal.id, actor="acc-x")
    holders.product.work()
    with holders.db.read() as uow:
        owner = seals(uow)[0].owner_id
        (ring,) = uow.session.scalars(select(KeyRing).where(KeyRing.owner_id == owner))
        assert ring.retired_at is not None
        states = {job.kind: job.state for job in uow.session.scalars(select(Job))}
    assert states["seals.remake"] == "done"


@pytest.mark.row("R-08")
def test_while_the_authority_is_away_nothing_has_moved_and_then_everything_has(
    holders: Holders,
) -> None:
    product = holders.product
    holders.forget_pin(holders.logged_in(WEI))
    ca = ForgetfulCa(product.parts.providers.ca, 3)
    worker = product.worker(ca=ca)
    with holders.db.read() as uow:
        old_ring = seals(uow)[0].ring_id
    for _ in range(3):
        worker.run_all()
        with holders.db.read() as uow:
            assert {one.ring_id for one in seals(uow)} == {old_ring}
        product.clock.advance(minutes=11)
    worker.run_all()
    with holders.db.read() as uow:
        (new_ring,) = {one.ring_id for one in seals(uow)}
    assert new_ring != old_ring
    assert len(set(ca.asked)) == 2


@pytest.mark.row("P-40", "S-30")
def test_a_sealing_during_which_the_keys_are_replaced_publishes_nothing(holders: Holders) -> None:
    product = holders.product
    signing = product.signing()
    signing.start_sealing()
    holders.forget_pin(holders.logged_in(WEI))
    tsa = EventfulTsa(product.parts.providers.tsa, lambda: product.work())
    product.worker(tsa=tsa).run_all()
    told = signing.partner.get(f"/signing-tasks/{signing.id}").get_json()
    assert told["status"] != "sealed"
    with holders.db.read() as uow:
        assert {use.state for use in uow.session.scalars(select(SealUse))} == {UseState.RELEASED}


@pytest.mark.row("P-40", "S-30")
def test_keys_that_were_replaced_while_they_sealed_publish_nothing(holders: Holders) -> None:
    product = holders.product
    signing = product.signing()
    signing.start_sealing()

    def replaced() -> None:
        with holders.db.begin() as uow:
            old = uow.session.scalars(select(KeyRing).limit(1)).one()
            facts = {"owner_kind": old.owner_kind, "owner_id": old.owner_id, "version": 99}
            uow.session.add(KeyRing(id="ring-new", created_at=uow.now, **facts))
            uow.session.flush()
            uow.session.execute(update(Seal).values(ring_id="ring-new"))

    tsa = EventfulTsa(product.parts.providers.tsa, replaced)
    product.worker(tsa=tsa).run_all()
    told = signing.partner.get(f"/signing-tasks/{signing.id}").get_json()
    assert (told["status"], told["failure"]["code"]) == ("failed", "grant_ended")


@pytest.mark.row("P-40")
def test_the_right_of_an_open_page_ends_with_the_old_pin(holders: Holders) -> None:
    signing = holders.product.signing()
    signing.authorize()
    placed = signing.page.everywhere()
    holders.forget_pin(holders.logged_in(WEI))
    answer = signing.page.confirm(placed)
    assert (answer.status_code, answer.get_json()["code"]) == (410, "grant_ended")
    with holders.db.read() as uow:
        assert not uow.session.scalars(select(KeyRelease)).all()
