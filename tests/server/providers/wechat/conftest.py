"""A WeChat of the test's own."""

from collections.abc import Iterator

import pytest
from redis import Redis

from tests.factories.wechat import Land, land_of
from tests.fakes.clock import FakeClock


@pytest.fixture
def land(clock: FakeClock) -> Iterator[Land]:
    with land_of(clock) as made:
        yield made


@pytest.fixture
def redis(redis_url: str) -> Iterator[Redis]:
    with Redis.from_url(redis_url) as client:
        yield client
