"""签署 on the phone in a browser: files of one's own, three ways to seal, the end (B4.3, B5.3)."""

import re
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import FilePayload, Locator, Page, expect

from server.sealing.reader import read_seals
from server.signing.own.models import OwnFile
from tests.browser.test_applying import PhoneOf, go
from tests.browser.test_applying import phone_of as phone_of
from tests.browser.test_certifying import served as served
from tests.factories import pdf
from tests.factories.applying import Applying
from tests.factories.product import WEI, Product
from tests.factories.seal_changes import suspended
from tests.factories.seals import company_seal, own_seal

pytestmark = pytest.mark.browser

PAGES = 3
COMPANY_SEAL, SQUARE_SEAL = "企业法定名称章", "企业法定代表人章"


@dataclass
class Signer:
    """Somebody at the pages of 签署; the worker works when he waits for it."""

    page: Page
    product: Product

    @property
    def marks(self) -> Locator:
        return self.page.locator(".sign-mark:not(.sign-slice)")

    @property
    def slices(self) -> Locator:
        return self.page.locator(".sign-slice")

    def start(self, *files: FilePayload) -> None:
        """首页 → 签署 → 上传文件 → 发起签署."""
        go(self.page, self.product, "/m/")
        self.page.get_by_role("link", name="签署", exact=True).click()
        self.page.wait_for_url("**/m/signings/new")
        self.page.wait_for_load_state()
        self.upload(*files)
        expect(self.files("可以签署")).to_have_count(len(files))
        self.open()

    def upload(self, *files: FilePayload) -> None:
        self.page.locator("#files").set_input_files(files)
        settled = self.page.locator("[data-status=ready], [data-status=bad]")
        for _ in range(200):
            if settled.count() == len(files):
                return
            self.product.work()
            self.page.wait_for_timeout(100)

    def files(self, saying: str) -> Locator:
        return self.page.locator(".signing-file", has_text=saying)

    def open(self) -> None:
        self.page.get_by_role("button", name="发起签署").click()
        self.page.wait_for_url("**/m/signings/own*")
        self.page.locator("#signing[data-ready]").wait_for()

    def choose(self, way: str, seal: str = COMPANY_SEAL) -> Locator:
        """选章, the way and the seal; 下一步 is left to be pressed."""
        self.page.get_by_role("button", name="选章").click()
        sheet = self.page.locator("#choose")
        sheet.get_by_label(way).check(force=True)
        sheet.locator(".seal-choice", has_text=seal).click()
        return sheet

    def put(self, way: str, seal: str = COMPANY_SEAL) -> None:
        self.choose(way, seal).get_by_role("button", name="下一步").click()

    def saved(self) -> None:
        expect(self.page.locator("[data-fill=saving]")).to_have_text("已保存")

    def kept(self) -> list[dict[str, Any]]:
        """What the server has of each file."""
        with self.product.parts.db.read() as uow:
            files = uow.session.query(OwnFile).order_by(OwnFile.added_at)
            return [{"placements": one.placements, "straddles": one.straddles} for one in files]

    def sealed(self, title: str) -> None:
        """The worker's part, up to the last page."""
        expect(self.page.get_by_role("heading", name="正在签章")).to_be_visible()
        self.product.work()
        expect(self.page.get_by_role("heading", name=title)).to_be_visible()

    def by_pin(self, pin: str) -> None:
        self.page.locator("#intent-pin").fill(pin)
        self.page.keyboard.press("Enter")


def file(name: str, pages: int = PAGES, content: bytes = b"") -> FilePayload:
    made = content or pdf.make_pdf([pdf.Page()] * pages)
    return {"name": name, "mimeType": "application/pdf", "buffer": made}


@pytest.fixture
def company(served: Product, product: Product, phone_of: PhoneOf) -> Signer:
    """韦志远, for his company."""
    return Signer(phone_of(Applying.here(product, WEI)), served)


@pytest.fixture
def himself(served: Product, product: Product, phone_of: PhoneOf) -> Signer:
    """韦志远, for himself, with a seal of his own."""
    own_seal(product)
    wei = Applying.here(product, WEI)
    wei.act_for()
    return Signer(phone_of(wei), served)


def where(mark: Locator) -> tuple[float, float]:
    """The middle of a mark, in pixels of the screen."""
    box = mark.bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def drag(page: Page, mark: Locator, right: float, down: float) -> None:
    x, y = where(mark)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + right, y + down, steps=6)
    page.mouse.up()


@pytest.mark.row("F-46", "F-47", "F-48", "P-50")
def test_a_company_seals_a_file_in_all_three_ways(company: Signer) -> None:
    page = company.page
    company.start(file("采购合同.pdf"))
    company.put("单页签章")
    company.put("多页签章", SQUARE_SEAL)
    company.put("骑缝签章")
    expect(company.marks).to_have_count(1 + PAGES)
    expect(company.slices).to_have_count(PAGES)
    company.saved()

    go(page, company.product, "/m/signings/new")
    page.get_by_role("region", name="未完成的签署").get_by_role("link").click()
    page.wait_for_url("**/new?signing=*")
    expect(company.files("可以签署")).to_have_count(1)
    company.open()
    expect(company.marks).to_have_count(1 + PAGES)
    expect(company.slices).to_have_count(PAGES)
    page.get_by_role("button", name="提交").click()
    company.by_pin(WEI.pin)
    company.sealed("签章成功")
    with page.expect_download() as waiting:
        page.get_by_role("button", name="下载 采购合同.pdf").click()
    sealed = read_seals(waiting.value.path().read_bytes())
    assert sorted(seal.page for seal in sealed) == [1, 1, 1, 2, 2, 3, 3]


@pytest.mark.row("F-47", "P-50")
def test_seals_are_moved_by_finger_and_keys_and_cleared_after_a_question(company: Signer) -> None:
    page = company.page
    company.start(file("采购合同.pdf"))
    company.put("单页签章")
    mark = company.marks
    x, y = where(mark)
    drag(page, mark, -120, -90)
    assert where(mark) == pytest.approx((x - 120, y - 90), abs=2)
    page.keyboard.press("ArrowRight")
    assert where(mark)[0] > x - 120
    company.saved()
    moved = where(mark)

    company.put("骑缝签章")
    piece = company.slices.first
    before = where(piece)
    drag(page, piece, -60, 100)
    assert where(piece) == pytest.approx((before[0], before[1] + 100), abs=2), "along its edge only"
    tops = {one.evaluate("(it) => it.style.top") for one in company.slices.all()}
    assert len(tops) == 1, "all slices together"
    page.keyboard.press("Delete")
    expect(company.slices).to_have_count(0)
    assert where(mark) == pytest.approx(moved, abs=1)

    page.get_by_role("button", name="清除所有签章").click()
    question = page.get_by_role("dialog", name="清除所有签章？")
    question.get_by_role("button", name="取消").click()
    expect(mark).to_have_count(1)
    page.get_by_role("button", name="清除所有签章").click()
    question.get_by_role("button", name="清除", exact=True).click()
    expect(mark).to_have_count(0)
    company.saved()
    assert company.kept() == [{"placements": [], "straddles": []}]


@pytest.mark.row("F-46", "F-48", "S-21", "P-50")
def test_a_person_signs_two_files_in_one_act_and_a_wrong_pin_is_told(himself: Signer) -> None:
    page = himself.page
    himself.start(file("借条.pdf", 1), file("附件.pdf", 2))
    himself.put("单页签章", "个人方章")
    expect(page.get_by_role("button", name="提交签署")).to_be_hidden()
    page.get_by_role("button", name="下一份文件").last.click()
    expect(page.locator("[data-fill=name]")).to_have_text("附件.pdf")
    himself.put("多页签章", "个人方章")
    expect(himself.marks).to_have_count(2)
    page.get_by_role("button", name="提交签署").click()
    himself.by_pin("975310")
    expect(page.locator("#intent-error")).to_contain_text("签名口令")
    himself.by_pin(WEI.pin)
    himself.sealed("签署成功")
    expect(page.get_by_role("button", name=re.compile("^下载"))).to_have_count(2)


@pytest.mark.row("F-29", "F-47")
def test_what_a_stopped_seal_had_left_on_a_page_is_let_go_and_said(
    company: Signer, product: Product
) -> None:
    company.start(file("采购合同.pdf"))
    company.put("单页签章")
    company.put("单页签章", SQUARE_SEAL)
    expect(company.marks).to_have_count(2)
    company.saved()
    suspended(product, company_seal(product))
    company.page.reload()
    expect(company.page.get_by_role("alert").first).to_contain_text("有 1 处签章的印章现在不能使用")
    expect(company.marks).to_have_count(1)
    company.saved()
    assert [len(one["placements"]) for one in company.kept()] == [1]


@pytest.mark.row("F-46")
def test_a_file_that_cannot_be_sealed_is_refused_by_name_and_the_others_go_on(
    company: Signer,
) -> None:
    go(company.page, company.product, "/m/signings/new")
    company.upload(
        file("锁定的合同.pdf", content=pdf.encrypted_pdf()),
        file("坏了.pdf", content=pdf.damaged_pdf()),
        {"name": "合同.docx", "mimeType": "application/msword", "buffer": b"PK"},
        file("采购合同.pdf"),
    )
    expect(company.files("锁定的合同")).to_contain_text("PDF 文件已加密。")
    expect(company.files("坏了")).to_contain_text("PDF 文件已损坏，无法读取。")
    expect(company.files("合同.docx")).to_contain_text("只支持 PDF 文件。")
    expect(company.files("采购合同")).to_contain_text("可以签署")
    company.page.get_by_role("button", name="移除 坏了.pdf").click()
    expect(company.files("坏了")).to_have_count(0)
    company.open()
    expect(company.page.locator("[data-fill=name]")).to_have_text("采购合同.pdf")
    assert len(company.kept()) == 1
