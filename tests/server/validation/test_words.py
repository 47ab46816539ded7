"""Every outcome, cause and change that the verifier can name has its sentence in two languages."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import server.sealing
from server.sealing.changes import changes_between
from server.sealing.report import Answer, CheckName, Overall, RevisionBy, SignatureKind
from server.validation import sentences
from server.validation.causes import CAUSES, OTHERWISE, cause_of
from server.validation.changes import CHANGES, read_change

SEALING = Path(server.sealing.__file__).parent
JUDGES = (
    "certificate_chain",
    "checks",
    "cms_reading",
    "judgement",
    "seal_checks",
    "seal_report",
    "time_stamps",
)
CODE = re.compile(r"[a-z]+(_[a-z]+)+")
OF_FILES = {"no_seal", "no_signature", "changed_later"}


def said(node: ast.AST) -> Iterator[str]:
    """The strings below that may be a cause: no key, nothing compared, no list of names."""
    if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Tuple | ast.List):
        several = isinstance(node.value, ast.Tuple)
        parts = node.value.elts if several else [node.value]
        yield from (one for part in parts for one in said(part))
    elif isinstance(node, ast.Subscript):
        yield from said(node.value)
    elif isinstance(node, ast.Compare):
        return
    elif isinstance(node, ast.Call) and ast.unparse(node.func) not in CAUSED:
        yield from said(node.func)
        yield from (one for part in node.args if not is_text(part) for one in said(part))
    elif isinstance(node, ast.Tuple) and all(map(is_text, node.elts)):
        return
    elif is_text(node):
        yield node.value
    else:
        yield from (one for part in ast.iter_child_nodes(node) for one in said(part))


CAUSED = ("seal_checks.unreadable", "unreadable")


def is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def causes_in(module: str) -> set[str]:
    tree = ast.parse((SEALING / f"{module}.py").read_text("utf-8"))
    return {one for one in said(tree) if CODE.fullmatch(one)}


@pytest.mark.row("F-50", "P-20")
@pytest.mark.parametrize("module", JUDGES)
def test_every_cause_of_the_verifier_has_a_sentence(module: str) -> None:
    found = causes_in(module)

    assert found, "the walk finds nothing"
    assert found - set(CAUSES) == set(), "add them to server/validation/causes.py"


def test_no_sentence_is_left_without_its_cause() -> None:
    found = {one for module in JUDGES for one in causes_in(module)} | OF_FILES
    of_makers = {one.replace("certificate", "maker") for one in causes_in("certificate_chain")}

    assert set(CAUSES) - found - of_makers == set()
    assert {"maker_untrusted", "maker_expired", "maker_not_yet_valid"} <= set(CAUSES)


def test_a_cause_that_is_not_known_yet_is_still_told_in_words() -> None:
    assert cause_of("something_new") == OTHERWISE
    assert cause_of("") is None


@pytest.mark.row("F-50")
def test_the_eight_checks_are_named_as_the_manual_names_them() -> None:
    names = (
        "电子印章数据格式",
        "签章者证书有效性",
        "电子印章有效性",
        "签章时间有效性",
        "数字证书有效性",
        "时间戳有效性",
        "电子印章签名值",
        "原文杂凑验证",
    )
    assert tuple(sentences.CHECKS[one][0] for one in CheckName) == names
    assert tuple(sentences.CHECKS) == tuple(CheckName)


@pytest.mark.row("P-20")
def test_every_answer_and_outcome_has_its_word() -> None:
    assert set(sentences.ANSWERS) == set(Answer)
    assert set(sentences.OVERALL) == set(Overall)
    assert set(sentences.KINDS) == set(SignatureKind)
    assert set(sentences.MADE_BY) == set(RevisionBy)
    chinese = [sentences.OVERALL[one][0] for one in Overall]
    assert chinese == ["有效", "签章后有改动", "无效", "无法验证"]


def test_both_languages_say_something_of_their_own() -> None:
    for what, (message, step) in {**CAUSES, "otherwise": OTHERWISE}.items():
        for chinese, english in (message, step):
            assert not chinese.isascii(), what
            assert english.isascii(), what


@pytest.mark.row("F-50", "S-37")
def test_every_change_has_a_sentence_with_its_page() -> None:
    told = re.findall(r"\b[a-z]+(?:_[a-z]+)+\b", changes_between.__doc__ or "")
    assert set(told) - set(CHANGES) == set()
    found = {one for one in causes_in("changes") if "_" in one}
    assert found - set(CHANGES) == set()

    change = read_change("page_content:3")
    assert (change.code, change.page) == ("page_content", 3)
    assert change.words == ("第 3 页的内容被改动", "What page 3 shows was changed")
    assert read_change("metadata").page is None
    assert read_change("something_new").words == CHANGES["other"]
