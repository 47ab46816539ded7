"""What nobody goes on with expires: a draft quietly, what was handed in with a notice (P-45)."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from server.accounts.notice_models import Notice
from server.applications import jobs, telling
from server.applications.errors import ApplicationEnded
from server.applications.lifecycle import ApplicationState
from server.applications.models import Way
from server.seals.models import SealKind
from server.worker import sweep
from tests.factories.applications import AUTOMATIC, HAND, Applicant


def expired(wei: Applicant, application_id: str) -> bool:
    with wei.product.parts.db.begin() as uow:
        jobs.expire(uow)
    return wei.found(application_id).state == ApplicationState.EXPIRED


def told(wei: Applicant, application_id: str) -> list[str]:
    with wei.product.parts.db.read() as uow:
        mine = select(Notice.news).where(Notice.subject == application_id)
        return list(uow.session.scalars(mine))


@pytest.mark.row("P-45")
def test_a_draft_lives_thirty_days_from_its_last_change(wei: Applicant) -> None:
    application_id = wei.start()
    wei.product.clock.advance(days=29)
    wei.save(application_id, people=[])
    wei.product.clock.advance(days=30, seconds=-1)
    assert not expired(wei, application_id)
    wei.product.clock.advance(seconds=1)
    assert expired(wei, application_id)
    assert told(wei, application_id) == []
    with pytest.raises(ApplicationEnded):
        wei.save(application_id, people=[])


@pytest.mark.row("P-45")
def test_what_waits_for_certification_ends_with_its_links_and_the_applicant_is_told(
    wei: Applicant,
) -> None:
    application_id = wei.filled()
    wei.submit(application_id)
    wei.product.clock.advance(seconds=(AUTOMATIC.link_life - timedelta(seconds=1)).total_seconds())
    assert not expired(wei, application_id)
    wei.product.clock.advance(seconds=1)
    sweep(wei.product.parts)
    assert wei.found(application_id).state == ApplicationState.EXPIRED
    assert told(wei, application_id) == ["application_expired"]


@pytest.mark.row("P-45")
def test_a_correction_lives_thirty_days_and_a_review_as_long_as_it_takes(wei: Applicant) -> None:
    own = wei.filled(Way.PERSONAL, [SealKind.SQUARE])
    wei.submit(own, HAND)
    back = wei.filled()
    wei.submit(back, HAND)
    wei.send_back(back)
    wei.product.clock.advance(days=31)
    assert expired(wei, back)
    assert told(wei, back) == ["application_correction", "application_expired"]
    assert wei.found(own).state == ApplicationState.IN_REVIEW


@pytest.mark.row("P-36", "P-45")
def test_a_correction_is_a_todo_of_who_may_mend_it(wei: Applicant) -> None:
    application_id = wei.filled()
    wei.submit(application_id, HAND)
    with wei.product.parts.db.read() as uow:
        assert telling.todos(uow, wei.account_id) == []
    wei.send_back(application_id)
    row = wei.found(application_id)
    with wei.product.parts.db.read() as uow:
        (todo,) = telling.todos(uow, wei.account_id)
        assert todo.link == f"/m/apply/{application_id}"
        assert (todo.enterprise_id, todo.ends_at) == (row.owner_id, row.expires_at)
        assert telling.todos(uow, "acc-other") == []
