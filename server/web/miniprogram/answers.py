"""The form of every good answer of `/mp/v1`: WeChat's three fields, then its own."""

from datetime import datetime
from typing import Annotated, Any, Literal

from flask import g
from pydantic import BaseModel, Field, PlainSerializer

from server.web.times import local


class Answer(BaseModel):
    """`errcode` is 0 and `errmsg` is `ok`; `rid` is the number to quote when asking for help."""

    errcode: Literal[0] = 0
    errmsg: Literal["ok"] = "ok"
    rid: str = Field(default_factory=lambda: str(g.get("request_id", "")))


# A moment as the mini-program gets it: ISO 8601 on a Chinese wall clock, `…+08:00`.
Moment = Annotated[
    datetime,
    PlainSerializer(
        lambda at: local(at).isoformat(timespec="seconds"), return_type=str, when_used="always"
    ),
]

# How a route that answers with a picture is described.
PICTURE: dict[int | str, dict[str, str | dict[str, dict[str, Any]]]] = {
    200: {"description": "A picture", "content": {"image/png": {}}}
}
JPEG: dict[int | str, dict[str, str | dict[str, dict[str, Any]]]] = {
    200: {"description": "A picture", "content": {"image/jpeg": {}}}
}
PDF: dict[int | str, dict[str, str | dict[str, dict[str, Any]]]] = {
    200: {"description": "A PDF", "content": {"application/pdf": {}}}
}
