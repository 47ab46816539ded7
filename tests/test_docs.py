"""Documents and the English catalogue say what the code has: each is compared with its source."""

import importlib
import json
import pkgutil
import re
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from types import ModuleType
from urllib.parse import unquote

import pytest
from babel.messages.catalog import Catalog
from babel.messages.frontend import CommandLineInterface
from babel.messages.pofile import read_po
from flask import Flask
from pydantic import BaseModel

import qr_session
import server
from qr_session import Code, Purpose, QrSessionError, State, words
from server import cli
from server.core.errors import DomainError
from server.documents.models import DocumentStatus
from server.grants.models import GrantRole, GrantStatus, UseState
from server.sealing.cautions import SENTENCES
from server.seals.models import SealKind, SealState
from server.seed import PEOPLE
from server.settings import Settings
from server.signing.models import TaskStatus
from server.web import language, problems
from server.web.partner.documents import DocumentOut, Problem
from server.web.partner.logins import ExchangeIn, LoginSessionIn, OpenedLoginOut, PersonOut
from server.web.partner.signing import OpenedTaskOut, SigningTaskIn, SigningTaskOut
from server.web.permissions import NEEDS
from tests.factories.product import Product

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
DECISIONS = sorted((DOCS / "decisions").glob("*.md"))
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted(DOCS.rglob("*.md"))]
ERRORS, OPERATIONS = DOCS / "errors.md", DOCS / "operations.md"
GLOSSARY, PARTNER = DOCS / "glossary.md", DOCS / "api" / "partner.md"
CATALOGUE = ROOT / "translations" / language.ENGLISH / "LC_MESSAGES" / "messages.po"
PLACEHOLDER = re.compile(r"%\(\w+\)s|\{\w+\}")
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
# A machine of ours, or the address of a package index, has no place in what others read.
FORBIDDEN = re.compile(r"(?<![\w.])/(?:work|home|root|Users)/|pypi\.org|npmjs\.org|index-url")
NAMED_STATES: tuple[type[StrEnum], ...] = (
    SealKind,
    SealState,
    GrantRole,
    GrantStatus,
    UseState,
    DocumentStatus,
    TaskStatus,
    State,
    Purpose,
)
OF_TASKS = (DocumentOut, SigningTaskIn, OpenedTaskOut, SigningTaskOut)
OF_LOGINS = (LoginSessionIn, OpenedLoginOut, ExchangeIn, PersonOut)
EXAMPLES: tuple[type[BaseModel], ...] = (*OF_TASKS, *OF_LOGINS, Problem)

Row = tuple[str, ...]


def table(page: Path, heading: str) -> list[Row]:
    """The rows of the table under a `## heading`, without its two head lines."""
    section = page.read_text("utf-8").split(f"\n## {heading}\n")[1].split("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    return [tuple(cell.strip() for cell in line.strip("|").split("|")) for line in lines[2:]]


def code(text: str) -> str:
    return f"`{text}`"


def inside_code(page: Path) -> list[str]:
    return re.findall(r"`([^`\n]+)`", page.read_text("utf-8"))


def classes_of(package: ModuleType, base: type) -> list[type]:
    """Every class below `base`, and `base` itself, after loading all modules of a package."""
    for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        importlib.import_module(module.name)
    found, waiting = [], [base]
    while waiting:
        one = waiting.pop()
        found.append(one)
        waiting += one.__subclasses__()
    return [one for one in found if one.__module__.startswith(package.__name__)]


def qr_errors() -> list[type[QrSessionError]]:
    return [one for one in classes_of(qr_session, QrSessionError) if hasattr(one, "code")]


def error_row(error: type, said: tuple[tuple[str, str], tuple[str, str]]) -> Row:
    status = next(problems.STATUS[one] for one in error.__mro__ if one in problems.STATUS)
    package, *rest = error.__module__.split(".")
    place = rest[0] if package == "server" else package
    return (code(error.code), str(status), place, *said[0], *said[1])


def refusal_rows() -> Iterator[Row]:
    """What the framework refuses before any code of ours runs, as it is answered."""
    app = Flask(__name__)
    for status in (*problems.REFUSALS, 500):
        with app.test_request_context("/?lang=zh"):
            chinese = problems.refusal(status)
        with app.test_request_context("/?lang=en"):
            english = problems.refusal(status)
        said = [answer[key] for key in ("detail", "next_step") for answer in (chinese, english)]
        yield (code(chinese["code"]), str(chinese["status"]), "request", *said)


def test_every_error_is_documented_with_its_status_and_words() -> None:
    domain = [
        error_row(error, (error.message, error.next_step))
        for error in classes_of(server, DomainError)
    ]
    library = [error_row(error, words(error.code)) for error in qr_errors()]
    assert table(ERRORS, "Errors") == sorted({*domain, *library, *refusal_rows()})


def test_every_hint_of_a_qr_session_is_documented() -> None:
    hints = set(Code) - {error.code for error in qr_errors()}
    rows = [(code(one), *words(one).message, *words(one).next_step) for one in sorted(hints)]
    assert table(ERRORS, "Hints") == rows


def test_every_warning_about_a_file_is_documented() -> None:
    rows = [(code(name), *sentences) for name, sentences in sorted(SENTENCES.items())]
    assert table(ERRORS, "Warnings about a file") == rows


def test_every_setting_is_documented_with_its_default() -> None:
    rows = []
    for name, field in Settings.model_fields.items():
        default = "required" if field.is_required() else str(field.default) and code(field.default)
        rows.append((code(f"GUIYIN_{name.upper()}"), default))
    assert [row[:2] for row in table(OPERATIONS, "Settings")] == rows


def test_no_document_names_a_setting_that_does_not_exist() -> None:
    known = {f"GUIYIN_{name.upper()}" for name in Settings.model_fields} | {"GUIYIN_SECRETS_DIR"}
    named = {
        name for page in PAGES for name in re.findall(r"GUIYIN_[A-Z_]+", page.read_text("utf-8"))
    }
    assert named <= known


def test_every_command_is_documented_and_no_other(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        cli.main(["--help"])
    commands = re.findall(r"^    ([a-z-]+)", capsys.readouterr().out, re.MULTILINE)
    told = [row[0].strip("`").split()[0] for row in table(OPERATIONS, "Commands")]
    assert told == commands


def test_every_route_is_documented_with_who_may_call_it(product: Product) -> None:
    rules = sorted(
        (rule.rule, " ".join(sorted(rule.methods - {"HEAD", "OPTIONS"})), NEEDS[rule.endpoint])
        for rule in product.app.url_map.iter_rules()
        if rule.methods
    )
    told = [row[:3] for row in table(DOCS / "routes.md", "Routes")]
    assert told == [(method, code(rule), need.value) for rule, method, need in rules]


def test_the_partner_guide_names_every_call_and_every_status(product: Product) -> None:
    called = {
        rule.rule.replace("<document_id>", "{id}")
        .replace("<task_id>", "{id}")
        .replace("<partner_login_id>", "{id}")
        .replace("<verification_id>", "{id}")
        for rule in product.app.url_map.iter_rules()
        if rule.rule.startswith("/partner/")
    }
    told = " ".join(inside_code(PARTNER))
    missing = [one for one in (*called, *DocumentStatus, *TaskStatus) if one not in told]
    assert not missing


def test_the_examples_of_the_partner_guide_have_the_fields_of_the_interface() -> None:
    shown = re.findall(r"```json\n(.*?)```", PARTNER.read_text("utf-8"), re.DOTALL)
    for text, model in zip(shown, EXAMPLES, strict=True):
        example = json.loads(text)
        model.model_validate(example)
        assert set(example) == set(model.model_fields)


def test_the_glossary_knows_every_named_state_and_kind() -> None:
    told = set(inside_code(GLOSSARY))
    missing = [one for states in NAMED_STATES for one in states if one.value not in told]
    assert not missing


def test_the_words_of_the_glossary_are_those_of_the_code() -> None:
    sources = [*ROOT.glob("server/**/*.py"), *ROOT.glob("qr_session/*.py")]
    used = {word for path in sources for word in re.findall(r"\w+", path.read_text("utf-8"))}
    assert not [word for word in inside_code(GLOSSARY) if word not in used]


def test_decisions_are_numbered_without_a_gap_and_have_three_parts() -> None:
    numbers = [int(page.name[:4]) for page in DECISIONS]
    assert numbers == list(range(1, len(numbers) + 1))
    for page in DECISIONS:
        headings = re.findall(r"^## (.+)$", page.read_text("utf-8"), re.MULTILINE)
        assert headings == ["Context", "Decision", "Consequences"], page.name


def links_of(page: Path) -> list[tuple[Path, str]]:
    """The files of ours that a page points to, pictures too, each with the heading it names."""
    found = [unquote(one).partition("#") for one in LINK.findall(page.read_text("utf-8"))]
    return [
        ((page.parent / path).resolve() if path else page, heading)
        for path, _, heading in found
        if ":" not in path
    ]


def has_heading(page: Path, anchor: str) -> bool:
    headings = re.findall(r"^#+ (.+)$", page.read_text("utf-8"), re.MULTILINE)
    return anchor in {re.sub(r"[^\w -]", "", one).lower().replace(" ", "-") for one in headings}


def test_links_between_documents_lead_somewhere() -> None:
    lost = [
        f"{page.name}: {target.name} {heading}"
        for page in PAGES
        for target, heading in links_of(page)
        if not target.exists() or (heading and not has_heading(target, heading))
    ]
    assert not lost


def test_every_document_can_be_reached_from_the_readme() -> None:
    reached, waiting = set(), [ROOT / "README.md"]
    while waiting:
        page = waiting.pop()
        reached.add(page)
        waiting += [one for one, _ in links_of(page) if one in PAGES and one not in reached]
    assert reached >= set(PAGES)


def test_the_readme_lists_the_demo_accounts() -> None:
    lines = (ROOT / "README.md").read_text("utf-8").splitlines()
    for person in PEOPLE:
        assert any(
            line.startswith(f"| {person.name} | {person.phone} | {person.pin} |") for line in lines
        )


def test_documents_name_no_machine_and_no_package_index() -> None:
    found = {page.name: FORBIDDEN.findall(page.read_text("utf-8")) for page in PAGES}
    assert not {name: hits for name, hits in found.items() if hits}


def catalogue(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file)


def test_every_sentence_of_the_templates_has_its_english_and_no_other(tmp_path: Path) -> None:
    template = tmp_path / "messages.pot"
    options = ["-q", "extract", "-F", str(ROOT / "babel.cfg"), "-o", str(template), str(ROOT)]
    CommandLineInterface().run(["pybabel", *options])
    asked = {one.id for one in catalogue(template) if one.id}
    translated = {one.id for one in catalogue(CATALOGUE) if one.id and one.string}
    assert (asked - translated, translated - asked) == (set(), set())


def test_the_english_keeps_the_placeholders() -> None:
    lost = [
        one.id
        for one in catalogue(CATALOGUE)
        if sorted(PLACEHOLDER.findall(str(one.id))) != sorted(PLACEHOLDER.findall(str(one.string)))
    ]
    assert not lost


def test_the_english_needs_no_escaping() -> None:
    # Templates put it into elements and attributes as it stands.
    assert not [
        one.string for one in catalogue(CATALOGUE) if one.id and set('<>&"') & set(one.string)
    ]


def test_the_catalogue_can_be_compiled() -> None:
    # The compiler passes over a catalogue without a header, or one marked as fuzzy, in silence.
    assert not catalogue(CATALOGUE).fuzzy
    assert not [one.id for one in catalogue(CATALOGUE) if one.id and one.fuzzy]
