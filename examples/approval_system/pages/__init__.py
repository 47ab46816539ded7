"""The pages of the demo approval system, one file per menu."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from flask import current_app

from examples.approval_system.files import FileStore
from examples.approval_system.filings import FilingStore
from examples.approval_system.scan_login import ScanLoginDesk
from examples.approval_system.signing import SigningDesk


@dataclass(frozen=True)
class Stores:
    """What the pages work on; made once by `create_app`."""

    files: FileStore
    filings: FilingStore
    desk: SigningDesk
    logins: ScanLoginDesk


def stores() -> Stores:
    """The stores of the running application."""
    return cast(Stores, current_app.extensions["stores"])


def own_path(values: Mapping[str, str]) -> str:
    """Where to go on: only a path of our own; `//host` and `/\\host` would leave us."""
    path = values.get("next", "")
    own = path.startswith("/") and not path.startswith(("//", "/\\"))
    return path if own and path.isprintable() else ""
