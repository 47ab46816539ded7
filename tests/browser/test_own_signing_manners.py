"""The pages of 签署 in every manner: they fit, suit a finger and a screen reader."""

import pytest
from playwright.sync_api import expect

from tests.browser.test_applying import PhoneOf, go
from tests.browser.test_applying import phone_of as phone_of
from tests.browser.test_certifying import served as served
from tests.browser.test_every_page import MANNERS, Manner, phone_faults
from tests.browser.test_own_signing import Signer, file
from tests.factories import pdf
from tests.factories.applying import Applying
from tests.factories.product import WEI, Product

pytestmark = pytest.mark.browser


class Walk:
    """Goes through the pages and notes what is wrong with each."""

    def __init__(self, signer: Signer, how: Manner) -> None:
        self.signer, self.page, self.how = signer, signer.page, how
        self.faults: list[str] = []

    def at(self, place: str) -> None:
        self.faults += phone_faults(self.page, self.how, place)

    def press(self, selector: str) -> None:
        self.page.locator(selector).click()

    def upload(self) -> None:
        go(self.page, self.signer.product, "/m/signings/new")
        self.at("new")
        named = "关于二〇二六年度办公设备采购项目的补充协议（第三版_final_v12）.pdf"
        self.signer.upload(file(named), file("锁定.pdf", content=pdf.encrypted_pdf()))
        self.at("files")
        self.press("#onward")
        self.page.locator("#signing[data-ready]").wait_for()

    def place(self) -> None:
        self.at("preview")
        self.press("[data-choose]")
        self.at("single page")
        self.press(".way-choice:has([value=straddle])")
        self.press(".way-choice:has([value=some])")
        self.press("#choose [type=submit]")
        self.at("straddle, nothing chosen")
        self.press(".way-choice:has([value=all])")
        self.press(".seal-choice >> nth=0")
        self.press("#choose [type=submit]")
        self.at("selected")
        self.press("[data-unselect]")
        self.at("placed")
        self.press("[data-clear]")
        self.at("clear?")
        self.page.keyboard.press("Escape")

    def submit(self) -> None:
        self.press("[data-submit]")
        self.page.locator("#intent-pin").wait_for()
        self.at("PIN")
        self.page.locator("#intent-pin").fill(WEI.pin)
        self.page.keyboard.press("Enter")
        self.page.locator("#progress[open]").wait_for()
        self.at("sealing")
        self.signer.product.work()
        expect(self.page.locator("#signed")).to_be_visible()
        self.at("done")


@pytest.mark.row("F-46", "F-47", "F-48", "P-24", "P-50")
@pytest.mark.parametrize("manner", ["large text", "English", "narrow"])
def test_every_page_of_signing_fits_and_names_its_parts(
    served: Product, product: Product, phone_of: PhoneOf, manner: str
) -> None:
    how = MANNERS[manner]
    walk = Walk(Signer(phone_of(Applying.here(product, WEI), how), served), how)
    walk.upload()
    walk.place()
    walk.submit()
    assert not walk.faults, "\n".join(walk.faults)
