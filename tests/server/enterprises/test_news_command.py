"""`registry-news`: what the registry of development is told is felt in the running product."""

import pytest
from sqlalchemy import update

from server.cli import main
from server.core.jobs import Job
from server.enterprises.jobs import FOLLOW
from server.enterprises.queries import represented_by
from tests.factories.pdf import make_pdf
from tests.factories.people import People
from tests.factories.product import HUANG, WEI, Product

COMPANY = "91450100MA5K8Q2X13"


@pytest.fixture
def settings_as_environment(product: Product, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = product.parts.settings
    for name in ("data_dir", "public_url"):
        monkeypatch.setenv(f"GUIYIN_{name.upper()}", str(getattr(settings, name)))
    for name in ("master_key", "link_key"):
        monkeypatch.setenv(f"GUIYIN_{name.upper()}", getattr(settings, name).get_secret_value())


def tell(product: Product, *words: str) -> None:
    """Run the command, whose clock is the machine's, and let the worker hear of it."""
    assert main(["registry-news", "--code", COMPANY, *words]) == 0
    with product.parts.db.begin() as uow:
        uow.session.execute(update(Job).where(Job.kind == FOLLOW).values(run_at=uow.now))
    product.work()


def represents(product: Product, phone: str) -> bool:
    account = People(product).found(phone)
    assert account
    with product.parts.db.read() as uow:
        return COMPANY in [one.code for one in represented_by(uow, account.id)]


@pytest.mark.usefixtures("settings_as_environment")
@pytest.mark.row("P-39", "S-49")
def test_a_new_representative_takes_over_and_the_former_seals_no_more(product: Product) -> None:
    signing = product.signing(make_pdf())
    signing.authorize()
    placed = signing.page.everywhere()

    tell(product, "--representative", HUANG.name, "--id-number", HUANG.id_number)

    assert (represents(product, WEI.phone), represents(product, HUANG.phone)) == (False, True)
    assert signing.page.confirm(placed).get_json()["code"] == "grant_ended"
    product.work()
    assert signing.partner.get(f"/signing-tasks/{signing.id}").get_json()["status"] != "sealed"


@pytest.mark.usefixtures("settings_as_environment")
@pytest.mark.row("P-39")
def test_a_company_that_was_struck_off_is_nobodys(product: Product) -> None:
    tell(product, "--struck-off")

    assert not represents(product, WEI.phone)
