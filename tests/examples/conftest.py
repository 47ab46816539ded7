"""The demo approval system over a platform that is a fake on loopback."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from examples.approval_system.app import Config, create_app
from examples.approval_system.client import PartnerApi
from tests.examples.fake_partner import KEY, FakePartner

PUBLIC_URL = "http://approval.test"


@pytest.fixture
def partner() -> Iterator[FakePartner]:
    with FakePartner() as fake:
        yield fake


@pytest.fixture
def pauses() -> list[float]:
    """How long the client would have slept."""
    return []


@pytest.fixture
def api(partner: FakePartner, pauses: list[float]) -> Iterator[PartnerApi]:
    api = PartnerApi(partner.url, KEY, sleep=pauses.append)
    yield api
    api.close()


@pytest.fixture
def app(partner: FakePartner, api: PartnerApi, tmp_path: Path) -> Flask:
    return create_app(Config(tmp_path / "data", PUBLIC_URL, partner.url), api)


@pytest.fixture
def visitor(app: Flask) -> FlaskClient:
    """A browser that nobody has logged in with yet."""
    return Browser(app, use_cookies=True)


@pytest.fixture
def browser(visitor: FlaskClient) -> FlaskClient:
    visitor.post("/login", data={"person": "demo-wei"})
    return visitor


class Browser(FlaskClient):
    """Sends the Origin that a browser sends with a form of the same site."""

    def open(self, *args, **kwargs):  # type: ignore[no-untyped-def]
        kwargs.setdefault("base_url", PUBLIC_URL)
        if kwargs.get("method") == "POST":
            kwargs["headers"] = {"Origin": PUBLIC_URL, **kwargs.get("headers", {})}
        return super().open(*args, **kwargs)
