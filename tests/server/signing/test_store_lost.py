"""The QR store is lost or away: the rows say where a signing stands, and it goes on."""

import threading
from collections.abc import Callable, Iterator
from time import monotonic
from typing import Any

import pytest

from qr_session import MemoryStore, Store
from qr_session.errors import StoreAway
from server.settings import Settings
from tests.factories.product import LI, Product, Signing
from tests.factories.truth import truth_of
from tests.services import Server, redis_at


@pytest.fixture
def forgetful(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A Redis of the test's own that is empty whenever it starts."""
    with redis_at(tmp_path_factory.mktemp("redis")) as server:
        yield server


@pytest.fixture
def settings(settings: Settings, request: pytest.FixtureRequest) -> Settings:
    """With the sessions in that Redis, for the tests that ask for it."""
    if "forgetful" not in request.fixturenames:
        return settings
    url = request.getfixturevalue("forgetful").url
    return settings.model_copy(update={"qr_store": "redis", "redis_url": url})


@pytest.fixture
def signing(product: Product) -> Signing:
    return product.signing(person=LI)


Reached = Callable[[Signing], object]
REACHED: dict[str, tuple[Reached, str]] = {
    "pending": (lambda _signing: None, "awaiting_signer"),
    "scanned": (Signing.scan, "awaiting_signer"),
    "confirmed": (lambda one: one.phone.confirm(one.scan(), one.page), "authorized"),
    "placing": (Signing.authorize, "authorized"),
    "sealing": (Signing.start_sealing, "sealing"),
}


@pytest.mark.row("R-03", "S-06")
@pytest.mark.parametrize("reached", REACHED)
def test_a_store_that_lost_everything_costs_a_scan_at_most(
    signing: Signing, forgetful: Server, reached: str
) -> None:
    reach, status = REACHED[reached]
    reach(signing)
    page, product = signing.page, signing.product
    placements = page.everywhere() if reached == "placing" else []
    before = truth_of(product, signing.id)

    forgetful.stop()
    forgetful.start()

    shown = page.read()
    assert (shown["task"]["status"], shown["qr"]) == (status, None)
    assert page.get(f"{page.path}/events?wait=0").get_json()["qr"] is None
    assert page.load().status_code == (
        409 if reached in ("pending", "scanned") else 410 if reached == "confirmed" else 200
    )
    assert truth_of(product, signing.id) == before
    go_on(signing, reached, placements)
    product.work()
    truth = truth_of(product, signing.id)
    assert (truth.status, truth.uses, truth.documents) == ("sealed", ("done",), 1)
    assert truth.is_whole
    assert page.read()["result"]


def go_on(signing: Signing, reached: str, placements: list[dict[str, Any]]) -> None:
    """What is left to do: nothing, to confirm, or to scan once more."""
    if reached == "placing":
        assert signing.page.confirm(placements).status_code == 202
    elif reached != "sealing":
        assert signing.page.post_to("restart").status_code == 200
        signing.start_sealing()


@pytest.mark.row("R-03", "S-06")
def test_a_phone_cannot_confirm_a_session_that_was_lost(
    signing: Signing, forgetful: Server
) -> None:
    asked = signing.scan()
    body = {
        "reference_code": signing.page.read()["qr"]["reference_code"],
        "acting": {"kind": "enterprise", "id": asked["acting"][0]["id"]},
        "pin": LI.pin,
    }
    forgetful.stop()
    forgetful.start()

    answer = signing.phone.post(f"/m/qr/{asked['session_id']}/confirm", body)

    assert (answer.status_code, answer.get_json()["code"]) == (404, "session_unknown")
    truth = truth_of(signing.product, signing.id)
    assert (truth.status, truth.page_grants) == ("awaiting_signer", 0)


@pytest.mark.row("R-03")
def test_a_page_whose_session_is_lost_while_it_waits_is_told_so_and_not_sent_away(
    signing: Signing,
) -> None:
    service, page = signing.product.parts.qr_sessions, signing.page
    after = page.read()["qr"]["seq"]
    far = FarStore(service.store)
    service.store = far  # type: ignore[assignment]
    threading.Timer(0.5, far.lose).start()
    begun = monotonic()

    answer = page.get(f"{page.path}/events?after={after}&wait=20")

    assert 0.4 < monotonic() - begun < 10
    assert (answer.status_code, answer.get_json()["qr"]) == (200, None)
    assert answer.get_json()["task"]["status"] == "awaiting_signer"


class FarStore:
    """A store behind a line that can be cut, and that can lose all it has."""

    def __init__(self, behind: Store) -> None:
        self.behind, self.cut = behind, False

    def lose(self) -> None:
        self.behind = MemoryStore()

    def __getattr__(self, name: str) -> Any:
        if self.cut:
            raise StoreAway
        return getattr(self.behind, name)


@pytest.mark.row("R-04", "S-51")
@pytest.mark.parametrize("ask", ["state", "events?wait=0", "ticket", "frames", "refresh", "load"])
def test_while_the_store_is_away_a_page_is_told_to_come_back_and_loses_nothing(
    signing: Signing, ask: str
) -> None:
    service, page = signing.product.parts.qr_sessions, signing.page
    signing.phone.confirm(signing.scan(), page)
    far = FarStore(service.store)
    service.store = far  # type: ignore[assignment]
    send = page.get if ask in ("state", "events?wait=0", "frames") else page.post
    before = truth_of(signing.product, signing.id)
    far.cut = True

    answer = send(f"{page.path}/{ask}")

    assert (answer.status_code, answer.get_json()["code"]) == (503, "temporarily_unavailable")
    assert answer.headers["Retry-After"] == "2"
    assert truth_of(signing.product, signing.id) == before
    far.cut = False
    assert page.load().status_code == 200
    assert page.read()["seals"]
