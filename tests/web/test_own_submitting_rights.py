"""提交 of one's own files: every right is asked to the last moment, and every use counts."""

from typing import Any

import pytest
from sqlalchemy import select

from server.accounts.models import Account
from server.certificates.models import CertificateStatus, KeyRelease
from server.certificates.renewing import certificates_of
from server.core.audit import AuditRow
from server.core.outbox import OutboxEvent
from server.documents.models import Document
from server.grants.models import Grant
from server.seals import lifecycle
from server.seals.models import Reason
from server.signing.models import SigningTask
from tests.factories.domain import only_grant, ring_of
from tests.factories.own_signings import count, of_person, placed, uses
from tests.factories.product import LI, Product
from tests.factories.seals import told
from tests.factories.visits import visit


@pytest.mark.row("F-32")
def test_each_file_counts_as_a_use_of_the_grant(product: Product) -> None:
    signing = placed(product, person=LI)
    signing.add()
    signing.ready()
    signing.place(1)
    with product.parts.db.begin() as uow:
        only_grant(uow).most_uses = 1

    assert told(signing.submit()) == (409, "grant_exhausted")
    with product.parts.db.begin() as uow:
        grant = uow.session.get_one(Grant, only_grant(uow).id)
        assert grant.uses == 0
        grant.most_uses = 2
    assert signing.submit().status_code == 202
    product.work()
    with product.parts.db.read() as uow:
        assert only_grant(uow).uses == 2


@pytest.mark.row("P-36")
def test_the_representative_hears_of_a_use_by_a_grant(product: Product) -> None:
    signing = placed(product, person=LI)
    signing.submit()
    product.work()

    messages = visit(product).get("/m/messages").get_data(as_text=True)
    assert "合同.pdf" in messages


@pytest.mark.row("S-30")
@pytest.mark.parametrize("worker_first", [True, False])
@pytest.mark.parametrize("ready", [placed, of_person])
def test_a_seal_that_stops_before_the_worker_comes_seals_nothing(
    product: Product, ready: Any, worker_first: bool
) -> None:
    signing = ready(product)
    signing.submit()
    [use] = uses(product)
    with product.parts.db.begin() as uow:
        lifecycle.suspend(uow, use.seals[0]["id"], actor=use.account_id, by=Reason.OWNER)
    runner = product.worker()
    runner.handlers.pop("seals.stopped" if worker_first else "signing.seal_document")
    runner.run_all()

    [file] = signing.read()["documents"]
    assert (file["status"], file["problem"]["code"]) == ("failed", "seal_not_active")
    assert (count(product, Document), count(product, KeyRelease)) == (1, 0)


@pytest.mark.row("S-29")
def test_a_right_that_ended_before_the_worker_comes_seals_nothing(product: Product) -> None:
    signing = placed(product, person=LI)
    signing.submit()
    with product.parts.db.begin() as uow:
        only_grant(uow).ends_at = uow.now
    product.work()

    [file] = signing.read()["documents"]
    assert (file["status"], file["problem"]["code"]) == ("failed", "grant_not_valid")


@pytest.mark.row("S-22")
def test_afterwards_no_key_is_left_open_and_no_partner_hears_of_it(product: Product) -> None:
    signing = placed(product)
    signing.submit()
    assert count(product, KeyRelease) == 1
    product.work()

    assert count(product, KeyRelease) == 0
    assert count(product, OutboxEvent) == 0
    with product.parts.db.read() as uow:
        row = uow.session.scalars(
            select(AuditRow).where(AuditRow.event == "own_signing.submitted")
        ).one()
    assert row.subject == signing.id
    assert "135790" not in str(row.details)


@pytest.mark.row("S-30")
def test_a_seal_whose_certificate_was_revoked_is_not_submitted(product: Product) -> None:
    signing = placed(product)
    with product.parts.db.begin() as uow:
        for certificate in certificates_of(uow, ring_of(uow).id):
            certificate.status = CertificateStatus.REVOKED

    assert told(signing.submit()) == (409, "seal_certificate_invalid")
    assert uses(product) == []


@pytest.mark.row("S-29")
def test_of_an_account_that_was_closed_meanwhile_nothing_is_published(product: Product) -> None:
    signing = of_person(product)
    signing.submit()
    [use] = uses(product)
    with product.parts.db.begin() as uow:
        uow.session.get_one(Account, use.account_id).closed_at = uow.now
    product.work()

    [use] = uses(product)
    with product.parts.db.read() as uow:
        task = uow.session.get_one(SigningTask, use.task_id)
    assert (use.state, (task.failure or {})["code"]) == ("released", "grant_not_valid")


@pytest.mark.row("S-17")
def test_what_somebody_has_submitted_is_no_page_and_no_task_of_a_partner(product: Product) -> None:
    placed(product).submit()
    [use] = uses(product)

    assert product.browser().get(f"/sign/{use.task_id}").status_code == 404
    page = product.browser().post(f"/sign/{use.task_id}/open", {"open_token": "guessed"})
    assert told(page) == (404, "task_not_found")
    assert product.partner().get(f"/signing-tasks/{use.task_id}").status_code == 404
