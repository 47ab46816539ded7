"""Secrets are compared in one place, in constant time."""

import ast
from pathlib import Path

import pytest

import qr_session
from qr_session import keys

SOURCES = sorted(Path(qr_session.__file__).parent.glob("*.py"))
SECRET_NAMES = ("token", "mac", "secret", "ticket", "mark", "right", "login", "page", "kept")


def secret_comparisons(source: str) -> list[str]:
    """Every `==`, `!=` or `in` with a name or attribute that sounds like a secret."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Compare):
            continue
        if not any(isinstance(op, ast.Eq | ast.NotEq | ast.In | ast.NotIn) for op in node.ops):
            continue
        for side in (node.left, *node.comparators):
            name = side.attr if isinstance(side, ast.Attribute) else getattr(side, "id", "")
            if name.endswith(SECRET_NAMES):
                found.append(ast.unparse(node))
    return found


def test_the_search_for_hasty_comparisons_finds_one():
    assert secret_comparisons("if page_token == kept.page: pass") == ["page_token == kept.page"] * 2


@pytest.mark.row("S-46")
@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_no_secret_is_compared_with_an_operator(path):
    assert secret_comparisons(path.read_text()) == []


@pytest.mark.row("S-46")
def test_what_compares_secrets_is_the_constant_time_function():
    [function] = [
        node
        for node in ast.walk(ast.parse(Path(keys.__file__).read_text()))
        if isinstance(node, ast.FunctionDef) and node.name == "same"
    ]
    assert "hmac.compare_digest(" in ast.unparse(function)


def test_nothing_matches_what_nobody_holds():
    assert not keys.matches("", "")
    assert keys.matches("a", keys.hashed("a"))


def test_text_that_is_no_unicode_is_different_and_breaks_nothing():
    assert not keys.same("\ud800", "a")
    assert not keys.matches("\ud800", keys.hashed("a"))
