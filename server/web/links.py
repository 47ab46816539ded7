"""Short-lived links to files: signed, with their own end, worth nothing afterwards."""

from typing import Any

from itsdangerous import BadSignature, SignatureExpired, TimestampSigner, URLSafeTimedSerializer

from server.documents.errors import DocumentNotFound, LinkExpired
from server.runtime import runtime


def links_to(document_id: str) -> dict[str, Any]:
    """`url` to save and `view_url` to look at a file, both for `expires_in` seconds."""
    token = _serializer().dumps(document_id)
    url = f"/d/{token}"
    life = runtime().settings.download_link_seconds
    return {"url": url, "view_url": f"{url}?view=1", "expires_in": life}


def document_of(token: str) -> str:
    """The document id of a link; raises LinkExpired, DocumentNotFound."""
    try:
        found = _serializer().loads(token, max_age=runtime().settings.download_link_seconds)
    except SignatureExpired:
        raise LinkExpired() from None
    except BadSignature:
        raise DocumentNotFound() from None
    return str(found)


class ByOurClock(TimestampSigner):
    """Writes and judges times by the one clock."""

    def get_timestamp(self) -> int:
        return int(runtime().clock.now().timestamp())


def _serializer() -> URLSafeTimedSerializer:
    key = runtime().settings.link_key_bytes
    return URLSafeTimedSerializer(key, salt="download link", signer=ByOurClock)
