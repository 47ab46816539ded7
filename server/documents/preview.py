"""Pictures of pages for the phone: drawn in the child from the very bytes that will be sealed."""

import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from server.providers.storage import Storage
from server.sealing.page_picture import page_picture
from server.sealing.sandbox import Sandbox


@dataclass(frozen=True)
class Previews:
    """PNG pictures by document digest and page; a digest never changes, so neither does one."""

    storage: Storage
    sandbox: Sandbox
    folder: Path

    def page(self, digest: str, page: int) -> bytes:
        """PNG of a page (from 1), 800 pixels wide. Raises PageOutside, PdfTooComplex."""
        kept = self.folder / digest[:2] / f"{digest}-{page}.png"
        if kept.is_file():
            return kept.read_bytes()
        picture = self.sandbox.run(page_picture, self.storage.get(digest), page)
        kept.parent.mkdir(parents=True, exist_ok=True)
        # Two requests may draw the same page; each writes a whole file of its own first.
        fresh = kept.with_suffix(f".{secrets.token_hex(4)}.tmp")
        fresh.write_bytes(picture)
        os.replace(fresh, kept)
        return picture
