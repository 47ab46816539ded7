"""What most tests start from: one product on temporary stores, with a clock that tests move."""

import secrets
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pydantic import SecretStr

from server.assembly import assemble
from server.core.db import Base
from server.sealing.sandbox import Sandbox
from server.settings import Settings
from tests.factories.product import Product
from tests.fakes.clock import FakeClock

PUBLIC_URL = "http://127.0.0.1:8321"
PARTNER_URL = "http://127.0.0.1:8322"


@pytest.fixture(scope="session")
def sandbox() -> Iterator[Sandbox]:
    """One warm child for the whole run; making one takes a second."""
    with Sandbox(memory_mb=700, cpu_s=30, wall_s=30, workers=1) as shared:
        shared.warm()
        yield shared


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(
        data_dir=tmp_path / "data",
        public_url=PUBLIC_URL,
        demo_partner_url=PARTNER_URL,
        master_key=SecretStr(secrets.token_hex(32)),
        link_key=SecretStr(secrets.token_hex(32)),
        requests_per_minute=10_000,
    )


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def product(settings: Settings, clock: FakeClock, sandbox: Sandbox) -> Iterator[Product]:
    """The product with its demo companies, people and partner; jobs run when a test says so."""
    parts = assemble(settings, clock)
    parts.sandbox.close()
    parts = replace(parts, sandbox=sandbox)
    Base.metadata.create_all(parts.db.engine)
    with Product.begun(parts, clock) as product:
        yield product
    parts.bus.close()
    parts.db.close()
