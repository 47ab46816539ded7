"""One cluster for the whole run, its people, and pages that wait with the stock client."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cluster.pages import Pages
from tests.cluster.people import Crowd
from tests.cluster.stack import Cluster, Program, cluster_at


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    # Not a folder of pytest's: those are closed to the users that the servers run as.
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        with cluster_at(folder) as running:
            yield running


@pytest.fixture(scope="session")
def crowd(cluster: Cluster) -> Iterator[Crowd]:
    crowd = Crowd(cluster)
    yield crowd
    crowd.leave()


@pytest.fixture
def pages(cluster: Cluster) -> Iterator[Pages]:
    """No page yet; each test opens its own."""
    pages = Pages(cluster.base)
    yield pages
    pages.close()


@pytest.fixture
def first_web(cluster: Cluster) -> Iterator[Program]:
    """The first web process, which the test ends; the next test finds it running again."""
    web = cluster.webs[0]
    yield web
    web.stop()
    cluster.start_web(0)
