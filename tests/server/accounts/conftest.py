"""The people of one product, and a face service that waits for the test's word."""

from pathlib import Path

import pytest

from server.accounts.faces import FaceDesk
from server.providers.face.local import LocalFace
from tests.factories.people import Faces, People
from tests.factories.product import Product


@pytest.fixture
def people(product: Product) -> People:
    return People(product)


@pytest.fixture
def faces(people: People, tmp_path: Path) -> Faces:
    service = LocalFace(tmp_path / "faces")
    return Faces(FaceDesk(people.db, people.desk.keys, service), service)
