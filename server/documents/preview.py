"""Pictures of pages for the phone: drawn in the child from the very bytes that will be sealed."""

import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from server.providers.storage import Storage
from server.sealing.page_picture import WIDTH, page_picture
from server.sealing.sandbox import Sandbox

# A few widths and no others: each is kept, and nobody may fill the disk by asking for all.
WIDTHS = (400, WIDTH, 1600)


def width_for(asked: int) -> int:
    """The smallest width, in pixels, in which nothing of what was asked for is lost."""
    return next((one for one in WIDTHS if one >= asked), WIDTHS[-1])


@dataclass(frozen=True)
class Previews:
    """PNG pictures by document digest and page; a digest never changes, so neither does one."""

    storage: Storage
    sandbox: Sandbox
    folder: Path

    def page(self, digest: str, page: int, width: int = WIDTH) -> bytes:
        """PNG of a page (from 1), `width` pixels wide. Raises PageOutside, PdfTooComplex."""
        size = "" if width == WIDTH else f"-{width}"
        kept = self.folder / digest[:2] / f"{digest}-{page}{size}.png"
        if kept.is_file():
            return kept.read_bytes()
        picture = self.sandbox.run(page_picture, self.storage.get(digest), page, width)
        kept.parent.mkdir(parents=True, exist_ok=True)
        # Two requests may draw the same page; each writes a whole file of its own first.
        fresh = kept.with_suffix(f".{secrets.token_hex(4)}.tmp")
        fresh.write_bytes(picture)
        os.replace(fresh, kept)
        return picture
