"""CPU of making a QR session over HTTP; the peer is a Flask route that only answers.

Run: python -m bench.qr_create. Both routes are of one application on one gunicorn, with the file
that production has; only connections are kept, as making them costs both the same. Then what the
product's own routes take, with PostgreSQL and Redis, as production runs them.
"""

import os
import signal
import statistics
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.figures import cpu_of, report
from bench.load import load, request
from tests import services
from tests.cluster.people import Crowd
from tests.cluster.stack import Cluster, Program, cluster_at
from tests.factories.pdf import make_pdf
from tests.qr_session.patience import within

BOUND = 2.5
ROUNDS, REQUESTS, TASKS = 5, 1000, 200
PATHS = ("/sessions", "/bare")
START_SECONDS = 20


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        mine, peer = create_and_bare(folder, ROUNDS, REQUESTS)
        what = f"CPU of create {mine * 1e6:.0f} µs against {peer * 1e6:.0f} of a bare route"
        good = report(what, mine / peer, BOUND)
        with cluster_at(folder) as cluster:
            for route, each in product_routes(cluster, TASKS).items():
                print(f"     CPU of {route} {each * 1e6:.0f} µs: {each / peer:.1f} bare routes")
    sys.exit(not good)


def create_and_bare(folder: Path, rounds: int, requests: int) -> tuple[float, float]:
    """CPU seconds of a request to each route: the medians of rounds in alternate order."""
    texts = {path: [request("POST", path, {"subject": "task-1"})] * requests for path in PATHS}
    spent: dict[str, list[float]] = {path: [] for path in PATHS}
    with services.redis_at(folder) as redis, small_server(folder, redis.url) as (port, server):
        for path in PATHS:
            load(port, texts[path])
        for number in range(rounds):
            for path in PATHS if number % 2 else reversed(PATHS):
                _, each = measured(server, port, texts[path])
                spent[path].append(each)
    return statistics.median(spent["/sessions"]), statistics.median(spent["/bare"])


def product_routes(cluster: Cluster, tasks: int) -> dict[str, float]:
    """CPU seconds of one web process for each call that a task begins with."""
    crowd = Crowd(cluster)
    body = {"document_id": crowd.partner().ready_document(make_pdf()), "title": "在线签章"}
    crowd.leave()
    key = {"Authorization": f"Bearer {cluster.key}"}
    create = request("POST", "/partner/v1/signing-tasks", body, **key)
    server, port = cluster.webs[0].children()[0], cluster.ports[0]
    load(port, [create] * 16)
    made, create_cpu = measured(server, port, [create] * tasks)
    openings = [_opening(one["open_url"], cluster.base) for one in made]
    _, open_cpu = measured(server, port, openings)
    return {"create_signing_task": create_cpu, "open_page": open_cpu}


def measured(server: int, port: int, texts: list[str]) -> tuple[list[dict[str, str]], float]:
    """The answers, and CPU seconds of the server for each of them."""
    before = cpu_of(server)
    answers = load(port, texts)
    return answers, (cpu_of(server) - before) / len(texts)


def _opening(open_url: str, origin: str) -> str:
    """What the page sends that the partner's user was led to."""
    path, token = open_url.removeprefix(origin).split("#")
    return request("POST", f"{path}/open", {"open_token": token}, Origin=origin)


@contextmanager
def small_server(folder: Path, redis_url: str) -> Iterator[tuple[int, int]]:
    """The small application as production would serve it: its port and its process."""
    port = services.free_port()
    command = [sys.executable, "-m", "gunicorn", "--config", "deploy/gunicorn_production.py"]
    command += ["--bind", f"127.0.0.1:{port}", "--keep-alive", "30"]
    command += [f'bench.create_app:make("{redis_url}")']
    program = Program(command, dict(os.environ), folder / "small.txt")
    program.start()
    try:
        if not within(START_SECONDS, lambda: services.listens(port) and bool(program.children())):
            raise RuntimeError((folder / "small.txt").read_text()[-1000:])
        yield port, program.children()[0]
    finally:
        program.stop(signal.SIGKILL)


if __name__ == "__main__":
    main()
