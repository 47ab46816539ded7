"""Handing out PDF files under names that no header can be broken with."""

from urllib.parse import quote

from flask import Response

from server.documents.models import Document
from server.providers.storage import Storage

CHUNK = 256 * 1024


def pdf_response(storage: Storage, document: Document, *, inline: bool) -> Response:
    """The stored bytes, named by RFC 6266 with RFC 8187 for Chinese (S-43)."""
    stream = storage.open(document.digest)
    response = Response(iter(lambda: stream.read(CHUNK), b""), mimetype="application/pdf")
    response.call_on_close(stream.close)
    response.headers["Content-Length"] = str(document.size)
    response.headers["Content-Disposition"] = disposition(document.name, inline=inline)
    return response


def disposition(name: str, *, inline: bool) -> str:
    """A Content-Disposition of ASCII only, whatever the name holds."""
    kind = "inline" if inline else "attachment"
    return f"{kind}; filename=\"document.pdf\"; filename*=UTF-8''{quote(name, safe='')}"
