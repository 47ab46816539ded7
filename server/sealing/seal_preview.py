"""The picture of a foreign seal, drawn anew; to be run in the sandbox (S-33, P-49)."""

import io
import warnings
from typing import Final

from PIL import Image, UnidentifiedImageError

from server.sealing.ses import SealPicture

LONGEST_SIDE: Final = 240
MOST_PIXELS: Final = 4_000_000
FORMATS: Final = ("PNG", "JPEG", "GIF", "BMP")


def seal_preview(picture: SealPicture, mark: bytes) -> bytes:
    """A PNG of at most 240 pixels a side, on white, under the rows of `mark` (a clear PNG).

    Empty for what is no picture that we draw (`SVG`, `ofd`) or one that cannot be read.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            with Image.open(io.BytesIO(picture.data), formats=FORMATS) as image:
                if image.width * image.height > MOST_PIXELS:
                    return b""
                shown = _on_white(image)
        except (Image.DecompressionBombWarning, Image.DecompressionBombError):
            return b""
        except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError):
            return b""
    with Image.open(io.BytesIO(mark), formats=("PNG",)) as rows:
        over = rows.convert("RGBA").resize(shown.size)
    shown.paste(over, mask=over.getchannel("A"))
    out = io.BytesIO()
    shown.save(out, "PNG", optimize=True)
    return out.getvalue()


def _on_white(image: Image.Image) -> Image.Image:
    image.load()
    seen = image.convert("RGBA")
    seen.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    fresh = Image.new("RGB", seen.size, "white")
    fresh.paste(seen, mask=seen.getchannel("A"))
    return fresh
