"""The pages of the demo approval system, one file per menu."""

from dataclasses import dataclass
from typing import cast

from flask import current_app

from examples.approval_system.files import FileStore
from examples.approval_system.filings import FilingStore
from examples.approval_system.signing import SigningDesk


@dataclass(frozen=True)
class Stores:
    """What the pages work on; made once by `create_app`."""

    files: FileStore
    filings: FilingStore
    desk: SigningDesk


def stores() -> Stores:
    """The stores of the running application."""
    return cast(Stores, current_app.extensions["stores"])
