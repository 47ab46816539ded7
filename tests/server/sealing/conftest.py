"""What the sealing tests share: one authority and one sandbox for the whole run."""

from collections.abc import Iterator
from datetime import datetime

import pytest

from server.sealing.sandbox import Sandbox
from server.sealing.stamp import Timestamper
from tests.factories.signer import FakeSigner, SmallAuthority
from tests.factories.stamp import META


@pytest.fixture(scope="session")
def authority() -> SmallAuthority:
    return SmallAuthority()


@pytest.fixture(scope="session")
def signer(authority: SmallAuthority) -> FakeSigner:
    return authority.signer("南宁桂印科技有限公司")


@pytest.fixture(scope="session")
def second_signer(authority: SmallAuthority) -> FakeSigner:
    return authority.signer("广西邕江建设工程有限责任公司")


@pytest.fixture(scope="session")
def timestamper(authority: SmallAuthority) -> Timestamper:
    return authority.timestamper(META.signing_time)


@pytest.fixture(scope="session")
def now() -> datetime:
    return META.signing_time


@pytest.fixture(scope="session")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(workers=1) as sandbox:
        yield sandbox
