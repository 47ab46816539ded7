"""What the two PDF parsers raise on files that are put together wrongly."""

import struct
import zlib

import pikepdf
from pyhanko.pdf_utils.misc import PdfError

# Their own errors, and what Python raises when a string stands where a dictionary belongs.
MALFORMED = (
    pikepdf.PdfError,
    PdfError,
    zlib.error,
    struct.error,
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    ArithmeticError,
    AssertionError,
    NotImplementedError,
    OSError,
)
