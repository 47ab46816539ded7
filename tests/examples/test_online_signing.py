"""在线签章 from the upload to the sealed material."""

import re

import pytest

from examples.approval_system.upload import clean_name

PDF = b"%PDF-1.7 original"
LIMIT = 20 * 1024 * 1024


def upload(browser, content=PDF, name="C/施工许可申请表.PDF", **headers):
    # Written out by hand: the test client's own encoder leaves a temporary file open.
    head = f'--b\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
    body = head.encode() + content + b"\r\n--b--\r\n"
    form = "multipart/form-data; boundary=b"
    return browser.post("/online-signing/", data=body, content_type=form, headers=headers)


def rows(browser):
    return browser.get("/online-signing/rows").text


def file_id(browser):
    return re.search(r'id="file-(\w+)"', browser.get("/online-signing/").text)[1]


def sign(browser):
    return browser.post(f"/online-signing/{file_id(browser)}/sign")


@pytest.fixture
def ready(browser, partner):
    upload(browser)
    partner.check()
    rows(browser)
    return browser


@pytest.fixture
def sealed(ready, partner):
    sign(ready)
    partner.seal(b"%PDF-1.7 sealed bytes")
    rows(ready)
    return ready


@pytest.mark.row("F-37")
def test_an_upload_is_checked_and_then_offers_to_sign(browser, partner):
    assert upload(browser).status_code == 303
    assert "检查中" in rows(browser)
    assert "签章</button>" not in rows(browser)
    partner.check(warning="文件未嵌入字体")
    page = rows(browser)
    assert "待签章" in page
    assert "签章</button>" in page
    assert "文件未嵌入字体" in page


def test_a_rejected_file_says_why_and_what_to_do_and_can_be_removed(browser, partner):
    upload(browser)
    problem = {"code": "encrypted", "detail": "文件有密码。", "next_step": "请去掉密码再上传。"}
    partner.check(problem=problem)
    page = rows(browser)
    assert "不能签章" in page
    assert "文件有密码。请去掉密码再上传。" in page
    assert "签章</button>" not in page
    browser.post(f"/online-signing/{file_id(browser)}/remove")
    assert "还没有文件" in rows(browser)


@pytest.mark.row("F-37", "F-46")
@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"PK\x03\x04 a Word file", "这不是 PDF 文件。"),
        (b"%PDF-1.7" + b"0" * (LIMIT - 7), "文件超过 20 MB。"),
        (b"%PDF-1.7" + b"0" * (LIMIT + 100_000), "文件超过 20 MB。"),
    ],
)
def test_what_is_no_pdf_or_over_20_mib_is_refused_here(browser, partner, content, words):
    refusal = upload(browser, content, **{"X-Fragment": "1"})
    assert refusal.status_code in {413, 422}
    assert words in refusal.text
    assert partner.calls == []


def test_exactly_20_mib_is_taken(browser, partner):
    upload(browser, b"%PDF-1.7" + b"0" * (LIMIT - 8))
    assert [document["size"] for document in partner.documents.values()] == [LIMIT]


def test_a_file_waits_here_while_the_platform_is_away(browser, partner):
    partner.faults = [(503, {})] * 3
    upload(browser)
    page = browser.get("/online-signing/").text
    assert "已上传" in page
    assert "平台说：fault。" in page
    assert "检查中" in rows(browser)
    assert len(partner.documents) == 1


def test_a_file_that_the_platform_refuses_is_not_sent_again(browser, partner):
    partner.faults = [(422, {})]
    upload(browser)
    assert "不能签章" in rows(browser)
    assert len(partner.calls) == 1


@pytest.mark.row("F-37")
def test_signing_leads_the_browser_to_the_signing_page(ready, partner):
    answer = sign(ready)
    assert answer.status_code == 303
    assert answer.location == f"{partner.url}/sign/task_2#open1"
    request = partner.tasks["task_2"]["request"]
    assert request["return_url"] == f"http://approval.test/online-signing/{file_id(ready)}"
    assert request["user_reference"] == "demo-wei"
    assert request["title"] == "施工许可申请表.pdf"


def test_a_second_click_resumes_the_same_task_with_a_fresh_address(ready, partner):
    first, second = sign(ready).location, sign(ready).location
    assert first != second
    assert first.split("#")[0] == second.split("#")[0]
    assert len(partner.tasks) == 1


def test_a_failed_task_is_taken_up_again_and_not_doubled(ready, partner):
    sign(ready)
    partner.move("failed")
    sign(ready)
    assert len(partner.tasks) == 1


@pytest.mark.parametrize("ending", ["cancelled", "expired"])
def test_an_ended_task_is_followed_by_another(ready, partner, ending):
    sign(ready)
    partner.move(ending)
    sign(ready)
    assert len(partner.tasks) == 2
    assert sign(ready).status_code == 303
    assert len(partner.tasks) == 2


def test_a_failed_task_says_why(ready, partner):
    sign(ready)
    failure = {"code": "pin_locked", "detail": "签名口令已锁定。", "next_step": "请明天再试。"}
    partner.move("failed", failure=failure)
    assert "签名口令已锁定。请明天再试。" in rows(ready)
    assert "重新签章" in rows(ready)


def test_a_signing_page_elsewhere_is_not_visited(ready, partner):
    partner.url = "http://elsewhere.test"
    assert sign(ready).location == "/online-signing/"
    assert "签章页面的地址不在已登记的平台上" in ready.get("/online-signing/").text


def test_signing_before_the_check_is_done_is_refused_with_a_sentence(browser, partner):
    upload(browser)
    assert sign(browser).location == "/online-signing/"
    assert "文件还不能签章。" in browser.get("/online-signing/").text
    assert partner.tasks == {}


@pytest.mark.row("F-42", "F-44", "F-54")
def test_a_sealed_file_is_saved_to_the_materials_to_view_and_to_download(sealed):
    page = sealed.get("/materials/sealed").text
    assert "施工许可申请表（已签章）.pdf" in page
    assert "4 枚" in page
    assert "0771-4977565" in page
    for act, disposition in [("view", "inline"), ("download", "attachment")]:
        with sealed.get(f"/materials/sealed/{file_id(sealed)}/{act}") as answer:
            assert answer.data == b"%PDF-1.7 sealed bytes"
            assert answer.headers["Content-Disposition"].startswith(disposition)
    assert "签章</button>" not in rows(sealed)


@pytest.mark.row("F-42")
def test_what_was_sealed_while_nobody_looked_is_fetched_by_the_materials_page(ready, partner):
    sign(ready)
    partner.seal()
    assert "（已签章）" in ready.get("/materials/sealed").text


def test_the_page_of_one_file_follows_its_task(ready, partner):
    sign(ready)
    address = f"/online-signing/{file_id(ready)}/progress"
    for status, word in [("authorized", "待盖章"), ("sealing", "盖章中")]:
        partner.move(status)
        page = ready.get(address).text
        assert word in page
        assert "data-open" in page
    partner.seal()
    page = ready.get(address).text
    assert "已签章" in page
    assert "data-open" not in page


def test_a_result_with_another_digest_is_not_saved(ready, partner):
    sign(ready)
    partner.seal()
    partner.results = {task: content + b"!" for task, content in partner.results.items()}
    assert "取回的文件与平台登记的摘要不一致" in rows(ready)
    assert "还没有签章材料" in ready.get("/materials/sealed").text


def test_a_sealed_file_is_fetched_once_it_can_be(ready, partner):
    sign(ready)
    partner.seal()
    good, partner.results = partner.results, dict.fromkeys(partner.results, b"%PDF-")
    assert "取回中" in rows(ready)
    partner.results = good
    assert "已签章" in rows(ready)


def test_a_cancelled_task_can_be_started_anew(ready, partner):
    sign(ready)
    ready.post(f"/online-signing/{file_id(ready)}/cancel")
    assert "已取消" in rows(ready)
    assert [task["status"] for task in partner.tasks.values()] == ["cancelled"]


def test_cancelling_while_sealing_is_refused_with_the_platforms_sentence(ready, partner):
    sign(ready)
    partner.move("sealing")
    ready.post(f"/online-signing/{file_id(ready)}/cancel")
    assert "平台说：sealing_began。" in ready.get("/online-signing/").text


def test_a_document_that_the_platform_no_longer_has_is_told(ready, partner):
    partner.documents.clear()
    sign(ready)
    assert "电子印章平台上已找不到这份文件。" in rows(ready)


def test_a_task_that_the_platform_no_longer_has_can_be_started_anew(ready, partner):
    sign(ready)
    partner.tasks.clear()
    assert "重新签章" in rows(ready)


@pytest.mark.row("S-17")
def test_another_person_sees_nothing_of_it(sealed):
    mine = file_id(sealed)
    sealed.post("/login", data={"person": "demo-huang"})
    for address in ("", "/progress", "/original"):
        assert sealed.get(f"/online-signing/{mine}{address}").status_code == 404
    for act in ("sign", "cancel", "remove"):
        assert sealed.post(f"/online-signing/{mine}/{act}").status_code == 404
    for act in ("view", "download"):
        assert sealed.get(f"/materials/sealed/{mine}/{act}").status_code == 404
    assert "还没有文件" in rows(sealed)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("C:\\文件\\合同.PDF", "合同.pdf"),
        ("../../etc/表.pdf", "表.pdf"),
        ("..", "...pdf"),
        ("\u202e", "未命名.pdf"),
        ("abc\u202efdp.exe.pdf", "abcfdp.exe.pdf"),
        ("长" * 300 + ".pdf", "长" * 116 + ".pdf"),
    ],
)
def test_a_name_is_made_harmless(given, kept):
    assert clean_name(given) == kept
