"""The page on which a person of the demo says who he is; no password, as nothing is proved."""

from urllib.parse import urlencode

from flask import Response, request
from markupsafe import Markup

from standins.demo_people import DEMO_PEOPLE

PAGE = Markup(
    '<!doctype html><html lang="zh-CN"><meta charset="utf-8">'
    '<meta name="viewport" content="width=device-width, initial-scale=1">'
    "<title>{title}</title><h1>{title}</h1>"
    "<p>演示替身，仅用于开发。A stand-in for development: choose who you are.</p>"
    "<ul>{people}</ul><p><a href='{declined}'>取消 Cancel</a></p></html>"
)
LINE = Markup("<li><p><a href='{href}'>{name} {phone}</a></p>")


def choosing(title: str) -> Response:
    """A link for each person: the same address, with `person` added."""
    asked = request.args.to_dict()
    lines = [
        LINE.format(href=_chosen(asked, one.id), name=one.name, phone=one.phone)
        for one in DEMO_PEOPLE
    ]
    declined = _chosen(asked, "nobody")
    page = PAGE.format(title=title, people=Markup("").join(lines), declined=declined)
    return Response(page, content_type="text/html; charset=utf-8")


def _chosen(asked: dict[str, str], person_id: str) -> str:
    return "?" + urlencode({**asked, "person": person_id})
