"""For machines: alive, ready, and figures."""

import time
from typing import Any

from apiflask import APIBlueprint
from flask import Flask, Response, current_app, g, jsonify, request
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Histogram, generate_latest
from sqlalchemy import func, select, text

from server.core.jobs import Job
from server.runtime import runtime

bp = APIBlueprint("health", __name__, enable_openapi=False)


@bp.get("/livez")
def livez() -> dict[str, str]:
    """The process answers."""
    return {"status": "alive"}


@bp.get("/readyz")
def readyz() -> Response:
    """The stores answer too; 503 names the one that does not."""
    checks = {"database": _database_answers(), "bus": _bus_answers()}
    response = jsonify(status="ready" if all(checks.values()) else "not ready", checks=checks)
    if not all(checks.values()):
        response.status_code = 503
        response.headers["Retry-After"] = "2"
    return response


@bp.get("/metrics")
def metrics() -> Response:
    """Prometheus figures of this process, the pages that it holds, and the jobs by state."""
    registry: CollectorRegistry = g.metrics_registry
    held = current_app.extensions["guiyin.pages"].held
    lines = [generate_latest(registry).decode()]
    lines += [f"# TYPE guiyin_waiting_pages gauge\nguiyin_waiting_pages {held}\n"]
    lines += ["# TYPE guiyin_jobs gauge\n"]
    with runtime().db.read() as uow:
        counts = uow.session.execute(select(Job.state, func.count()).group_by(Job.state)).all()
    lines += [f'guiyin_jobs{{state="{state}"}} {count}\n' for state, count in counts]
    return Response("".join(lines), content_type=CONTENT_TYPE_LATEST)


def register(app: Flask) -> None:
    """Time every request by route, never by address, so that no id becomes a label."""
    registry = CollectorRegistry()
    seconds = Histogram(
        "guiyin_request_seconds", "Time to answer", ["endpoint", "status"], registry=registry
    )

    @app.before_request
    def start_the_watch() -> None:
        g.started, g.metrics_registry = time.perf_counter(), registry

    @app.after_request
    def note_the_time(response: Any) -> Any:
        if "started" in g:
            label = seconds.labels(request.endpoint or "none", str(response.status_code))
            label.observe(time.perf_counter() - g.started)
        return response


def _database_answers() -> bool:
    try:
        with runtime().db.read() as uow:
            uow.session.execute(text("SELECT 1"))
    except Exception:
        return False
    return True


def _bus_answers() -> bool:
    return bool(getattr(runtime().bus, "is_alive", True))
