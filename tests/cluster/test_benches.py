"""The benches of the QR service, run small: they work, and a figure that doubles is seen."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bench import hold_memory, password_flood, push_latency, qr_create
from bench.push_latency import Load, Outcome
from bench.waiting import Peer, Product, peer_at
from tests.cluster.people import Crowd
from tests.cluster.stack import Cluster

PAGES = 60
# A page whose messages are compressed takes well above it.
MOST_MEMORY = 100 * 1024
SLOWEST_MS = 250


@pytest.fixture(scope="module")
def product(cluster: Cluster, crowd: Crowd) -> Product:
    return Product(cluster, crowd)


@pytest.fixture(scope="module")
def peer(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Peer]:
    with peer_at(tmp_path_factory.mktemp("peer"), cluster.redis.url) as peer:
        yield peer


def test_making_a_session_costs_little_more_than_a_request(tmp_path: Path) -> None:
    mine, bare = qr_create.create_and_bare(tmp_path, rounds=3, requests=150)
    assert 1 < mine / bare < qr_create.BOUND


def test_what_a_task_begins_with_can_be_measured(cluster: Cluster) -> None:
    each = qr_create.product_routes(cluster, tasks=10)
    assert sorted(each) == ["create_signing_task", "open_page"]
    assert min(each.values()) > 0


def test_every_waiting_page_is_told_of_its_scan_at_once(product: Product) -> None:
    outcome = push_latency.told(product, Load(pages=PAGES, scans=30, per_second=10))
    assert (outcome.expected, outcome.delivered) == (30, 1)
    assert 0 < outcome.at(0.5) < SLOWEST_MS


def test_the_peer_is_measured_the_same_way(peer: Peer) -> None:
    outcome = push_latency.told(peer, Load(pages=PAGES, scans=30, per_second=60))
    assert (outcome.expected, outcome.delivered) == (30, 1)
    assert hold_memory.of_a_page(peer, few=5, many=PAGES) < MOST_MEMORY


def test_a_waiting_page_takes_little_memory(product: Product) -> None:
    assert hold_memory.of_a_page(product, few=5, many=PAGES) < MOST_MEMORY


def test_a_page_that_is_never_told_is_missed() -> None:
    assert Outcome(expected=4, waits=[1, 2, 3]).delivered == 0.75
    assert Outcome(expected=4).at(0.5) == float("inf")


@pytest.mark.row("S-24", "S-50")
def test_logins_at_once_take_little_memory_and_hold_nobody_up(cluster: Cluster) -> None:
    seen = password_flood.flood(cluster, logins=120)

    assert set(seen.statuses) == {password_flood.JUDGED}
    assert seen.growth < password_flood.MOST_MIB * password_flood.MIB
    # The bound is for a quiet machine; here another process of the tests works beside it.
    assert seen.ratio < 4 * password_flood.BOUND
    log = (cluster.data.parent / f"web-{cluster.ports[0]}.txt").read_text()
    assert "InvalidKey" not in log


def test_redis_alone_can_be_measured(cluster: Cluster) -> None:
    assert push_latency.published(cluster.redis.url, Load(scans=10, per_second=100)).delivered == 1
