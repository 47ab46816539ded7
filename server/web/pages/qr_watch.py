"""What every page that shows a login code asks for: its state, the news, frames, another phone."""

from collections.abc import Callable
from typing import Any

from apiflask import APIBlueprint
from flask import request

from qr_session import PageView
from server.accounts.qr_login import CodePage
from server.runtime import runtime
from server.web.identity import browser_of
from server.web.pages.shapes import frames_dict, qr_dict

LONGEST_WAIT = 25.0
Answer = dict[str, Any]


def state(held: CodePage) -> Answer:
    """The present state, read afresh."""
    return shown(held.view())


def events(held: CodePage) -> Answer:
    """Long poll: the state as soon as its `seq` is past `after`, or after `wait` seconds."""
    after, wait = request.args.get("after", 0, int), request.args.get("wait", LONGEST_WAIT, float)
    seconds, qr = max(0.0, min(wait, LONGEST_WAIT)), runtime().qr_sessions
    return shown(qr.wait(held.session_id, held.token, after=after, seconds=seconds))


def ticket(held: CodePage) -> Answer:
    """A minute's proof for the websocket that the page's token is held here, in this browser."""
    holder = browser_of(request.environ, runtime().settings)
    given = runtime().qr_sessions.watch_ticket(held.session_id, held.token, holder=holder)
    return {"ticket": given}


def frames(held: CodePage) -> Answer:
    """The next frames of the QR with their times."""
    return frames_dict(runtime().qr_sessions.frames(held.session_id, held.token))


def refresh(held: CodePage) -> Answer:
    """刷新二维码: a new generation of the same session."""
    return shown(runtime().qr_sessions.refresh(held.session_id, held.token))


def another_phone(held: CodePage) -> Answer:
    """Take the session back from the phone that scanned it."""
    return shown(runtime().qr_sessions.use_another_phone(held.session_id, held.token))


def not_me(held: CodePage) -> Answer:
    """不是我: somebody else's phone has scanned; the session ends."""
    return shown(held.not_me(runtime().db))


ACTS: tuple[tuple[str, Callable[[CodePage], Answer]], ...] = (
    ("GET", state),
    ("GET", events),
    ("POST", ticket),
    ("GET", frames),
    ("POST", refresh),
    ("POST", another_phone),
    ("POST", not_me),
)


def add_watching(bp: APIBlueprint, page_of: Callable[..., CodePage]) -> None:
    """Give a blueprint these addresses; `page_of` takes what the address names."""

    def on_page(act: Callable[[CodePage], Answer]) -> Callable[..., Answer]:
        return lambda **place: act(page_of(**place))

    for method, act in ACTS:
        path, name = f"/{act.__name__.replace('_', '-')}", act.__name__
        bp.add_url_rule(path, name, on_page(act), methods=[method])


def shown(view: PageView) -> Answer:
    """A page's whole state, with the server's time."""
    return {"qr": qr_dict(view), "now": runtime().clock.now().isoformat()}
