"""Keys where two transactions really run at once: one waits, and sees what the other has done."""

from collections.abc import Callable
from contextlib import suppress
from functools import partial

import pytest
from sqlalchemy import select

from server.applications.errors import RingReplaced
from server.applications.issuing import Issuer
from server.applications.models import Way
from server.certificates.held_copies import queue_for
from server.certificates.models import (
    KeyCopy,
    KeyRelease,
    KeyRequest,
    KeyRing,
    Rekeying,
)
from server.certificates.service import certificate_of, keep_release
from server.core.db import UnitOfWork
from server.core.jobs import Claim
from server.pki.subject_keys import Algorithm
from server.seals import lifecycle
from server.seals.models import Seal, SealImpression, SealKind
from server.seals.queries import impression_of
from server.seals.rekeying import RingReplacer, SealsMoved
from server.signing.models import PageGrant, SigningTask
from server.signing.page_grants import GrantTerms, PageRelease, authorize
from server.signing.sealing import page_pepper
from tests.cluster.postgresql.conftest import Begin
from tests.factories.applications import Applicant
from tests.factories.domain import account_of, company, opened, ring_of, seal_of
from tests.factories.holders import Holders
from tests.factories.issuing import claim, parts_of
from tests.factories.product import LI, WEI
from tests.server.seals.test_renewing import BOTH, DAY

CODE = "91450100MA5K8Q2X13"


@pytest.mark.row("P-40", "S-30")
def test_a_right_that_is_given_while_the_pin_is_reset_ends_with_the_old_pin(
    holders: Holders, begin: Begin
) -> None:
    product, session = holders.product, holders.logged_in(LI)
    signing = product.signing(person=LI)
    signing.scan()
    proofs, li = holders.proofs(session), opened(product.parts, LI)
    pepper = page_pepper(product.parts.providers.keys, signing.id)
    with holders.db.begin() as uow:
        task = uow.session.get_one(SigningTask, signing.id)
        release = PageRelease(task.qr_session_id, pepper, GrantTerms(DAY, DAY))
        authorize(uow, task.id, li, company(uow).id, release)
        uow.session.flush()
        reset = begin(partial(holders.reset, session, proofs))
    reset.result()
    with holders.db.read() as uow:
        assert [one.ended_at is not None for one in uow.session.scalars(select(PageGrant))] == [
            True
        ]
        assert uow.session.scalars(select(KeyRelease)).all() == []


def replacing(holders: Holders) -> Callable[[], None]:
    """The worker at the replacement of the ring, which is begun here."""
    holders.forget_pin(holders.logged_in(WEI))
    outside = holders.product.parts.providers
    with holders.db.read() as uow:
        task_id = uow.session.scalars(select(Rekeying.id)).one()
    job = Claim("job-1", "seals.remake", {"rekeying_id": task_id}, 1, 1, 100)
    return partial(RingReplacer(holders.db, outside.keys, outside.ca, outside.seal_maker), job)


@pytest.mark.row("P-40", "R-13")
def test_a_seal_that_comes_onto_a_ring_while_it_is_replaced_is_not_left_there(
    holders: Holders, begin: Begin
) -> None:
    replace = replacing(holders)
    with holders.db.begin() as uow:
        ring = uow.locked(KeyRing, ring_of(uow).id)
        second_of(uow, seal_of(uow))
        uow.session.flush()
        replaced = begin(replace)
    with pytest.raises(SealsMoved):
        replaced.result()
    replace()
    with holders.db.read() as uow:
        on = uow.session.scalars(select(Seal.ring_id).where(Seal.owner_id == ring.owner_id)).all()
        assert len(on) == 3
        assert ring.id not in on


def second_of(uow: UnitOfWork, seal: Seal) -> None:
    """Another seal on the same ring, as an application stores it."""
    row = {one.key: getattr(seal, one.key) for one in Seal.__table__.columns}
    uow.session.add(Seal(**{**row, "id": "seal-zz"}))
    uow.session.flush()
    drawn = impression_of(uow, seal.id)
    row = {one.key: getattr(drawn, one.key) for one in SealImpression.__table__.columns}
    uow.session.add(SealImpression(**{**row, "id": "imp-zz", "seal_id": "seal-zz"}))


@pytest.mark.row("P-39", "R-13")
def test_keys_are_replaced_for_who_represents_the_company_by_then(
    holders: Holders, begin: Begin
) -> None:
    replace = replacing(holders)
    with holders.db.begin() as uow:
        wei = account_of(uow, WEI).id
        company(uow).representative_id = None
        uow.session.flush()
        replaced = begin(replace)
    replaced.result()
    with holders.db.read() as uow:
        his = select(KeyCopy).where(KeyCopy.account_id == wei)
        assert uow.session.scalars(his).all() == []


@pytest.mark.row("P-40", "R-13")
def test_a_grantee_who_signs_while_the_keys_are_replaced_stops_nobody(
    holders: Holders, begin: Begin
) -> None:
    """People are queued up for before rings are locked, by whoever needs both."""
    replace = replacing(holders)
    with holders.db.begin() as uow:
        queue_for(uow, account_of(uow, LI).id)
        replaced = begin(replace)
        release = {"ring_id": ring_of(uow).id, "sealed": b"", "ends_at": uow.now + DAY}
        keep_release(uow, "pg-1", **release)
        uow.session.flush()
    replaced.result()
    with holders.db.read() as uow:
        assert uow.session.scalars(select(KeyRelease)).all() == []


@pytest.mark.row("F-28", "P-40")
def test_new_keys_that_are_asked_for_during_a_renewal_last_as_long_as_the_renewed(
    holders: Holders, begin: Begin
) -> None:
    session = holders.logged_in(WEI)
    proofs = holders.proofs(session)
    with holders.db.begin() as uow:
        ring = uow.locked(KeyRing, ring_of(uow).id)
        certificate = certificate_of(uow, ring, Algorithm.P256)
        renewed = certificate.not_after = certificate.not_after + 100 * DAY
        uow.session.flush()
        reset = begin(partial(holders.reset, session, proofs))
    reset.result()
    with holders.db.read() as uow:
        ends = select(KeyRequest.not_after).join(Rekeying, Rekeying.id == KeyRequest.id)
        assert uow.session.scalars(ends).one() == renewed


@pytest.mark.row("F-30", "R-13")
def test_no_seal_comes_onto_a_ring_that_ends_with_its_last_seal(
    holders: Holders, begin: Begin
) -> None:
    wei = Applicant(holders.product)
    application_id = wei.start(code=CODE)
    wei.fill(application_id, Way.FULL, [SealKind.FINANCE])
    wei.submit(application_id)
    wei.certify(application_id)
    issue = partial(Issuer(holders.db, *parts_of(wei)), claim(wei.found(application_id)))
    with holders.db.begin() as uow:
        ring_id = ring_of(uow).id
        for kind in BOTH:
            lifecycle.cancel(uow, seal_of(uow, kind).id, actor=wei.account_id)
        uow.session.flush()
        issued = begin(issue)
    with suppress(RingReplaced):
        issued.result()
    with holders.db.read() as uow:
        assert lifecycle.living_of_ring(uow, ring_id) == []
    issue()
    with holders.db.read() as uow:
        assert seal_of(uow, SealKind.FINANCE).ring_id != ring_id
