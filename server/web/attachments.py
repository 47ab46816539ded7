"""Handing out PDF files under names that no header can be broken with."""

from hashlib import sha256
from typing import BinaryIO
from urllib.parse import quote

from flask import Response

from server.documents.models import Document
from server.providers.storage import BlobDamaged, Storage

CHUNK = 256 * 1024


def pdf_response(storage: Storage, document: Document, *, inline: bool) -> Response:
    """The stored bytes, named by RFC 6266 with RFC 8187 for Chinese (S-43).

    They are looked through first, as other bytes must not be shown, nor handed out as sealed
    (S-36): a page on plain http cannot check a digest itself. Raises BlobDamaged.
    """
    stream = _checked(storage.open(document.digest), document.digest)
    response = Response(iter(lambda: stream.read(CHUNK), b""), mimetype="application/pdf")
    response.call_on_close(stream.close)
    response.headers["Content-Length"] = str(document.size)
    response.headers["Content-Disposition"] = disposition(document.name, inline=inline)
    return response


def _checked(stream: BinaryIO, digest: str) -> BinaryIO:
    found = sha256()
    while chunk := stream.read(CHUNK):
        found.update(chunk)
    if found.hexdigest() != digest:
        stream.close()
        raise BlobDamaged(digest=digest)
    stream.seek(0)
    return stream


def disposition(name: str, *, inline: bool) -> str:
    """A Content-Disposition of ASCII only, whatever the name holds."""
    kind = "inline" if inline else "attachment"
    return f"{kind}; filename=\"document.pdf\"; filename*=UTF-8''{quote(name, safe='')}"
