"""The whole way in Chromium, where Content-Security-Policy and redirects are held to."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from werkzeug.serving import make_server

from examples.approval_system.app import Config, create_app


@pytest.fixture
def site(partner, api, tmp_path) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, None, threaded=True)
    url = f"http://127.0.0.1:{server.port}"
    server.app = create_app(Config(tmp_path / "data", url, partner.url), api)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield url
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def page(chromium: Browser, site: str) -> Iterator[Page]:
    page = chromium.new_page(base_url=site)
    yield page
    page.close()


@pytest.mark.browser
@pytest.mark.row("F-37", "F-42", "F-45", "S-47")
def test_a_file_goes_from_the_upload_to_the_filing(page: Page, partner, tmp_path: Path):
    wrongs: list[str] = []
    page.on("pageerror", lambda error: wrongs.append(str(error)))
    page.on("console", lambda line: wrongs.append(line.text) if "Policy" in line.text else None)
    pdf = tmp_path / "施工合同.pdf"
    pdf.write_bytes(b"%PDF-1.7")
    word = tmp_path / "施工合同.docx"
    word.write_bytes(b"PK")

    page.goto("/online-signing/")
    page.get_by_role("button", name="黄淼").click()
    page.get_by_label("上传 PDF 文件").set_input_files(word)
    expect(page.get_by_role("alert")).to_contain_text("这不是 PDF 文件。")
    page.get_by_label("上传 PDF 文件").set_input_files(pdf)
    expect(page.get_by_text("检查中", exact=True)).to_be_visible()
    partner.check()
    page.get_by_role("button", name="签章", exact=True).click()
    expect(page).to_have_title("签章页面 task_2")
    page.get_by_role("link", name="返回").click()
    expect(page.get_by_role("status")).to_contain_text("待认证")
    partner.seal()
    expect(page.get_by_role("status")).to_contain_text("已签章")
    quote(page)
    expect(page.get_by_role("link", name="施工合同（已签章）.pdf")).to_be_visible()
    assert wrongs == []


def quote(page: Page) -> None:
    page.get_by_role("link", name="申报管理").click()
    page.get_by_role("link", name="申报审批事项").click()
    page.get_by_label("项目名称").fill("五象新区示范小学")
    page.get_by_role("button", name="下一步").click()
    page.get_by_text("上传", exact=True).first.click()
    page.get_by_role("button", name="引用我的上传材料").click()
    page.get_by_role("button", name="签章材料（1）").click()
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="确定").click()
