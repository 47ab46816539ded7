"""A picture of one page, as a person will read it before sealing."""

import io

import pypdfium2

from server.sealing.errors import PageOutside, PdfTooComplex

WIDTH = 800
TALLEST = 4000


def page_picture(data: bytes, page: int, pixels: int = WIDTH) -> bytes:
    """PNG of a page (from 1), `pixels` wide, at most 4,000 high; to be run in the sandbox.

    Raises PageOutside, PdfTooComplex.
    """
    document = pypdfium2.PdfDocument(data)
    try:
        if not 1 <= page <= len(document):
            raise PageOutside(page=page, pages=len(document))
        sheet = document[page - 1]
        width, height = sheet.get_size()
        if width <= 0 or height <= 0:
            raise PdfTooComplex()
        scale = min(pixels / width, TALLEST / height)
        picture = sheet.render(scale=scale, may_draw_forms=False).to_pil()
        out = io.BytesIO()
        picture.convert("RGB").save(out, "PNG", optimize=False)
        return out.getvalue()
    finally:
        document.close()
