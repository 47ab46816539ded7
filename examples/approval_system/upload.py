"""Reading one uploaded PDF: its name made harmless, its size and its first bytes checked."""

import unicodedata

from werkzeug.datastructures import FileStorage

from examples.approval_system.client import Problem

MOST_BYTES = 20 * 1024 * 1024
LONGEST_NAME = 120
# ISO 32000-1 Annex H lets a header begin within the first 1024 bytes.
HEADER_WITHIN = 1024

NO_FILE = Problem("no_file", "没有选择文件。", "请选择一个 PDF 文件。")
TOO_LARGE = Problem("too_large", "文件超过 20 MB。", "请压缩或拆分后再上传。")
NOT_PDF = Problem("not_a_pdf", "这不是 PDF 文件。", "请把文件另存为 PDF 格式后再上传。")


class FileRefused(Exception):
    """The upload cannot be taken; `problem` says why and what to do."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.code)
        self.problem = problem


def read_pdf(upload: FileStorage) -> tuple[str, bytes]:
    """Name and content; raises FileRefused. The platform looks into the file itself."""
    if not upload.filename:
        raise FileRefused(NO_FILE)
    content = upload.stream.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise FileRefused(TOO_LARGE)
    if b"%PDF-" not in content[:HEADER_WITHIN]:
        raise FileRefused(NOT_PDF)
    return clean_name(upload.filename), content


def clean_name(name: str) -> str:
    """The last part of the path, without letters that hide or turn round what is read."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    shown = "".join(letter for letter in last if unicodedata.category(letter)[0] != "C")
    stem = shown.strip().removesuffix(".pdf").removesuffix(".PDF")[: LONGEST_NAME - 4]
    return f"{stem or '未命名'}.pdf"
