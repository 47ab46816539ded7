"""The application form: every word is in it, it carries its letters, the boxes take a name."""

import io
import threading
from dataclasses import replace

import pikepdf
import pypdfium2
import pytest
from PIL import Image

from server.sealing.form_pdf import Form, Section, SignatureBox, draw
from server.sealing.impression import Impression
from server.sealing.impression.shapes import Path
from server.sealing.page_picture import page_picture

SQUARE = Path((("M", (0, 0)), ("L", (10, 0)), ("L", (10, 10)), ("L", (0, 10)), ("Z", ())))
INK = Impression(10, 10, (SQUARE,))
FORM = Form(
    title="数字证书申请表",
    number="业务申请单号：app_1",
    day="申请日期：2026 年 11 月 21 日",
    sections=(
        Section("一、申请单位", (("单位名称", "南宁桂印科技有限公司（筹）"),)),
        Section("二、经办人", (("姓名", "O'Neill <黄> & 淼"), ("证件号码", "4501**********3011"))),
    ),
    statement=("以上内容真实、完整、有效。",),
    boxes=(SignatureBox("法定代表人签名："), SignatureBox("经办人签名：")),
    foot="广西统一电子印章管理平台",
)


def text_of(pdf: bytes) -> str:
    with pypdfium2.PdfDocument(pdf) as document:
        return "\n".join(page.get_textpage().get_text_bounded() for page in document)


def ink_of(pdf: bytes) -> tuple[int, int, int, int]:
    """The box of what is nearly black and solid in the signature area, in pixels of 800 wide."""
    picture = Image.open(io.BytesIO(page_picture(pdf, 1))).convert("L")
    solid = picture.point([255 if level < 60 else 0 for level in range(256)])
    box = solid.reduce(8).point([255 if level > 250 else 0 for level in range(256)]).getbbox()
    return box or (0, 0, 0, 0)


@pytest.mark.row("F-15")
def test_every_word_can_be_read_out_of_the_form() -> None:
    text = text_of(draw(FORM))
    words = [FORM.title, FORM.number, FORM.day, FORM.foot, *FORM.statement]
    words += [box.label for box in FORM.boxes]
    for section in FORM.sections:
        words += [section.heading, *(word for row in section.rows for word in row)]
    assert [word for word in words if word not in text] == []


def test_the_form_carries_its_own_letters_and_nothing_else() -> None:
    with pikepdf.open(io.BytesIO(draw(FORM))) as pdf:
        fonts = [font for page in pdf.pages for font in page.Resources.Font.values()]
        assert fonts
        assert all("/FontFile2" in font.FontDescriptor for font in fonts)
        assert "/Annots" not in pdf.pages[0]


def test_the_same_words_give_the_same_bytes() -> None:
    assert draw(FORM) == draw(FORM)
    assert draw(FORM) != draw(replace(FORM, number="业务申请单号：app_2"))


def test_a_rare_character_is_drawn_and_one_of_no_font_is_named_by_its_number() -> None:
    rare = Section("三", (("姓名", "黄\U000200cc媛\U00020bb7"),))
    assert "黄\U000200cc媛〓(U+20BB7)" in text_of(draw(replace(FORM, sections=(rare,))))


@pytest.mark.row("F-15")
def test_a_name_stands_in_its_own_box_and_is_not_stretched() -> None:
    assert ink_of(draw(FORM)) == (0, 0, 0, 0)
    first = replace(FORM.boxes[0], ink=INK, notes=("人脸核验通过",))
    left, top, right, bottom = ink_of(draw(replace(FORM, boxes=(first, FORM.boxes[1]))))
    assert 0 < left < right < 50, "the left half of the page"
    assert abs((right - left) - (bottom - top)) <= 1
    second = replace(FORM.boxes[1], ink=INK)
    assert ink_of(draw(replace(FORM, boxes=(FORM.boxes[0], second))))[0] > 50


def test_what_does_not_fit_goes_on_on_the_next_page() -> None:
    long = Section("四、申请内容", tuple((f"第 {n} 项", "印章" * 20) for n in range(20)))
    pdf = draw(replace(FORM, sections=(long, long, *FORM.sections)))
    text = text_of(pdf)
    assert text.count(FORM.foot) == 3
    assert text.count("四、申请内容") == 4, "each page names what goes on on it"
    assert all(text.count(f"第 {n} 项") == 2 for n in range(20))
    assert FORM.boxes[1].label in text


def test_two_forms_at_once_do_not_take_each_others_letters() -> None:
    """The writer keeps its fonts in one table of the process."""
    forms = [
        replace(FORM, sections=(Section(chr(0x4E00 + 40 * n), (("甲", chr(0x5B00 + 30 * n)),)),))
        for n in range(8)
    ]
    alone, together = [draw(form) for form in forms], [b""] * len(forms)

    def work(place: int) -> None:
        together[place] = draw(forms[place])

    threads = [threading.Thread(target=work, args=(n,)) for n in range(len(forms))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert together == alone
