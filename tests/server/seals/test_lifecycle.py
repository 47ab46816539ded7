"""Suspending, enabling and cancelling a seal, and what a key ring loses with its last seal."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from server.certificates.models import Certificate, CertificateStatus, KeyCopy
from server.core.audit import AuditRow
from server.core.db import UnitOfWork
from server.core.errors import DomainError
from server.seals import lifecycle
from server.seals.errors import (
    NamesFormerRepresentative,
    SealCancelled,
    SealExpired,
    SealNotSuspended,
    SealSuspended,
    StoppedByName,
    StoppedByRepresentative,
    StoppedByStrikingOff,
    SuspendedByOwner,
)
from server.seals.models import Reason, Seal, SealKind, SealState, SealStatus
from tests.factories.domain import account_of, company, ring_of, seal_of
from tests.factories.product import HUANG, WEI, Product
from tests.fakes.outside import DownCa

KINDS = (SealKind.COMPANY, SealKind.LEGAL_REPRESENTATIVE)


def suspend(uow: UnitOfWork, by: Reason = Reason.OWNER) -> Seal:
    return lifecycle.suspend(uow, seal_of(uow).id, actor=account_of(uow, WEI).id, by=by)


def enable(uow: UnitOfWork, by: Reason = Reason.OWNER) -> Seal:
    return lifecycle.enable(uow, seal_of(uow).id, actor=account_of(uow, WEI).id, by=by)


def cancel(uow: UnitOfWork, kind: SealKind = SealKind.COMPANY) -> Seal:
    return lifecycle.cancel(uow, seal_of(uow, kind).id, actor=account_of(uow, WEI).id)


@pytest.mark.row("F-29", "P-42")
def test_a_suspended_seal_is_enabled_again_and_both_are_written_down(product: Product) -> None:
    with product.parts.db.begin() as uow:
        seal = suspend(uow)
        assert (seal.state(uow.now), seal.reason) == (SealState.SUSPENDED, Reason.OWNER)
        with pytest.raises(SealSuspended) as told:
            seal.require_usable(uow.now)
        assert told.value.details["reason"] == Reason.OWNER
    with product.parts.db.begin() as uow:
        seal = enable(uow)
        seal.require_usable(uow.now)
        assert (seal.state(uow.now), seal.reason) == (SealState.ACTIVE, None)

    with product.parts.db.read() as uow:
        rows = uow.session.scalars(select(AuditRow).where(AuditRow.subject == seal.id))
        events = [row.event for row in rows if row.event != "seal.made"]
    assert events == ["seal.suspended", "seal.enabled"]


@pytest.mark.row("F-29")
@pytest.mark.parametrize(
    ("status", "days", "suspending", "enabling"),
    [
        (SealStatus.ACTIVE, 1, None, SealNotSuspended),
        (SealStatus.SUSPENDED, 1, SealSuspended, None),
        (SealStatus.CANCELLED, 1, SealCancelled, SealCancelled),
        (SealStatus.ACTIVE, 0, SealExpired, SealExpired),
        (SealStatus.SUSPENDED, 0, SealExpired, SealExpired),
    ],
)
def test_each_move_is_open_in_its_own_state_alone(
    product: Product,
    status: SealStatus,
    days: int,
    suspending: type[DomainError] | None,
    enabling: type[DomainError] | None,
) -> None:
    with product.parts.db.begin() as uow:
        seal = seal_of(uow)
        seal.status, seal.valid_until = status, uow.now + timedelta(days=days)

    for move, refused in ((suspend, suspending), (enable, enabling)):
        with product.parts.db.begin() as uow:
            seal_of(uow).status = status
        outcome = None
        try:
            with product.parts.db.begin() as uow:
                move(uow)
        except DomainError as problem:
            outcome = type(problem)
        assert outcome == refused


@pytest.mark.row("F-29", "F-31")
def test_an_administrator_enables_what_administrators_suspended_and_no_more(
    product: Product,
) -> None:
    with product.parts.db.begin() as uow:
        suspend(uow, Reason.ADMINISTRATOR)
        enable(uow, Reason.ADMINISTRATOR)
        suspend(uow)
        with pytest.raises(SuspendedByOwner):
            enable(uow, Reason.ADMINISTRATOR)
        enable(uow)


@pytest.mark.row("P-39", "F-29")
@pytest.mark.parametrize(
    ("reason", "told"),
    [
        (Reason.REPRESENTATIVE_CHANGED, StoppedByRepresentative),
        (Reason.NAMES_FORMER_REPRESENTATIVE, NamesFormerRepresentative),
        (Reason.NAME_CHANGED, StoppedByName),
        (Reason.STRUCK_OFF, StoppedByStrikingOff),
    ],
)
def test_what_the_registrys_news_stopped_is_not_enabled_by_hand(
    product: Product, reason: Reason, told: type[SealSuspended]
) -> None:
    with product.parts.db.begin() as uow:
        suspend(uow)
        company(uow).representative_id = account_of(uow, HUANG).id
        assert lifecycle.stop(uow, [seal_of(uow)], reason)
        assert lifecycle.stop(uow, [seal_of(uow)], reason) == []
        with pytest.raises(told) as refused:
            enable(uow)
        assert refused.value.code == "seal_not_active"
        with pytest.raises(told):
            seal_of(uow).require_usable(uow.now)


@pytest.mark.row("P-39")
def test_the_stronger_news_is_kept_and_a_takeover_ends_only_its_own(product: Product) -> None:
    with product.parts.db.begin() as uow:
        seal = seal_of(uow)
        lifecycle.stop(uow, [seal], Reason.NAME_CHANGED)
        lifecycle.stop(uow, [seal], Reason.REPRESENTATIVE_CHANGED)
        assert seal.reason == Reason.NAME_CHANGED
        seal.fit_again()
        assert seal.reason == Reason.NAME_CHANGED
        other = seal_of(uow, SealKind.LEGAL_REPRESENTATIVE)
        lifecycle.stop(uow, [other], Reason.REPRESENTATIVE_CHANGED)
        other.fit_again()
        assert other.reason == Reason.OWNER


@pytest.mark.row("F-30")
def test_a_cancelled_seal_is_gone_for_good_and_leaves_the_rings_keys_to_the_others(
    product: Product,
) -> None:
    with product.parts.db.begin() as uow:
        cancel(uow)
    product.work()

    with product.parts.db.begin() as uow:
        with pytest.raises(SealCancelled):
            cancel(uow)
        assert seal_of(uow).cancelled_at is not None
        assert copies(uow) == 2
        assert {one.status for one in certificates(uow)} == {CertificateStatus.ACTIVE}
        assert all(product.parts.providers.ca.status(one.serial).good for one in certificates(uow))


@pytest.mark.row("F-30", "R-08")
def test_the_last_seal_takes_copies_and_certificates_along_also_from_an_authority_that_was_away(
    product: Product,
) -> None:
    away = DownCa(product.parts.providers.ca, failures=2)
    for kind in KINDS:
        with product.parts.db.begin() as uow:
            cancel(uow, kind)
    with product.parts.db.read() as uow:
        assert copies(uow) == 0
        assert {one.status for one in certificates(uow)} == {CertificateStatus.REVOKED}

    worker = product.worker(ca=away)
    for _ in range(4):
        worker.run_all()
        product.clock.advance(minutes=1)

    with product.parts.db.read() as uow:
        serials = [one.serial for one in certificates(uow)]
    assert len(serials) == 2
    assert not any(product.parts.providers.ca.status(serial).good for serial in serials)
    # Two calls met an authority that was away; each certificate was then withdrawn once.
    assert away.refused == 2


@pytest.mark.row("F-30")
def test_of_certificates_that_had_ended_by_themselves_the_authority_is_told_nothing(
    product: Product,
) -> None:
    product.clock.advance(days=4 * 365)
    for kind in KINDS:
        with product.parts.db.begin() as uow:
            cancel(uow, kind)
    product.work()

    with product.parts.db.read() as uow:
        ended = certificates(uow)
    assert {one.status for one in ended} == {CertificateStatus.REVOKED}
    assert all(product.parts.providers.ca.status(one.serial).good for one in ended)


def copies(uow: UnitOfWork) -> int:
    ring = ring_of(uow)
    return len(uow.session.scalars(select(KeyCopy).where(KeyCopy.ring_id == ring.id)).all())


def certificates(uow: UnitOfWork) -> list[Certificate]:
    mine = select(Certificate).where(Certificate.owner_id == seal_of(uow).owner_id)
    return list(uow.session.scalars(mine))
