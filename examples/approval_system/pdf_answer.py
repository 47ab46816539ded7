"""Answering with a PDF, to be looked at or to be kept."""

from pathlib import Path

from flask import send_file
from werkzeug.wrappers import Response


def send_pdf(path: Path, name: str, *, as_attachment: bool) -> Response:
    """The file under its own name, Chinese letters included."""
    response = send_file(
        path,
        mimetype="application/pdf",
        as_attachment=as_attachment,
        download_name=name,
        conditional=False,
    )
    # The browser's own viewer is an embedded object with styles of its own; scripts stay shut.
    response.headers["Content-Security-Policy"] = (
        "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'"
    )
    return response
