"""Chinese first, English on request: `?lang=en`, then the cookie, then Accept-Language."""

from flask import Flask, has_request_context, request
from flask_babel import Babel

CHINESE, ENGLISH = "zh_Hans_CN", "en"
COOKIE = "lang"


def locale() -> str:
    """The language of this request."""
    if not has_request_context():
        return CHINESE
    asked = request.args.get("lang") or request.cookies.get(COOKIE)
    if asked is None:
        asked = request.accept_languages.best_match(["zh", "en"], default="zh")
    return ENGLISH if str(asked).startswith("en") else CHINESE


def is_english() -> bool:
    """Whether this request is answered in English rather than in Chinese."""
    return locale() == ENGLISH


def register(app: Flask) -> None:
    """Wire the locale, and keep an explicit choice in a cookie for a year."""
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(app.config["TRANSLATIONS"])
    Babel(app, default_locale=CHINESE, locale_selector=locale)

    @app.after_request
    def keep_choice(response):  # type: ignore[no-untyped-def]
        asked = request.args.get("lang")
        if asked in ("zh", "en"):
            response.set_cookie(
                COOKIE, asked, max_age=31_536_000, samesite="Lax", secure=request.is_secure
            )
        return response
