"""Reading a QR code out of a photo; to be run in the sandbox, as any foreign picture is."""

import io
import warnings

import zxingcpp
from PIL import Image, UnidentifiedImageError

LARGEST_PIXELS = 25_000_000


def read_qr(photo: bytes) -> str | None:
    """The text of the first QR code in a JPEG, PNG or WebP, or None.

    A picture that cannot be read, or has more than 25 million pixels, holds no code either.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(photo), formats=("JPEG", "PNG", "WEBP")) as picture:
                if picture.width * picture.height > LARGEST_PIXELS:
                    return None
                grey = picture.convert("L")
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombWarning):
        return None
    only_qr = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
    found = zxingcpp.read_barcodes(grey, formats=only_qr)
    return found[0].text if found else None
