"""Text to QR picture: the modules as text, SVG or PNG, always of one size."""

from io import BytesIO
from typing import Final

from PIL import Image
from qrcode.constants import ERROR_CORRECT_M
from qrcode.main import QRCode
from qrcode.util import QRData

from qr_session.errors import TextTooLong

VERSION = 7
MODULES = 17 + 4 * VERSION
MOST_BYTES = 122
"""What version 7 holds at level M in byte mode (ISO/IEC 18004, table 7)."""

QUIET_ZONE = 4
_BYTE_MODE: Final = 4
# One mask for all, so that frames of an animation differ only where their text does, and no time
# goes into choosing. Readers accept any; this one had the lowest mean penalty over our addresses.
_MASK = 2


def modules(text: str) -> list[str]:
    """The 45 rows of 45 modules, `1` for dark, without the quiet zone of 4.

    Version 7, level M, fixed mask. Raises TextTooLong above 122 bytes.
    """
    raw = text.encode()
    if len(raw) > MOST_BYTES:
        raise TextTooLong
    code = QRCode(version=VERSION, error_correction=ERROR_CORRECT_M, mask_pattern=_MASK, border=0)
    code.add_data(QRData(raw, mode=_BYTE_MODE), optimize=0)
    code.make(fit=False)
    return ["".join("1" if dark else "0" for dark in row) for row in code.get_matrix()]


def svg(text: str) -> str:
    """A standalone SVG: black on a white plate with its quiet zone, one path, any size crisp."""
    side = MODULES + 2 * QUIET_ZONE
    path = "".join(
        f"M{start + QUIET_ZONE} {y}h{length}v1h-{length}z"
        for y, row in enumerate(modules(text), QUIET_ZONE)
        for start, length in _dark_runs(row)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}"'
        ' shape-rendering="crispEdges">'
        f'<path fill="#fff" d="M0 0h{side}v{side}H0z"/><path d="{path}"/></svg>'
    )


def png(text: str, *, scale: int = 8) -> bytes:
    """A PNG of one bit a pixel, `scale` pixels a module, with its quiet zone."""
    side = MODULES + 2 * QUIET_ZONE
    picture = Image.new("1", (side, side), 1)
    for y, row in enumerate(modules(text), QUIET_ZONE):
        for x, module in enumerate(row, QUIET_ZONE):
            if module == "1":
                picture.putpixel((x, y), 0)
    out = BytesIO()
    picture.resize((side * scale, side * scale), Image.Resampling.NEAREST).save(out, "PNG")
    return out.getvalue()


def _dark_runs(row: str) -> list[tuple[int, int]]:
    """(start, length) of each run of dark modules in a row."""
    runs, start = [], 0
    while (start := row.find("1", start)) >= 0:
        end = row.find("0", start)
        end = len(row) if end < 0 else end
        runs.append((start, end - start))
        start = end
    return runs
