"""Pages that wait, at the product and at its peer, and the phones that scan their codes."""

import secrets
import shutil
import signal
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from redis import Redis

from bench.load import request
from qr_session import Purpose, QrSessionService
from server.web.identity import BROWSER_COOKIE, PHONE_COOKIE
from server.web.pages.phone import SCAN_COOKIE
from tests import services
from tests.cluster.pages import Pages
from tests.cluster.people import Crowd
from tests.cluster.stack import ROOT, Cluster, Program, front_of, wait_until_ready
from tests.factories.pdf import make_pdf
from tests.factories.product import WEI

OPEN_SECONDS = 30
# nginx lets one address have 400 connections; all of 127/8 is this machine.
PAGES_OF_AN_ADDRESS = 300
# A process that is busy for a second with newcomers takes Redis for silent, and refuses some.
PAGES_AT_ONCE = 50
SESSION_MS = 600_000
BROWSER = "browser-of-the-phone"


@dataclass(frozen=True)
class Seat:
    """A page that can be opened, and the request of a phone that scans its code."""

    id: str
    ticket: str
    scan: str


class Stand(Protocol):
    """Two processes behind nginx, with Redis: what is measured."""

    base: str
    port: int

    def servers(self) -> list[int]:
        """The processes that hold the pages, after they have thrown away what is garbage."""

    def seats(self, count: int) -> Iterator[Seat]:
        """So many new sessions."""


@contextmanager
def held(stand: Stand, count: int) -> Iterator[tuple[Pages, list[Seat]]]:
    """So many pages that wait, each with the stock client, and all with their first state."""
    seats = list(stand.seats(count))
    pages = Pages(stand.base)
    try:
        for first in range(0, count, PAGES_AT_ONCE):
            for number, seat in enumerate(seats[first : first + PAGES_AT_ONCE], first):
                address = f"127.0.0.{2 + number // PAGES_OF_AN_ADDRESS}"
                pages.open(seat.id, seat.ticket, address=address)
            if not pages.show({seat.id: "pending" for seat in seats[: number + 1]}, OPEN_SECONDS):
                raise RuntimeError("some pages did not get their first state")
        yield pages, seats
    finally:
        pages.close()


class Product:
    """Our two gevent processes; its sessions are of one task, and one phone scans them all."""

    def __init__(self, cluster: Cluster, crowd: Crowd) -> None:
        self.base, self.port = cluster.base, int(cluster.base.rsplit(":", 1)[1])
        self._cluster = cluster
        self._task = crowd.partner().task(make_pdf())["id"]
        phone = crowd.phone(WEI)
        known = {BROWSER_COOKIE: BROWSER, PHONE_COOKIE: phone.client.client.cookies[PHONE_COOKIE]}
        self._known = [f"{name}={one}" for name, one in known.items()]

    def servers(self) -> list[int]:
        return [web.children()[0] for web in self._cluster.webs]

    def seats(self, count: int) -> Iterator[Seat]:
        with self._cluster.sessions() as service:
            for _ in range(count):
                yield self._seat(service)

    def _seat(self, service: QrSessionService) -> Seat:
        made = service.create(purpose=Purpose.SIGN, subject=self._task)
        token = service.open_page(made.id, made.open_token or "")
        text = service.frames(made.id, token, count=1)[0].text
        ticket = service.resolve(text, holder=BROWSER).ticket
        cookies = "; ".join([*self._known, f"{SCAN_COOKIE}={ticket}"])
        path = f"/m/qr/{made.id}/scan"
        scan = request("POST", path, {}, Cookie=cookies, Origin=self.base)
        return Seat(made.id, service.watch_ticket(made.id, token), scan)


class Peer:
    """Two processes of Node.js with the stock server of socket.io and its adapter for Redis."""

    def __init__(self, base: str, redis_url: str, programs: list[Program]) -> None:
        self.base, self.port = base, int(base.rsplit(":", 1)[1])
        self._redis_url = redis_url
        self._programs = programs

    def servers(self) -> list[int]:
        found = [one.process for one in self._programs if one.process is not None]
        for process in found:
            process.send_signal(signal.SIGUSR2)
        return [process.pid for process in found]

    def seats(self, count: int) -> Iterator[Seat]:
        with Redis.from_url(self._redis_url) as redis:
            for _ in range(count):
                name = secrets.token_urlsafe(12)
                redis.set(f"peer:{name}", "pending", px=SESSION_MS)
                yield Seat(name, name, request("POST", f"/scan/{name}", {}))


@contextmanager
def peer_at(folder: Path, redis_url: str) -> Iterator[Peer]:
    """The peer behind an nginx of its own, with the file that ours has."""
    node = shutil.which("node") or services.missing("Node.js")
    if not (ROOT / "node_modules" / "socket.io").is_dir():
        services.missing("socket.io (./test fetches it)")
    ports = [services.free_port() for _ in range(3)]
    base, log = f"http://127.0.0.1:{ports[0]}", folder / "peer.txt"
    script = str(ROOT / "bench" / "peer.mjs")
    programs = [
        Program([node, "--expose-gc", script, str(port), redis_url], {}, log) for port in ports[1:]
    ]
    front = front_of(folder / "peer-nginx", ports, log)
    with ExitStack() as running:
        for program in (*programs, front):
            program.start()
            running.callback(program.stop)
        for port, program in zip(ports[1:], programs, strict=True):
            wait_until_ready(f"http://127.0.0.1:{port}", program)
        wait_until_ready(base, front)
        yield Peer(base, redis_url, programs)
