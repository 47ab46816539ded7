"""Development only: the text messages that the double has "sent"."""

from apiflask import APIBlueprint
from flask import render_template

from server.core.errors import NotFound
from server.providers.sms.console import ConsoleSms
from server.runtime import runtime

bp = APIBlueprint("development", __name__, url_prefix="/dev", enable_openapi=False)


@bp.get("/outbox")
def outbox() -> str:
    """The SMS that arrived, newest first."""
    sms = runtime().providers.sms
    if not isinstance(sms, ConsoleSms):
        raise NotFound()
    messages = [{"at": one.sent_at, "phone": one.phone, "text": one.text} for one in sms.messages()]
    return render_template("dev/outbox.html", messages=messages)
