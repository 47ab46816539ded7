"""验签 in a browser: home → 上传文件 → 立即验证 → 验签详情, on a small phone and on a computer."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Thread

import pytest
from playwright.sync_api import Page, expect
from werkzeug.serving import make_server

from tests.browser.conftest import DESKTOP, PHONE, Actor, free_ports
from tests.browser.test_every_page import FINGER_PX, SMALL_TARGETS, faults_of
from tests.factories import attack, pdf
from tests.factories.product import Product

pytestmark = pytest.mark.browser


@dataclass(frozen=True)
class Verifying:
    """Where the product is, and files for it."""

    base: str
    sealed: Path
    covered: Path


@pytest.fixture
def verifying(product: Product, tmp_path: Path) -> Iterator[Verifying]:
    """A product whose seals are trusted, with a file that it sealed and one covered afterwards."""
    content = product.signing(pdf.make_pdf([pdf.Page()] * 2)).seal()
    sealed, covered = tmp_path / "施工合同（已签章）.pdf", tmp_path / "改动过的合同.pdf"
    sealed.write_bytes(content)
    covered.write_bytes(attack.cover_page(content))
    [port] = free_ports(1)
    base = f"http://127.0.0.1:{port}"
    server = make_server("127.0.0.1", port, product.restarted(public_url=base).app, threaded=True)
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield Verifying(base, sealed, covered)
    server.shutdown()
    thread.join(timeout=10)
    server.server_close()


def hand_in(page: Page, file: Path) -> None:
    """上传文件, then 立即验证."""
    page.locator("input[name=file]").set_input_files(file)
    expect(page.locator("[data-chosen]")).to_contain_text(file.name)
    page.get_by_role("button", name="立即验证").click()
    page.wait_for_url("**/verify/*")


@pytest.mark.row("F-49", "F-50", "P-50")
def test_on_a_small_phone_with_large_text_a_sealed_file_is_verified(
    verifying: Verifying, actor: Actor, tmp_path: Path
) -> None:
    context = actor(**PHONE | {"viewport": {"width": 320, "height": 640}})
    context.add_cookies([{"name": "care", "value": "1", "url": verifying.base}])
    phone = context.new_page()
    phone.goto(f"{verifying.base}/m/verify", wait_until="load")
    phone.get_by_role("button", name="立即验证").click()
    expect(phone.get_by_role("alert").first).to_have_text("请先上传文件。")
    (tmp_path / "合同.docx").write_bytes(b"no pdf")
    phone.locator("input[name=file]").set_input_files(tmp_path / "合同.docx")
    expect(phone.get_by_role("alert").first).to_contain_text("仅支持 PDF")
    assert phone.evaluate(SMALL_TARGETS, FINGER_PX) == []
    assert faults_of(phone, "upload") == []

    hand_in(phone, verifying.sealed)

    expect(phone.get_by_role("heading", name="验签详情")).to_be_visible()
    expect(phone.get_by_role("heading", name="有效")).to_be_visible()
    expect(phone.locator(".check-passed")).to_have_count(8)
    expect(phone.get_by_role("img", name="印章图样")).to_be_visible()
    phone.get_by_text("数字证书", exact=True).click()
    expect(phone.get_by_text("信任链")).to_be_visible()
    assert phone.evaluate(SMALL_TARGETS, FINGER_PX) == []
    assert faults_of(phone, "report") == []
    with phone.expect_download() as saved:
        phone.get_by_role("link", name="下载验签报告").click()
    assert Path(saved.value.path()).read_bytes().startswith(b"%PDF-")


@pytest.mark.row("F-49", "F-50", "S-37")
def test_on_a_computer_by_keyboard_a_changed_file_is_found_out_and_a_bad_one_is_refused(
    verifying: Verifying, actor: Actor, tmp_path: Path
) -> None:
    page = actor(**DESKTOP).new_page()
    page.goto(f"{verifying.base}/", wait_until="load")
    page.get_by_role("link", name="验签").click()
    locked = tmp_path / "加密.pdf"
    locked.write_bytes(pdf.encrypted_pdf())
    page.locator("input[name=file]").set_input_files(locked)
    page.keyboard.press("Tab")
    page.get_by_role("button", name="立即验证").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("PDF 文件已加密。")
    expect(page.get_by_role("button", name="立即验证")).to_be_enabled()

    hand_in(page, verifying.covered)

    expect(page.get_by_role("heading", name="有效", exact=True)).to_have_count(0)
    expect(page.get_by_text("文件在签章后被修改。").first).to_be_visible()
    expect(page.locator(".revisions")).to_contain_text("第 1 页")
    assert faults_of(page, "report") == []
    page.get_by_role("link", name="验证其他文件").click()
    expect(page.get_by_role("heading", name="验签", exact=True)).to_be_visible()
