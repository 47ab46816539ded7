"""What most tests start from: one product on temporary stores, with a clock that tests move."""

import secrets
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from apiflask import APIFlask
from pydantic import SecretStr
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

from server.assembly import assemble
from server.core.db import Base
from server.sealing.sandbox import Sandbox
from server.seed import seed
from server.settings import Settings
from tests.chromium import chromium as chromium
from tests.factories.late_rules import LateRule
from tests.factories.product import PARTNER_KEY, Product
from tests.fakes.clock import FakeClock
from tests.fakes.threads import at_once
from tests.services import own_redis as own_redis
from tests.services import postgres_server as postgres_server
from tests.services import postgres_url as postgres_url
from tests.services import redis_server as redis_server
from tests.services import redis_url as redis_url

APIFlask.url_rule_class = LateRule
PUBLIC_URL = "http://127.0.0.1:8321"
PARTNER_URL = "http://127.0.0.1:8322"


@pytest.fixture(scope="session")
def sandbox() -> Iterator[Sandbox]:
    """One warm child for the whole run; making one takes a second."""
    with Sandbox(memory_mb=700, cpu_s=30, wall_s=30, workers=1) as shared:
        shared.warm()
        yield shared


@pytest.fixture(scope="session")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A folder with the demo's people, companies and partner, made once; each test copies it.

    Making it takes keys, certificates and Argon2, which is most of what a test would wait for.
    """
    settings = Settings(
        data_dir=tmp_path_factory.mktemp("seeded") / "data",
        public_url=PUBLIC_URL,
        demo_partner_url=PARTNER_URL,
        master_key=SecretStr(secrets.token_hex(32)),
        link_key=SecretStr(secrets.token_hex(32)),
        requests_per_minute=10_000,
    )
    parts = assemble(settings, FakeClock())
    Base.metadata.create_all(parts.db.engine)
    seed(parts, settings.data_dir / PARTNER_KEY)
    parts.sandbox.close()
    parts.bus.close()
    parts.db.close()
    shutil.rmtree(settings.data_dir / "bus", ignore_errors=True)
    return settings


@pytest.fixture
def settings(tmp_path: Path, seeded: Settings) -> Settings:
    """Settings on a folder of the test's own, with the keys that open what was seeded."""
    return seeded.model_copy(update={"data_dir": tmp_path / "data"})


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def product(
    settings: Settings, clock: FakeClock, sandbox: Sandbox, seeded: Settings
) -> Iterator[Product]:
    """The product with its demo companies, people and partner; jobs run when a test says so."""
    shutil.copytree(seeded.data_dir, settings.data_dir)
    parts = assemble(settings, clock)
    parts.sandbox.close()
    parts = replace(parts, sandbox=sandbox, verifying=sandbox, aside=at_once)
    yield Product.begun(parts, clock)
    parts.bus.close()
    parts.db.close()


class ByGroup(LoadScopeScheduling):
    """Hands whole groups of tests to a process, in the order in which they stand."""

    def _split_scope(self, nodeid: str) -> str:
        return group_of(nodeid)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> ByGroup:
    """Each file stays in one process, and so do all that share the cluster."""
    return ByGroup(config, log)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The cluster first, as it takes longest, and the browser's tests last: its driver keeps a
    loop running in its thread."""
    items.sort(key=lambda item: (group_of(item.nodeid) != "cluster", in_browser(item)))


def in_browser(item: pytest.Item) -> bool:
    return item.get_closest_marker("browser") is not None


def group_of(nodeid: str) -> str:
    """The file of a test, or the one group of those that share a cluster."""
    return "cluster" if nodeid.startswith("tests/cluster/") else nodeid.partition("::")[0]
