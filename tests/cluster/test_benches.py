"""The benches of the QR service, run small: they work, and a figure that doubles is seen."""

from pathlib import Path

from bench import qr_create
from tests.cluster.stack import Cluster


def test_making_a_session_costs_little_more_than_a_request(tmp_path: Path) -> None:
    mine, peer = qr_create.create_and_bare(tmp_path, rounds=3, requests=150)
    assert 1 < mine / peer < qr_create.BOUND


def test_what_a_task_begins_with_can_be_measured(cluster: Cluster) -> None:
    each = qr_create.product_routes(cluster, tasks=10)
    assert sorted(each) == ["create_signing_task", "open_page"]
    assert min(each.values()) > 0
