"""Redis is away for half a minute: what needs it is refused at once, and no page is left behind."""

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
from tests.qr_session.outage import pair
from tests.qr_session.patience import within

AWAY_SECONDS = 30
ANSWER_SECONDS = 2.5
BACK_SECONDS = 3

Requests = dict[str, Callable[[], Answer]]


@pytest.fixture
def requests(cluster: Cluster, crowd: Crowd) -> Requests:
    """What needs Redis, asked by a page, a phone, a partner and a machine."""
    signing = crowd.signing(crowd.partner().task(make_pdf()), WEI)
    page, partner = signing.page, crowd.partner()
    return {
        "state": lambda: page.get(f"{page.path}/state"),
        "ticket": lambda: page.post_to("ticket"),
        "refresh": lambda: page.post_to("refresh"),
        "phone": lambda: signing.phone.get("/m/"),
        "partner": lambda: partner.get(f"/signing-tasks/{signing.id}"),
        "readiness": lambda: crowd.client(cluster.direct(0)).get("/readyz"),
    }


def each_is_refused_in_time(requests: Requests) -> None:
    for name, ask in requests.items():
        begun = monotonic()
        answer = ask()
        assert monotonic() - begun < ANSWER_SECONDS, name
        assert answer.status_code == 503, name
        assert int(answer.headers["Retry-After"]) > 0


def each_works_again(requests: Requests) -> bool:
    return within(BACK_SECONDS, lambda: all(ask().status_code == 200 for ask in requests.values()))


@pytest.mark.row("R-03", "R-04")
def test_every_page_has_the_right_state_three_seconds_after_half_a_minute_without_redis(
    cluster: Cluster, requests: Requests, pages: Pages
) -> None:
    with held_pages(cluster, pages, 60) as held, pair(cluster.redis.url) as both:
        cluster.redis.stop()
        until = monotonic() + AWAY_SECONDS
        while monotonic() < until:
            each_is_refused_in_time(requests)
            both.every_call_fails_in_time()
            Event().wait(0.5)
        cluster.redis.start()
        back = monotonic()
        # Told while the processes may still be waiting for their next try.
        held.scan_half()
        both.scan_all()

        assert held.all_right(BACK_SECONDS - (monotonic() - back))
        assert both.all_scanned(BACK_SECONDS - (monotonic() - back))
        assert pages.lost() == 0
        assert each_works_again(requests)


@pytest.mark.row("R-03", "R-04")
def test_a_redis_that_stands_still_is_not_waited_for(cluster: Cluster, requests: Requests) -> None:
    cluster.redis.pause()
    try:
        each_is_refused_in_time(requests)
    finally:
        cluster.redis.resume()
    assert each_works_again(requests)
