"""File names are shown and sent on, so nothing in them may act."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.documents.names import LONGEST, clean_name, plain_line, sealed_name
from tests.factories.names import NAUGHTY


@pytest.mark.row("S-43")
@pytest.mark.parametrize("given_name", NAUGHTY, ids=lambda name: ascii(name)[:30])
def test_a_name_is_made_safe(given_name: str) -> None:
    assert clean_name(given_name) == NAUGHTY[given_name]


@pytest.mark.row("S-43")
@given(st.text(alphabet=st.characters(), max_size=200))
def test_no_name_can_leave_its_folder_or_its_line(text: str) -> None:
    name = clean_name(text)

    assert name.endswith(".pdf")
    assert len(name) <= LONGEST
    assert not set(name) & set('/\\:*?"<>|\r\n\0')
    assert not {unicodedata.category(letter) for letter in name} & {"Cc", "Cf", "Cs", "Zl", "Zp"}
    assert clean_name(name) == name
    assert clean_name(sealed_name(name)) == sealed_name(name)


def test_a_sealed_file_says_so_in_its_name() -> None:
    assert sealed_name("施工许可.pdf") == "施工许可（已签章）.pdf"
    assert sealed_name("施工许可（已签章）.pdf") == "施工许可（已签章）.pdf"
    assert sealed_name("x" * 400) == "x" * (LONGEST - 9) + "（已签章）.pdf"


@pytest.mark.row("S-11", "S-45")
@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("在线签章", "在线签章"),
        ("\u202e章签线在", "章签线在"),
        ("在\u200b线\ufeff签章", "在线签章"),
        ("第一行\r\n第二行", "第一行第二行"),
        ("  两  端  ", "两 端"),
        ("\u2067\u200f\x00", ""),
    ],
    ids=ascii,
)
def test_words_of_others_lose_what_cannot_be_seen(text: str, shown: str) -> None:
    assert plain_line(text) == shown
