"""What came after sealing, in words: a code of the verifier's, perhaps with a page behind it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from server.validation.sentences import Words

# {page} stands for what `PAGE` says of a page, or for nothing.
CHANGES: Final[Mapping[str, Words]] = {
    "page_added": ("{page}是后加的", "{page} was added"),
    "page_removed": ("{page}被删除", "{page} was removed"),
    "page_moved": ("{page}的顺序被改动", "{page} was moved"),
    "page_box": ("{page}的大小或裁切被改动", "{page} was cropped or resized"),
    "page_content": ("{page}的内容被改动", "What {page} shows was changed"),
    "annotation_added": ("{page}增加了批注或图样", "Something was laid over {page}"),
    "annotation_changed": ("{page}的批注或印章图样被改动", "A note or seal on {page} was changed"),
    "annotation_removed": ("{page}的批注或印章图样被删除", "A note or seal on {page} was removed"),
    "signature_field_added": ("{page}增加了签章", "A seal or signature was added on {page}"),
    "form_field_changed": ("{page}的表单内容被改动", "A form field on {page} was changed"),
    "form_changed": ("表单设置被改动", "The form's settings were changed"),
    "metadata": ("文件属性被改动", "The file's properties were changed"),
    "validation_data": ("增加了验证用的数据", "Data for verification was added"),
    "document_settings": ("文件设置被改动", "The file's settings were changed"),
    "bytes_behind": (
        "文件末尾之后追加了内容",
        "Something was put behind the end of the file",
    ),
    "unreadable": ("改动的内容无法读取", "The change cannot be read"),
    "other": ("其他内容被改动", "Something else was changed"),
}
PAGE: Final[Words] = ("第 {number} 页", "page {number}")
SOME_PAGE: Final[Words] = ("有页面", "a page")


@dataclass(frozen=True)
class Change:
    """`page` counts from 1, None where the change is the whole file's."""

    code: str
    page: int | None
    words: Words


def read_change(text: str) -> Change:
    """`page_content:3` as its code, its page and its sentence; an unknown code says little."""
    code, _, number = text.partition(":")
    page = int(number) if number.isdecimal() else None
    pair = CHANGES.get(code, CHANGES["other"])
    return Change(code, page, (_filled(pair, page, 0), _filled(pair, page, 1)))


def _filled(pair: Words, page: int | None, place: int) -> str:
    named = PAGE[place].format(number=page) if page is not None else SOME_PAGE[place]
    said = pair[place].format(page=named)
    return said[:1].upper() + said[1:]
