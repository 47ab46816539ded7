"""What WeChat pushes to us: tried by GET, told by POST, answered at once, worked off by a job."""

from apiflask import APIBlueprint
from flask import Response, request

from server.accounts.jobs import PushDesk
from server.core.errors import NotFound
from server.providers.wechat.push import LARGEST, PushReader
from server.runtime import runtime

bp = APIBlueprint("wechat_push", __name__, url_prefix="/wx", enable_openapi=False)

# Whatever else the answer were, WeChat would send the same again, three times in all.
TAKEN = "success"


@bp.get("/push")
def echo() -> Response:
    """WeChat's console tries the address: a signed text comes back as it is."""
    return Response(_reader().echo(request.args), mimetype="text/plain")


@bp.post("/push")
def take() -> Response:
    """One push. PushRefused, PushUnreadable, PushTooLarge; 404 where no push token is set."""
    reader, parts = _reader(), runtime()
    request.max_content_length = LARGEST
    event = reader.read(request.args, request.content_type or "", request.get_data())
    PushDesk(parts.db, parts.providers.keys, parts.settings.wechat_appid).take(event)
    return Response(TAKEN, mimetype="text/plain")


def _reader() -> PushReader:
    reader = runtime().wechat_pushes
    if reader is None:
        raise NotFound()
    return reader
