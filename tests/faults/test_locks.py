"""Rows are locked as they stand and in one order; on PostgreSQL, as SQLite has one writer."""

import threading
from time import monotonic

import pytest
from sqlalchemy import text

from server.grants.models import Grant
from server.grants.service import reserve
from server.signing import queries, service
from server.signing.errors import GrantOver, WrongTaskState
from server.signing.models import SigningTask
from tests.factories.domain import only_grant, use_of
from tests.factories.product import LI, Product
from tests.factories.truth import truth_of
from tests.fakes.outside import EventfulTsa

PATIENCE_S = 20
pytestmark = pytest.mark.parametrize("database", ["postgresql"], indirect=True)


def refuse() -> None:
    raise GrantOver()


def wait_until_somebody_waits(product: Product) -> None:
    until = monotonic() + PATIENCE_S
    with product.parts.db.engine.connect() as connection:
        while not connection.scalar(text("SELECT count(*) FROM pg_locks WHERE NOT granted")):
            assert monotonic() < until
            threading.Event().wait(0.02)


@pytest.mark.row("S-29", "R-13")
def test_a_use_is_counted_on_the_row_as_it_stands_when_it_is_locked(product: Product) -> None:
    with product.parts.db.begin() as late:
        seen = only_grant(late)
        with product.parts.db.begin() as early:
            reserve(early, use_of(early, LI, only_grant(early)))
        reserve(late, use_of(late, LI, seen))
    with product.parts.db.read() as uow:
        assert only_grant(uow).uses == 2


@pytest.mark.row("R-13", "R-16")
@pytest.mark.parametrize("path", ["state", "document", "events?wait=0", "frames"])
def test_a_page_that_only_looks_waits_for_nobody_who_changes_its_task(
    product: Product, path: str
) -> None:
    """On PostgreSQL a lock in a transaction that only reads also fails when the row has changed."""
    signing = product.signing(person=LI)
    answers: list[int] = []

    def look() -> None:
        answers.append(signing.page.get(f"{signing.page.path}/{path}").status_code)

    with product.parts.db.begin() as uow:
        uow.locked(SigningTask, signing.id).title = "changed"
        uow.session.flush()
        looking = threading.Thread(target=look)
        looking.start()
        looking.join(5)
        told_meanwhile = list(answers)
    looking.join(PATIENCE_S)

    assert told_meanwhile == [200]


@pytest.mark.row("R-13", "S-09")
def test_a_cancellation_sees_that_sealing_has_begun_since_it_looked(product: Product) -> None:
    signing = product.signing(person=LI)
    signing.authorize()
    placements = signing.page.everywhere()
    with product.parts.db.begin() as uow:
        seen = queries.by_id(uow, signing.id)
        assert signing.page.confirm(placements).status_code == 202
        with pytest.raises(WrongTaskState):
            service.cancel(uow, seen, actor="page")
    product.work()
    assert truth_of(product, signing.id).status == "sealed"


@pytest.mark.row("R-13", "R-16")
def test_a_worker_that_gives_up_holds_no_grant_while_it_waits_for_the_task(
    product: Product,
) -> None:
    """A page locks its task and then the grant; the other order would be a deadlock."""
    signing = product.signing(person=LI)
    signing.start_sealing()
    worker = product.worker(tsa=EventfulTsa(product.parts.providers.tsa, refuse))
    thread = threading.Thread(target=worker.run_all)

    with product.parts.db.begin() as uow:
        uow.session.execute(text("SET LOCAL lock_timeout = '2s'"))
        uow.locked(SigningTask, signing.id)
        thread.start()
        wait_until_somebody_waits(product)
        uow.locked(Grant, only_grant(uow).id)
    thread.join(PATIENCE_S)

    assert truth_of(product, signing.id).uses == ("released",)
