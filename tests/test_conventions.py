"""The budgets and habits of the house, read from the source of every file."""

import ast
import re
import statistics
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
CODE = ("server", "qr_session", "standins", "examples", "tools", "tests", "bench")
OURS = ("server", "qr_session")
SCRIPTS = ("server/static/js", "examples")
TEMPLATES = ("templates", "examples")
CLOCKS = ("server/core/clock.py", "qr_session/clock.py")
SETTINGS = "server/settings.py"
# The child that opens foreign files empties its environment; it takes nothing from it.
EMPTIES_ENVIRONMENT = "server/sealing/sandbox.py"
VAGUE_NAMES = {"utils", "util", "helpers", "helper", "common", "misc", "manager"}
NO_SECRETS = {"status_code", "country_code"}
SECRET_NAME = re.compile(
    r"(^|_)(code|token|secret|mac|sig|signature|pin|password|ticket)(_digest)?$"
    r"|^(page|open|key|phone|login)_digest$"
)
HASTY = (ast.Eq, ast.NotEq)
HASHES = {"fingerprint", "ids.fingerprint", "hashed", "keys.hashed"}

Found = Iterator[str]
Rule = Callable[[str, ast.Module], Found]


def files(folders: tuple[str, ...], *endings: str) -> list[Path]:
    found = [one for name in folders for end in endings for one in (ROOT / name).rglob(f"*{end}")]
    return sorted(one for one in found if not {"vendor", "__pycache__"} & set(one.parts))


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def at(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (
        node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    )


def length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def attributes(tree: ast.AST) -> Iterator[str]:
    return (ast.unparse(node) for node in ast.walk(tree) if isinstance(node, ast.Attribute))


def decorators(node: ast.FunctionDef | ast.AsyncFunctionDef) -> list[str]:
    return [ast.unparse(one) for one in node.decorator_list]


def is_route(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    return any(one.startswith("bp.") for one in decorators(node))


def long_functions(_at: str, tree: ast.Module) -> Found:
    return (node.name for node in functions(tree) if length(node) > 40)


def many_arguments(where: str, tree: ast.Module) -> Found:
    """More than five; pytest calls the tests and fixtures, and no person writes such a call."""
    for node in functions(tree):
        given = node.args.posonlyargs + node.args.args + node.args.kwonlyargs
        by_pytest = where.startswith("tests/") and (
            node.name.startswith("test_") or any("fixture" in one for one in decorators(node))
        )
        if len([one for one in given if one.arg not in ("self", "cls")]) > 5 and not by_pytest:
            yield node.name


def other_clocks(where: str, tree: ast.Module) -> Found:
    asked = re.compile(r"(datetime\.(now|utcnow|today)|\bdate\.today|\btime\.time(_ns)?)$")
    allowed = {"server/core/ids.py": {"time.time_ns"}}.get(where, set())
    if where not in CLOCKS:
        yield from (one for one in attributes(tree) if asked.search(one) and one not in allowed)


def other_settings(where: str, tree: ast.Module) -> Found:
    if where.startswith((*OURS, "standins/", "examples/")) and where != SETTINGS:
        read = (one for one in attributes(tree) if one in ("os.environ", "os.getenv"))
        yield from read if where != EMPTIES_ENVIRONMENT else ()


def unexplained(where: str, tree: ast.Module) -> Found:
    if not ast.get_docstring(tree):
        yield "the module"
    if where.startswith(OURS):
        for node in tree.body:
            public = isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
            if public and not ast.get_docstring(node):
                yield node.name


def tries_in_routes(where: str, tree: ast.Module) -> Found:
    if where.startswith("server/web/"):
        for node in filter(is_route, functions(tree)):
            if any(isinstance(inner, ast.Try | ast.TryStar) for inner in ast.walk(node)):
                yield node.name


def long_routes(where: str, tree: ast.Module) -> Found:
    if where.startswith("server/web/"):
        for node in filter(is_route, functions(tree)):
            body = node.body[1:] if ast.get_docstring(node) else node.body
            if body and (body[-1].end_lineno or 0) - body[0].lineno >= 12:
                yield node.name


def is_secret(node: ast.expr) -> bool:
    """By its name, as the digest of such a thing, or because it is just being hashed."""
    if isinstance(node, ast.Call):
        return ast.unparse(node.func) in HASHES
    name = getattr(node, "id", None) or getattr(node, "attr", None) or ""
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
        name = str(node.slice.value)
    ends = SECRET_NAME.search(name)
    # Error codes, which are no secrets, are attributes named `code`.
    return bool(ends) and name not in NO_SECRETS and getattr(node, "attr", "") != "code"


def is_column(node: ast.expr) -> bool:
    """`ApiKey.key_digest`: the database compares."""
    of_a_name = isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
    return of_a_name and node.value.id[:1].isupper()


def leaky_comparisons(where: str, tree: ast.Module) -> Found:
    """A secret compared by an operator, which stops at the first letter that differs."""
    if where.startswith("tests/"):
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare) and any(isinstance(op, HASTY) for op in node.ops):
            sides = [node.left, *node.comparators]
            if any(map(is_secret, sides)) and not any(map(is_column, sides)):
                yield ast.unparse(node)


def odd_rows(_at: str, tree: ast.Module) -> Found:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "pytest.mark.row":
            ids = [ast.literal_eval(one) for one in node.args]
            yield from (one for one in ids if not re.fullmatch(r"[FPSR]-\d\d", one))
            yield from () if ids else ["a row without a name"]


# Each rule with a file that breaks it, so that none of them can fall asleep.
RULES: list[tuple[Rule, str, str]] = [
    (long_functions, "server/a.py", "def f():\n" + "    x = 1\n" * 40),
    (many_arguments, "tests/a.py", "class A:\n    def f(self, a, b, c, *, d, e, g): ..."),
    (other_clocks, "server/a.py", "import time\nx = time.time()"),
    (other_clocks, "server/core/ids.py", "x = datetime.datetime.now(UTC)"),
    (other_settings, "qr_session/a.py", "x = os.environ['A']"),
    (unexplained, "tests/a.py", "x = 1"),
    (unexplained, "server/web/a.py", '"""A."""\n@bp.get("/")\ndef f(): ...'),
    (tries_in_routes, "server/web/a.py", "@bp.get('/')\ndef f():\n  try: x\n  finally: y"),
    (long_routes, "server/web/a.py", "@bp.get('/')\ndef f():\n" + "    x = 1\n" * 13),
    (leaky_comparisons, "server/a.py", "page_token == given"),
    (leaky_comparisons, "server/a.py", "given != row.reference_code"),
    (leaky_comparisons, "server/a.py", "body['pin'] == '1'"),
    (leaky_comparisons, "server/a.py", "self.open_digest == fingerprint(given)"),
    (leaky_comparisons, "server/a.py", "a < 1 != row.code_digest"),
    (leaky_comparisons, "server/a.py", "known != fingerprint(page_token)"),
    (odd_rows, "tests/a.py", "@pytest.mark.row('F-7')\ndef test_a(): ..."),
]


@pytest.mark.parametrize("rule", dict.fromkeys(rule for rule, _, _ in RULES))
def test_no_file_breaks_the_rule(rule: Rule) -> None:
    broken = [
        f"{at(path)}: {found}"
        for path in files(CODE, ".py")
        for found in rule(at(path), parsed(path))
    ]
    assert broken == []


@pytest.mark.row("S-46")
@pytest.mark.parametrize(("rule", "where", "source"), RULES)
def test_the_rule_sees_a_file_that_breaks_it(rule: Rule, where: str, source: str) -> None:
    assert list(rule(where, ast.parse(source)))


def test_files_have_at_most_300_lines_of_100_characters() -> None:
    pragma = re.compile(r"\s+# (type: ignore|noqa)\S*.*$")
    for path in files(CODE, ".py") + files(SCRIPTS, ".js"):
        lines = path.read_text(encoding="utf-8").splitlines()
        wide = [number for number, line in enumerate(lines, 1) if len(pragma.sub("", line)) > 100]
        assert len(lines) <= 300, at(path)
        assert path.suffix == ".js" or not wide, f"{at(path)}: {wide}"


def test_the_median_function_has_at_most_8_lines() -> None:
    every = (node for path in files(OURS, ".py") for node in functions(parsed(path)))
    assert statistics.median(length(node) for node in every) <= 8


def test_a_file_is_named_by_what_it_holds() -> None:
    every = files(CODE, ".py") + files(SCRIPTS, ".js")
    assert [at(path) for path in every if path.stem.lower() in VAGUE_NAMES] == []


@pytest.mark.parametrize(
    "words", [r"/tm[p]\b|/hom[e]/|/roo[t]\b|/User[s]/|~[/]", r"TOD[O]|FIXM[E]"]
)
def test_no_place_of_one_machine_and_no_work_left_lying(words: str) -> None:
    texts = files(
        (*CODE, "templates", "deploy", "migrations"), ".py", ".js", ".css", ".html", ".sh"
    )
    found = [at(path) for path in texts if re.search(words, path.read_text(encoding="utf-8"))]
    assert found == []


INLINE = re.compile(
    r"""<script(?![^>]*\b(src=|type="application/json"))[^>]*>"""
    r"|<style\b|\sstyle=|\son[a-z]+=|javascript:",
    re.IGNORECASE,
)


def inline_parts(template: str) -> list[str]:
    """Scripts, styles and handlers that a strict policy refuses; Jinja's own words are left out."""
    without_jinja = re.sub(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", "", template, flags=re.DOTALL)
    return [found.group() for found in INLINE.finditer(without_jinja)]


@pytest.mark.row("S-47")
def test_no_template_holds_a_script_a_style_or_a_handler() -> None:
    pages = files(TEMPLATES, ".html")
    assert len(pages) > 10
    assert [(at(one), found) for one in pages if (found := inline_parts(one.read_text()))] == []


@pytest.mark.parametrize(
    "page",
    [
        "<script>go()</script>",
        '<script type="module">go()</script>',
        "<style>a{}</style>",
        '<p class="x" style="color:red">',
        '<a\nonclick="go()">',
        '<a href="javascript:go()">',
    ],
)
def test_an_inline_part_of_a_template_is_seen(page: str) -> None:
    assert inline_parts(page)


# Runs in a process of its own: this one has long imported everything and opened much.
IMPORT_ALL = """
import importlib, pkgutil, sys, threading
opened = []
WATCHED = ("socket.bind", "socket.connect", "sqlite3.connect", "subprocess.Popen", "open")
def is_ours():
    # Some libraries look for IPv6 and the like while they are imported: not our doing.
    frame = sys._getframe(2)
    while frame.f_code.co_name != "<module>":
        frame = frame.f_back
    return "site-packages" not in frame.f_code.co_filename
def watch(event, args):
    if event in WATCHED and (event != "open" or set(str(args[1])) & set("wax+")) and is_ours():
        opened.append(f"{event} {args}")
sys.addaudithook(watch)
count = 0
for package in ("server", "qr_session"):
    for module in pkgutil.walk_packages(importlib.import_module(package).__path__, package + "."):
        before = len(opened)
        importlib.import_module(module.name)
        opened[before:] = [f"{module.name}: {what}" for what in opened[before:]]
        count += 1
opened += [f"thread {one.name}" for one in threading.enumerate()[1:]]
print(count)
print(*opened, sep="\\n", file=sys.stderr)
"""


def test_nothing_happens_on_import() -> None:
    command = [sys.executable, "-B", "-c", IMPORT_ALL]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.stderr.strip() == ""
    assert int(done.stdout) > 100


def test_no_environment_of_one_machine_is_a_file_of_the_project() -> None:
    assert not subprocess.run(["git", "ls-files", ".venv"], cwd=ROOT, capture_output=True).stdout
