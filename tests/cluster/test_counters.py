"""What is counted against an attacker counts in all processes together, and survives them."""

from collections.abc import Callable
from typing import Any

import psycopg
import pytest

from server.accounts.codes import TRIES as CODE_TRIES
from server.certificates.unlock import PIN_POLICY
from tests.cluster.people import Crowd
from tests.cluster.stack import Cluster
from tests.factories.devices import OWN_ORIGIN
from tests.factories.pdf import make_pdf
from tests.factories.product import LI
from tests.fakes.threads import together

WRONG_PIN = "999999"
UNKNOWN_PHONE = "13907719999"


@pytest.mark.row("S-50")
def test_wrong_pins_given_to_two_processes_are_counted_together(
    cluster: Cluster, crowd: Crowd
) -> None:
    signing = crowd.signing(crowd.partner().task(make_pdf()), LI)
    asked, phone = signing.scan(), signing.phone
    answer = {
        "reference_code": signing.page.read()["qr"]["reference_code"],
        "acting": {"kind": "enterprise", "id": asked["acting"][0]["id"]},
    }

    def give(pin: str, web: int) -> dict[str, Any]:
        path = f"/m/qr/{asked['session_id']}/confirm"
        told: dict[str, Any] = phone.post(cluster.direct(web) + path, {**answer, "pin": pin})
        return told.get_json()

    said = [give(WRONG_PIN, attempt % 2) for attempt in range(PIN_POLICY.tries)]

    left = [one.get("tries_left") for one in said]
    assert left == [*reversed(range(1, PIN_POLICY.tries)), None]
    assert said[-1]["code"] == "pin_locked"
    again = crowd.signing(crowd.partner().task(make_pdf()), LI)
    refused = again.phone.confirm(again.scan(), again.page)
    assert refused.get_json()["code"] == "pin_locked"


@pytest.mark.row("S-21", "S-50")
def test_of_ten_wrong_pins_at_once_to_two_processes_five_are_looked_at(
    cluster: Cluster, crowd: Crowd
) -> None:
    forget_wrong_pins(cluster)
    signing = crowd.signing(crowd.partner().task(make_pdf()), LI)
    asked, shown = signing.scan(), signing.page.read()["qr"]["reference_code"]
    body = {
        "reference_code": shown,
        "acting": {"kind": "enterprise", "id": asked["acting"][0]["id"]},
        "pin": WRONG_PIN,
    }
    path = f"/m/qr/{asked['session_id']}/confirm"

    def window(number: int) -> Callable[[], dict[str, Any]]:
        client = crowd.client(cluster.direct(number % 2))
        client.client.cookies.update(signing.phone.client.client.cookies)
        return lambda: client.post(path, json=body, headers=OWN_ORIGIN).get_json()

    said = together([window(number) for number in range(10)])

    assert sorted(one["tries_left"] for one in said if "tries_left" in one) == [1, 2, 3, 4]
    assert {one["code"] for one in said} <= {"wrong_pin", "pin_locked", "access_denied"}
    cluster.webs[1].stop()
    cluster.start_web(1)
    again = crowd.signing(crowd.partner().task(make_pdf()), LI)
    asked = again.scan()
    body |= {"reference_code": again.page.read()["qr"]["reference_code"], "pin": LI.pin}
    path = f"/m/qr/{asked['session_id']}/confirm"
    assert window(1)()["code"] == "pin_locked"
    forget_wrong_pins(cluster)


def forget_wrong_pins(cluster: Cluster) -> None:
    """As if every lock were over; the next test begins with the first try."""
    with psycopg.connect(cluster.postgres.url, autocommit=True) as connection:
        connection.execute("DELETE FROM attempt_counters WHERE key LIKE 'pin:%'")


@pytest.mark.row("S-50")
def test_a_lock_for_wrong_login_codes_holds_in_every_process_and_after_a_restart(
    cluster: Cluster, crowd: Crowd
) -> None:
    clients = [crowd.client(cluster.direct(web)) for web in (0, 1)]
    body = {"phone": UNKNOWN_PHONE, "code": "000000", "agreed": True}

    def try_at(web: int) -> str:
        sent = clients[web].post("/m/login", json=body, headers={"Origin": cluster.base})
        code: str = sent.get_json()["code"]
        return code

    said = [try_at(attempt % 2) for attempt in range(CODE_TRIES.tries + 2)]

    assert said == ["wrong_sms_code"] * CODE_TRIES.tries + ["locked"] * 2
    cluster.webs[1].stop()
    cluster.start_web(1)
    assert [try_at(web) for web in (0, 1)] == ["locked"] * 2
