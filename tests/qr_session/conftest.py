"""The scene that most tests of the QR session play on, and the stores they play with."""

from collections.abc import Iterator
from contextlib import closing

import pytest

from qr_session import MemoryStore, SQLiteStore, Store
from qr_session.redis_store import RedisStore
from tests.fakes.clock import FakeClock
from tests.qr_session.scene import Scene


@pytest.fixture
def scene() -> Scene:
    return Scene()


@pytest.fixture(params=["memory", "sqlite", "redis"])
def store(request, tmp_path) -> Iterator[Store]:
    """Each store in its turn; Redis is a real server."""
    if request.param == "memory":
        yield MemoryStore()
    elif request.param == "sqlite":
        with SQLiteStore(tmp_path / "qr.sqlite3") as opened:
            yield opened
    else:
        address = request.getfixturevalue("redis_url")
        with closing(RedisStore(address, clock=FakeClock())) as connected:
            yield connected
