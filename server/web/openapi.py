"""The descriptions of the two interfaces, and pages to try them (P-15); no outside host."""

import re
from typing import Any

from apiflask import APIBlueprint, APIFlask
from flask import Response, current_app, jsonify, render_template
from flask_swagger_ui import get_swaggerui_blueprint

from server.web.permissions import NEEDS, Need

bp = APIBlueprint("openapi", __name__, enable_openapi=False)

PARTNER, MINI_PROGRAM = "/partner/v1/", "/mp/v1/"
TEXT, NUMBER = {"type": "string"}, {"type": "integer"}
WORDS = {
    "code": {"type": "string", "description": "stable; listed in docs/errors.md"},
    "detail": TEXT,
    "next_step": TEXT,
    "request_id": TEXT,
}
PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status", "code", "detail", "next_step"],
    "properties": {"type": TEXT, "title": TEXT, "status": NUMBER, **WORDS},
}
REFUSAL = {
    "type": "object",
    "required": ["errcode", "errmsg", "rid", "code", "detail", "next_step"],
    "properties": {
        "errcode": {
            "type": "integer",
            "minimum": 100_000,
            "maximum": 199_999,
            "description": "stable; listed in docs/api/miniprogram.md",
        },
        "errmsg": TEXT,
        "rid": TEXT,
        **WORDS,
    },
}
# What a refusal looks like: its schema and its media type, by the interface.
REFUSALS = {
    PARTNER: ("Problem", "application/problem+json"),
    MINI_PROGRAM: ("Refusal", "application/json"),
}
IDEMPOTENCY_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "a name of this request; the same name again changes nothing more",
    "schema": {"type": "string", "pattern": "^[!-~]{1,128}$"},
}


@bp.get("/docs/")
def page() -> str:
    """The partner interface as a page, with a way to try each call."""
    return render_template("desktop/api.html", spec="/openapi.json")


@bp.get("/docs/miniprogram")
def mini_program_page() -> str:
    """The same for the mini-program's."""
    return render_template("desktop/api.html", spec="/openapi/miniprogram.json")


@bp.get("/openapi.json")
def spec() -> Response:
    """OpenAPI 3 of `/partner/v1`."""
    return jsonify(described(PARTNER))


@bp.get("/openapi/miniprogram.json")
def mini_program_spec() -> Response:
    """OpenAPI 3 of `/mp/v1`."""
    return jsonify(described(MINI_PROGRAM))


def described(prefix: str) -> dict[str, Any]:
    """The description of the routes below `prefix`, with the schemas that they name."""
    app: Any = current_app
    whole: dict[str, Any] = app.spec
    paths = {path: one for path, one in whole["paths"].items() if path.startswith(prefix)}
    used = {tag for one in paths.values() for call in one.values() for tag in call["tags"]}
    return {
        **whole,
        "tags": [tag for tag in whole.get("tags", []) if tag["name"] in used],
        "paths": paths,
        "components": {**whole["components"], "schemas": _named_by(paths, whole)},
    }


def register(app: APIFlask, public_url: str) -> None:
    """Describe the keys, and the refusal that every call may answer with."""
    app.config["OPENAPI_VERSION"] = "3.1.0"
    # Without it the library writes down, for everybody, the host that the first caller named.
    app.servers = [{"url": public_url}]
    app.security_schemes = {"ApiKey": {"type": "http", "scheme": "bearer"}}

    @app.spec_processor
    def add_refusals(described: Any) -> Any:
        schemas = described.setdefault("components", {}).setdefault("schemas", {})
        schemas |= {"Problem": PROBLEM, "Refusal": REFUSAL}
        described["security"] = [{"ApiKey": []}]
        free = _without_a_key(app)
        for path, calls in described.get("paths", {}).items():
            for method, operation in calls.items():
                _complete(path, method, operation)
                if (path, method) in free:
                    operation["security"] = []
        return described

    app.register_blueprint(bp)
    # Its own page starts by an inline script, which our policy forbids: only its files are used.
    app.register_blueprint(get_swaggerui_blueprint("/docs/assets", "/openapi.json"))


def _complete(path: str, method: str, operation: dict[str, Any]) -> None:
    prefix = MINI_PROGRAM if path.startswith(MINI_PROGRAM) else PARTNER
    operation["responses"] = _answers(operation["responses"], *REFUSALS[prefix])
    if "requestBody" in operation:
        operation["requestBody"]["required"] = True
    if prefix == MINI_PROGRAM and method == "post":
        operation.setdefault("parameters", []).append(IDEMPOTENCY_KEY)


def _without_a_key(app: APIFlask) -> set[tuple[str, str]]:
    """Path and method of every call that asks for nothing, as the table of permissions says."""
    return {
        (re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule), method.lower())
        for rule in app.url_map.iter_rules()
        if NEEDS.get(rule.endpoint) == Need.NOTHING
        for method in rule.methods or ()
    }


def _answers(responses: dict[str, Any], name: str, kind: str) -> dict[str, Any]:
    reference = {"schema": {"$ref": f"#/components/schemas/{name}"}}
    refusal = {"description": "A refusal", "content": {kind: reference}}
    kept = {status: one for status, one in responses.items() if str(status).startswith("2")}
    return {**kept, "4XX": refusal, "5XX": refusal}


def _named_by(paths: dict[str, Any], whole: dict[str, Any]) -> dict[str, Any]:
    """The schemas that these paths need, and those that they need in turn."""
    schemas, found = whole["components"]["schemas"], set[str]()
    waiting: list[Any] = [paths]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            name = str(one.get("$ref", "")).rpartition("/")[2]
            if name in schemas and name not in found:
                found.add(name)
                waiting.append(schemas[name])
            waiting += one.values()
        elif isinstance(one, list):
            waiting += one
    return {name: one for name, one in schemas.items() if name in found}
