"""Whichever process a page sits on, the stock client hears everything (realtime.md 1)."""

from collections.abc import Iterator

import pytest

from tests.cluster.pages import Pages
from tests.cluster.people import Crowd
from tests.cluster.stack import Cluster
from tests.factories.pdf import make_pdf
from tests.factories.product import HUANG, WEI, Signing
from tests.qr_session.patience import within

PAGES = 40
SEALED = 3
SECONDS = 10


def signings(crowd: Crowd) -> Iterator[Signing]:
    """Tasks on one file, each with its page open."""
    partner = crowd.partner()
    document_id = partner.ready_document(make_pdf())
    for number in range(PAGES):
        body = {"document_id": document_id, "title": "在线签章"}
        # By turns: the keys of one person are served some times a minute only.
        signer = (WEI, HUANG)[number % 2]
        yield crowd.signing(partner.post("/signing-tasks", body).get_json(), signer)


@pytest.mark.row("F-39", "R-14")
def test_forty_of_forty_pages_hear_every_step(cluster: Cluster, crowd: Crowd, pages: Pages) -> None:
    tasks = list(signings(crowd))
    for task in tasks:
        ticket = task.page.post_to("ticket").get_json()["ticket"]
        pages.open(task.id, ticket, task.page.client.cookie("gy_browser"))
    assert pages.show({task.id: "pending" for task in tasks}, SECONDS)
    held = [cluster.waiting_pages(web) for web in (0, 1)]
    assert sum(held) == PAGES
    assert min(held) > PAGES / 10

    for task in tasks:
        task.authorize()
    for task in tasks[:SEALED]:
        task.page.confirm(task.page.everywhere())

    assert pages.show({task.id: "consumed" for task in tasks}, SECONDS)
    steps = ["pending", "scanned", "confirmed", "consumed"]
    assert [pages.states(task.id) for task in tasks] == [steps] * PAGES
    ends = [pages.heard[task.id] for task in tasks[:SEALED]]
    assert within(SECONDS * 2, lambda: all(told[-1]["progress"] == "sealed" for told in ends))
    assert pages.lost() == 0
