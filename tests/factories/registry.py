"""The registry's word on the demo company, and the worker that hears of it."""

from dataclasses import replace

from server.core.jobs import Runner
from server.enterprises.jobs import RegistryDesk
from server.enterprises.service import NEWS
from server.providers.registry import Company
from server.providers.registry.demo_companies import DEMO_COMPANIES
from server.providers.registry.local import LocalRegistry
from server.worker import handlers
from tests.factories.people import NUMBER
from tests.factories.product import HUANG, Product

GUIYIN = DEMO_COMPANIES[0]
# Of somebody who has no account here.
LU_NUMBER = "450103199107123035"
RENAMED = replace(GUIYIN, name="南宁桂印数字科技有限公司")
BY_HUANG = replace(GUIYIN, representative=HUANG.name, representative_id_number=HUANG.id_number)
BY_LU = replace(GUIYIN, representative="陆小曼", representative_id_number=LU_NUMBER)
# Who registers by the factories of people.
BY_QIN = replace(GUIYIN, representative="覃小红", representative_id_number=NUMBER)


def says(product: Product, facts: Company) -> None:
    """Keep what is registered now; what follows from it is left to the worker."""
    parts, registry = product.parts, product.parts.providers.registry
    assert isinstance(registry, LocalRegistry)
    registry.tell(facts)
    RegistryDesk(parts.db, parts.providers.keys, registry).keep([facts])


def hear(product: Product) -> None:
    """The worker runs what follows from the registry's news, and nothing else."""
    Runner(product.parts.db, {NEWS: handlers(product.parts)[NEWS]}).run_all()
