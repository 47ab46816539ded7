"""Applications where transactions really run at once: one wins, and what is made is made once."""

from functools import partial

import pytest
from sqlalchemy import select

from server.applications.errors import ApplicationMovedOn
from server.applications.issuing import Issuer
from server.applications.jobs import expire
from server.applications.lifecycle import ApplicationState
from server.applications.models import Application, Way
from server.seals.models import Seal, SealKind
from tests.factories.applications import AUTOMATIC, Applicant
from tests.factories.issuing import assert_made_once, claim, made_for, parts_of, ready
from tests.factories.product import Product
from tests.fakes.threads import together

ROUNDS = 3


@pytest.fixture
def wei(product: Product) -> Applicant:
    applicant = Applicant(product)
    assert applicant.session
    return applicant


@pytest.mark.row("R-12", "R-13")
def test_of_many_submissions_at_once_one_wins(wei: Applicant) -> None:
    for _ in range(ROUNDS):
        application_id = wei.filled()
        checked = wei.check(application_id)
        outcomes = together([partial(wei.submit, application_id, AUTOMATIC, checked)] * 6)
        lost = [one for one in outcomes if not isinstance(one, Application)]
        assert [type(one) for one in lost] == [ApplicationMovedOn] * 5
        wei.withdraw(application_id)


@pytest.mark.row("R-08", "R-13")
def test_of_many_workers_at_once_one_makes_the_seals(wei: Applicant) -> None:
    row = ready(wei)
    issue = partial(Issuer(wei.product.parts.db, *parts_of(wei)), claim(row))
    together([issue] * 4)
    issue()
    assert_made_once(wei, row)


@pytest.mark.row("R-13")
def test_two_applications_of_one_owner_that_are_issued_at_once_share_a_ring(
    wei: Applicant,
) -> None:
    rows = [ready(wei, [SealKind.COMPANY]), ready(wei, [SealKind.FINANCE])]
    issuers = [partial(Issuer(wei.product.parts.db, *parts_of(wei)), claim(row)) for row in rows]
    together(issuers)
    for issue in issuers:
        issue()
    made = made_for(wei, rows[0])
    assert len(made.rings) == 1
    assert {seal.kind for seal in made.seals} == {SealKind.COMPANY, SealKind.FINANCE}
    assert all(wei.found(row.id).state == ApplicationState.DONE for row in rows)


@pytest.mark.row("P-45", "R-13")
def test_withdrawing_and_certifying_at_once_leaves_one_of_the_two(wei: Applicant) -> None:
    for _ in range(ROUNDS):
        application_id = wei.filled(Way.PERSONAL, [SealKind.SQUARE])
        wei.submit(application_id)
        together([partial(wei.withdraw, application_id), partial(wei.certify, application_id)])
        state = wei.found(application_id).state
        assert state in (ApplicationState.WITHDRAWN, ApplicationState.ISSUING)
        if state == ApplicationState.ISSUING:
            break


def test_what_another_holds_expires_later(wei: Applicant) -> None:
    application_id = wei.start()
    wei.product.clock.advance(days=31)
    db = wei.product.parts.db
    with db.begin() as holding:
        holding.locked(Application, application_id)
        with db.begin() as uow:
            assert expire(uow) == 0
    with db.begin() as uow:
        assert expire(uow) == 1


def test_every_seal_has_a_number_of_its_own(wei: Applicant) -> None:
    ready(wei)
    wei.product.work()
    with wei.product.parts.db.read() as uow:
        numbers = uow.session.scalars(select(Seal.number)).all()
    assert len(numbers) == len(set(numbers))
