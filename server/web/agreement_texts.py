"""The texts that people agree to: a file for each version, kept so that it can be shown again."""

from functools import cache
from pathlib import Path

from flask import current_app

from server.accounts.consents import VERSIONS, Agreement
from server.web.language import is_english

TITLES: dict[Agreement, tuple[str, str]] = {
    Agreement.TERMS: ("用户注册协议", "User agreement"),
    Agreement.PRIVACY: ("用户隐私政策", "Privacy policy"),
    Agreement.FACE: ("人脸信息处理同意书", "Consent to the use of your face"),
    Agreement.ID_NUMBER: ("证件号码处理同意书", "Consent to the use of your document number"),
}
FOLDER = "agreements"


def title_of(kind: Agreement) -> str:
    """In the reader's language, without 《》."""
    return TITLES[kind][1 if is_english() else 0]


def text_of(kind: Agreement, version: str = "") -> str:
    """The template of a text in the reader's language; of the present version if none is named."""
    return f"{FOLDER}/{kind}-{version or VERSIONS[kind]}.{_language()}.html"


def changes_of(kind: Agreement) -> str | None:
    """The template that says what the present version has changed; None for the first one."""
    name = f"{kind}-{VERSIONS[kind]}.changes.{_language()}.html"
    return f"{FOLDER}/{name}" if (_folder() / name).exists() else None


def shown(kind: Agreement) -> dict[str, str | None]:
    """All that a page shows of a text that is to be accepted: `kind`, `title`, `version`, and the
    templates `text` and `changes`."""
    return {
        "kind": kind.value,
        "title": title_of(kind),
        "version": VERSIONS[kind],
        "text": text_of(kind),
        "changes": changes_of(kind),
    }


def versions_of(kind: Agreement) -> list[str]:
    """Every version of a text that has been in force, the newest first."""
    return _versions(_folder(), kind)


@cache
def _versions(folder: Path, kind: Agreement) -> list[str]:
    names = [file.name.removesuffix(".zh.html") for file in folder.glob(f"{kind}-*.zh.html")]
    dates = [name.removeprefix(f"{kind}-") for name in names if not name.endswith(".changes")]
    return sorted((date for date in dates if date <= VERSIONS[kind]), reverse=True)


def _folder() -> Path:
    return Path(str(current_app.template_folder)) / FOLDER


def _language() -> str:
    return "en" if is_english() else "zh"
