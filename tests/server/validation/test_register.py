"""What our own register knows of a seal or a certificate decides beside what the file says."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from server.certificates.renewing import certificates_of
from server.certificates.revoking import end_ring
from server.core.db import UnitOfWork
from server.pki.revocation import RevocationReason
from server.sealing.report import Answer, CheckName, Overall, Report
from server.seals import lifecycle
from server.seals.models import Reason, Seal
from server.validation.register import judged, pauses
from tests.factories import reports
from tests.factories.domain import ring_of, seal_of
from tests.factories.product import Product

HOUR = timedelta(hours=1)


def sealed_with(product: Product, at: datetime) -> Report:
    """A report on a seal of ours, sealed and stamped at that moment."""
    with product.parts.db.read() as uow:
        seal_id = seal_of(uow).id
    seal = reports.seal(id=seal_id, signed_at=at, stamped_at=at)
    return reports.report(seal, signatures=(reports.signature(stamped_at=at),))


def of_register(product: Product, report: Report) -> Report:
    with product.parts.db.read() as uow:
        return judged(uow, report)


def the_seal(uow: UnitOfWork) -> Seal:
    return seal_of(uow)


def outcome(report: Report) -> tuple[Overall, str, Answer]:
    seal = report.seals[0]
    [check] = [one for one in seal.checks if one.name is CheckName.SEAL_VALIDITY]
    return seal.overall, seal.cause, check.answer


VALID = (Overall.VALID, "", Answer.PASSED)


@pytest.mark.row("F-50", "S-30")
def test_a_seal_that_was_suspended_when_it_sealed_is_not_valid(product: Product) -> None:
    begun = product.clock.now()
    product.clock.advance(hours=1)
    with product.parts.db.begin() as uow:
        lifecycle.suspend(uow, the_seal(uow).id, actor="acc-x", by=Reason.OWNER)
    product.clock.advance(hours=2)
    with product.parts.db.begin() as uow:
        lifecycle.enable(uow, the_seal(uow).id, actor="acc-x", by=Reason.OWNER)

    before = of_register(product, sealed_with(product, begun))
    meanwhile = of_register(product, sealed_with(product, begun + 2 * HOUR))
    after = of_register(product, sealed_with(product, begun + 4 * HOUR))

    assert outcome(before) == VALID
    assert outcome(meanwhile) == (Overall.INVALID, "seal_suspended", Answer.FAILED)
    assert meanwhile.overall is Overall.INVALID
    assert outcome(after) == VALID


@pytest.mark.row("F-50", "S-30")
def test_a_seal_that_was_cancelled_before_is_not_valid_and_what_it_sealed_earlier_is(
    product: Product,
) -> None:
    begun = product.clock.now()
    product.clock.advance(hours=1)
    with product.parts.db.begin() as uow:
        the_seal(uow).cancel(uow.now)

    assert outcome(of_register(product, sealed_with(product, begun))) == VALID
    late = of_register(product, sealed_with(product, begun + 2 * HOUR))
    assert outcome(late) == (Overall.INVALID, "seal_cancelled", Answer.FAILED)


@pytest.mark.row("F-50", "S-30")
def test_a_certificate_that_ended_with_its_keys_signs_nothing_later(product: Product) -> None:
    begun = product.clock.now()
    product.clock.advance(hours=1)
    with product.parts.db.begin() as uow:
        ring_id = ring_of(uow).id
        serials = [one.serial for one in certificates_of(uow, ring_id)]
        end_ring(uow, ring_id, RevocationReason.CESSATION_OF_OPERATION)

    def with_certificate(at: datetime) -> Report:
        report = sealed_with(product, at)
        facts = replace(reports.CERTIFICATE, serial=serials[0])
        seals = (replace(report.seals[0], certificate=facts),)
        signatures = (replace(report.signatures[0], certificate=facts),)
        return of_register(product, replace(report, seals=seals, signatures=signatures))

    assert with_certificate(begun).overall is Overall.VALID
    late = with_certificate(begun + 2 * HOUR)
    assert (late.overall, late.cause) == (Overall.INVALID, "certificate_revoked")
    assert late.signatures[0].overall is Overall.INVALID


def test_of_a_seal_that_is_not_ours_nothing_changes(product: Product) -> None:
    report = reports.report(reports.seal(id="somebody's"))

    assert of_register(product, report) == report


def test_pauses_are_from_the_first_stop_to_the_next_enabling() -> None:
    at = [reports.AT + number * HOUR for number in range(6)]

    assert pauses([]) == ()
    assert pauses([(True, at[0]), (True, at[1]), (False, at[2])]) == ((at[0], at[2]),)
    assert pauses([(False, at[0]), (True, at[1])]) == ((at[1], None),)
    twice = [(True, at[0]), (False, at[1]), (True, at[3]), (False, at[4])]
    assert pauses(twice) == ((at[0], at[1]), (at[3], at[4]))
