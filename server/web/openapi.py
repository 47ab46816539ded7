"""The description of the partner interface, and a page to try it (P-15); no outside host."""

from typing import Any

from apiflask import APIBlueprint, APIFlask
from flask import Response, current_app, jsonify, render_template
from flask_swagger_ui import get_swaggerui_blueprint

bp = APIBlueprint("openapi", __name__, enable_openapi=False)

PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status", "code", "detail", "next_step"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string", "description": "stable; listed in docs/errors.md"},
        "detail": {"type": "string"},
        "next_step": {"type": "string"},
        "request_id": {"type": "string"},
    },
}


@bp.get("/docs/")
def page() -> str:
    """The description as a page, with a way to try each call."""
    return render_template("desktop/api.html")


@bp.get("/openapi.json")
def spec() -> Response:
    """OpenAPI 3 of `/partner/v1`."""
    app: Any = current_app
    return jsonify(app.spec)


def register(app: APIFlask) -> None:
    """Describe the key, and the problem that every call may answer with."""
    app.config["OPENAPI_VERSION"] = "3.1.0"
    app.security_schemes = {"ApiKey": {"type": "http", "scheme": "bearer"}}

    @app.spec_processor
    def add_problems(described: Any) -> Any:
        described.setdefault("components", {}).setdefault("schemas", {})["Problem"] = PROBLEM
        reference = {"schema": {"$ref": "#/components/schemas/Problem"}}
        answer = {"description": "A problem", "content": {"application/problem+json": reference}}
        described["security"] = [{"ApiKey": []}]
        for path in described.get("paths", {}).values():
            for operation in path.values():
                if isinstance(operation, dict) and "responses" in operation:
                    operation["responses"] = _answers(operation["responses"], answer)
                    if "requestBody" in operation:
                        operation["requestBody"]["required"] = True
        return described

    app.register_blueprint(bp)
    # Its own page starts by an inline script, which our policy forbids: only its files are used.
    app.register_blueprint(get_swaggerui_blueprint("/docs/assets", "/openapi.json"))


def _answers(responses: dict[str, Any], problem: dict[str, Any]) -> dict[str, Any]:
    kept = {status: one for status, one in responses.items() if str(status).startswith("2")}
    return {**kept, "4XX": problem, "5XX": problem}
