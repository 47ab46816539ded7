"""Two worlds, and an honest file of one of them, which the attacks begin with."""

import pytest

from tests.attacks.scene import Scene
from tests.factories.pdf import Page, make_pdf
from tests.factories.sealing_world import World, sealed_by, stamps_for


@pytest.fixture(scope="session")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    world, elsewhere = (World(tmp_path_factory.mktemp("worlds") / name) for name in ("a", "b"))
    return Scene(
        world=world,
        elsewhere=elsewhere,
        owner=world.owner("南宁桂印科技有限公司"),
        other=world.owner("广西邕江建设工程有限责任公司", "91450100MA5K8Q2X21"),
        stranger=elsewhere.owner("南宁桂印科技有限公司"),
        document=make_pdf([Page()] * 3),
    )


@pytest.fixture(scope="session")
def sealed(scene: Scene) -> bytes:
    """Three pages; two seals on the first and two on the second, in one dual signature."""
    return sealed_by(scene.world.signing(scene.owner), scene.document, stamps_for(scene.document))
