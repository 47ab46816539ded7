"""Photos that people hand in, decoded and drawn anew; to be run in the sandbox (S-33, S-34)."""

import io
import warnings
from dataclasses import dataclass
from typing import Final

from PIL import Image, ImageOps, UnidentifiedImageError

from server.sealing.errors import NotAPicture, PictureDamaged, PictureTooLarge

LARGEST_PIXELS: Final = 25_000_000
# Letters on a document's photo are read well at this size, and it keeps what is stored small.
LONGEST_SIDE: Final = 3000
QUALITY: Final = 88


@dataclass(frozen=True)
class CleanPicture:
    """A JPEG that holds pixels and nothing else; `width` and `height` in pixels."""

    data: bytes
    width: int
    height: int


def clean_picture(content: bytes) -> CleanPicture:
    """The first picture of a JPEG or PNG as a JPEG of our own, upright, on white, in RGB.

    Whatever else the file holds stays behind: places and times of EXIF, comments, profiles,
    further frames, bytes after the end. Raises NotAPicture, PictureDamaged, PictureTooLarge.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        pixels = _decoded(content)
    out = io.BytesIO()
    pixels.save(out, "JPEG", quality=QUALITY)
    return CleanPicture(out.getvalue(), *pixels.size)


def _decoded(content: bytes) -> Image.Image:
    try:
        with Image.open(io.BytesIO(content), formats=("JPEG", "PNG")) as picture:
            if picture.width * picture.height > LARGEST_PIXELS:
                raise PictureTooLarge(most_pixels=LARGEST_PIXELS)
            picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
            return _redrawn(picture)
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):
        raise PictureTooLarge(most_pixels=LARGEST_PIXELS) from None
    except UnidentifiedImageError:
        raise NotAPicture() from None
    except (OSError, ValueError, SyntaxError, EOFError):
        raise PictureDamaged() from None


def _redrawn(picture: Image.Image) -> Image.Image:
    """The pixels on an image of their own, which has no notes of the old one."""
    picture.load()
    upright = ImageOps.exif_transpose(picture)
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    if upright.mode.startswith("I"):  # 16 bits of grey, which RGB would cut off at white
        upright = upright.point(lambda value: value / 256).convert("L")
    fresh = Image.new("RGB", upright.size, "white")
    if upright.has_transparency_data:
        seen = upright.convert("RGBA")
        fresh.paste(seen, mask=seen.getchannel("A"))
    else:
        fresh.paste(upright.convert("RGB"))
    return fresh
