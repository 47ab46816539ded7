"""Redis is away for three seconds: what needs it is refused at once, and no page is left behind."""

from collections.abc import Callable
from threading import Event
from time import monotonic

import pytest

from tests.cluster.held import held_pages
from tests.cluster.pages import Pages
from tests.cluster.people import Answer, Crowd
from tests.cluster.stack import Cluster
from tests.factories.pdf import make_pdf
from tests.factories.product import WEI
from tests.qr_session.patience import within
from tests.services import Server

AWAY_SECONDS = 3
ANSWER_SECONDS = 2.5
BACK_SECONDS = 3


@pytest.mark.row("R-03", "R-04")
def test_every_page_has_the_right_state_three_seconds_after_redis_is_back(
    cluster: Cluster, pages: Pages
) -> None:
    with held_pages(cluster, pages, 60) as held:
        cluster.redis.stop()
        Event().wait(AWAY_SECONDS)
        cluster.redis.start()
        back = monotonic()
        # Told while both processes may still be waiting for their next try.
        held.scan_half()

        assert held.all_right(BACK_SECONDS - (monotonic() - back))
        assert pages.lost() == 0


def kill(redis: Server) -> Callable[[], None]:
    redis.stop()
    return redis.start


def pause(redis: Server) -> Callable[[], None]:
    redis.pause()
    return redis.resume


@pytest.mark.row("R-03", "R-04")
@pytest.mark.parametrize("away", [kill, pause])
def test_what_needs_redis_is_refused_in_time_and_works_again_afterwards(
    cluster: Cluster, crowd: Crowd, away: Callable[[Server], Callable[[], None]]
) -> None:
    signing = crowd.signing(crowd.partner().task(make_pdf()), WEI)
    page, partner = signing.page, crowd.partner()
    requests: dict[str, Callable[[], Answer]] = {
        "state": lambda: page.get(f"{page.path}/state"),
        "ticket": lambda: page.post_to("ticket"),
        "refresh": lambda: page.post_to("refresh"),
        "phone": lambda: signing.phone.get("/m/"),
        "partner": lambda: partner.get(f"/signing-tasks/{signing.id}"),
        "readiness": lambda: crowd.client(cluster.direct(0)).get("/readyz"),
    }
    come_back = away(cluster.redis)
    try:
        for name, ask in requests.items():
            begun = monotonic()
            answer = ask()
            assert monotonic() - begun < ANSWER_SECONDS, name
            assert answer.status_code == 503, name
            assert int(answer.headers["Retry-After"]) > 0
    finally:
        come_back()
    assert within(BACK_SECONDS, lambda: all(ask().status_code == 200 for ask in requests.values()))
