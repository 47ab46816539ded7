"""Files at the partner's page: bad ones get a sentence, the largest allowed one gets its seal."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from server.seed import PEOPLE
from tests.browser import steps
from tests.browser.conftest import PhoneOf
from tests.browser.steps import Stack
from tests.factories import pdf

pytestmark = pytest.mark.browser

LI = PEOPLE[2]
MOST_BYTES = 20 * 1024 * 1024


@pytest.mark.row("F-37")
def test_a_bad_file_is_refused_with_a_sentence_and_a_way_on(
    stack: Stack, desktop: Page, tmp_path: Path
) -> None:
    steps.log_in_at_partner(desktop, stack, LI)
    desktop.goto(stack.demo + "/online-signing/")
    checked = {
        "加密的申请表.pdf": (pdf.encrypted_pdf(), "PDF 文件已加密。"),
        "损坏的申请表.pdf": (pdf.damaged_pdf(), "PDF 文件已损坏，无法读取。"),
        "没有页面.pdf": (pdf.pdf_without_pages(), "PDF 文件没有页面。"),
    }
    for name, (content, sentence) in checked.items():
        with desktop.expect_event("load"):  # the page shows its new list
            choose(desktop, tmp_path / name, content)
        row = desktop.locator("tr", has_text=name)
        expect(row.get_by_text(sentence)).to_be_visible(timeout=20_000)
        expect(row.get_by_text("不能签章")).to_be_visible()
        expect(row.get_by_role("button", name="签章", exact=True)).to_have_count(0)
    desktop.locator("tr", has_text="没有页面").get_by_role("button", name="移除").click()
    expect(desktop.locator("tr", has_text="没有页面")).to_have_count(0)

    refused = {
        "其实是网页.pdf": (b"<html>" * 400, "这不是 PDF 文件。"),
        "申请表.docx": (b"PK", "这不是 PDF 文件。"),
        "太大.pdf": (pdf.padded_pdf(MOST_BYTES) + b"\n", "文件超过 20 MB。"),
    }
    for name, (content, sentence) in refused.items():
        choose(desktop, tmp_path / name, content)
        expect(desktop.get_by_role("alert").filter(has_text=sentence)).to_be_visible()
        expect(desktop.locator("tr", has_text=name)).to_have_count(0)


@pytest.mark.row("S-36", "S-14")
def test_the_page_stops_when_the_bytes_on_the_screen_are_not_those_to_be_sealed(
    stack: Stack, desktop: Page, tmp_path: Path
) -> None:
    file = tmp_path / "路上被换掉的申请表.pdf"
    file.write_bytes(pdf.make_pdf([pdf.Page()] * 3))
    desktop.route("**/document", lambda route: route.fulfill(body=pdf.make_pdf()))

    steps.open_task(desktop, stack, file)

    expect(desktop.get_by_text("打开的文件与待签署的原件不一致，已停止签署。")).to_be_visible()
    expect(desktop.get_by_role("button", name="确认签署", exact=True)).to_be_disabled()


@pytest.mark.row("F-37", "F-42")
def test_a_file_of_twenty_mebibytes_is_sealed(
    stack: Stack, desktop: Page, phone_of: PhoneOf, tmp_path: Path
) -> None:
    file = tmp_path / "全套施工图.pdf"
    file.write_bytes(pdf.padded_pdf(MOST_BYTES, [pdf.Page()] * 2))
    assert file.stat().st_size == MOST_BYTES
    steps.log_in_at_partner(desktop, stack, LI)
    steps.upload_and_sign(desktop, stack, file)
    steps.authenticate(desktop, phone_of(LI), LI)
    steps.put_seal_everywhere(desktop)
    steps.confirm_signing(desktop)
    sealed = steps.download_from_materials(desktop, stack, file)
    assert MOST_BYTES < sealed.stat().st_size < MOST_BYTES + 80 * 1024


def choose(desktop: Page, path: Path, content: bytes) -> None:
    path.write_bytes(content)
    desktop.set_input_files("#file", path)
