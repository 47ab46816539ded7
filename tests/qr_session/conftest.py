"""The scene that most tests of the QR session play on."""

import pytest

from tests.qr_session.scene import Scene


@pytest.fixture
def scene() -> Scene:
    return Scene()
