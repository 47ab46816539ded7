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


@pytest.mark.row("S-21")
def test_pins_that_are_checked_delay_nobody(cluster: Cluster, crowd: Crowd) -> None:
    partner, web = crowd.partner(), cluster.direct(0)
    document_id = partner.ready_document(make_pdf())
    body = {"document_id": document_id, "title": "在线签章"}
    signings = [
        crowd.signing(partner.post("/signing-tasks", body).get_json(), person)
        for person in (WEI, HUANG) * 2
    ]
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
    assert watch.worst < LONGEST_WAIT
