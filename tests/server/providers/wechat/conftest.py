"""A WeChat of the test's own."""

from collections.abc import Iterator

import pytest

from tests.factories.wechat import Land, land_of
from tests.fakes.clock import FakeClock


@pytest.fixture
def land(clock: FakeClock) -> Iterator[Land]:
    with land_of(clock) as made:
        yield made
