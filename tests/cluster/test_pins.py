"""A PIN takes a tenth of a second of CPU; the process that checks it serves others meanwhile."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.cluster.people import Answer, Crowd
from tests.cluster.stack import Cluster
from tests.cluster.watch import Watch
from tests.factories.pdf import make_pdf
from tests.factories.product import HUANG, WEI, Signing

LONGEST_WAIT = 0.1


ROUNDS = 3


@pytest.mark.row("S-21")
def test_pins_that_are_checked_delay_nobody(cluster: Cluster, crowd: Crowd) -> None:
    """A busy machine delays a round now and then; a PIN that held the loop would delay each."""
    partner = crowd.partner()
    document_id = partner.ready_document(make_pdf())
    body = {"document_id": document_id, "title": "在线签章"}
    waits = []
    while len(waits) < ROUNDS and min(waits, default=LONGEST_WAIT) >= LONGEST_WAIT:
        signings = [
            crowd.signing(partner.post("/signing-tasks", body).get_json(), person)
            for person in (WEI, HUANG) * 2
        ]
        waits.append(worst_wait(cluster, crowd, signings))

    assert min(waits) < LONGEST_WAIT, waits


def worst_wait(cluster: Cluster, crowd: Crowd, signings: list[Signing]) -> float:
    """The longest that anybody waited, in seconds, while these confirmed with PINs at once."""
    web = cluster.direct(0)
    asked = [signing.scan() for signing in signings]
    codes = [signing.page.read()["qr"]["reference_code"] for signing in signings]

    def confirm(signing: Signing, session: dict[str, Any], code: str) -> Answer:
        answer = {
            "reference_code": code,
            "acting": {"kind": "enterprise", "id": session["acting"][0]["id"]},
            "pin": signing.phone.person.pin,
        }
        return signing.phone.post(f"{web}/m/qr/{session['session_id']}/confirm", answer)

    with Watch(crowd, webs=(0,)) as watch, ThreadPoolExecutor() as threads:
        answers = list(threads.map(confirm, signings, asked, codes))

    assert [one.status_code for one in answers] == [200] * len(signings)
    return float(watch.worst)
