"""From the phone's scan to the page's message, with many pages waiting; the peer is socket.io.

Run: python -m bench.push_latency. The product stands as in production: nginx, two web processes,
Redis, PostgreSQL; the peer has the same nginx and the same Redis and does only what it must. Pages
are the stock client. Ends with 1 when a single page is not told.
"""

import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from math import ceil, inf
from pathlib import Path
from threading import Event, Thread
from time import monotonic, monotonic_ns
from typing import Any

from redis import Redis

from bench.figures import cpu_of
from bench.load import Client
from bench.waiting import Product, Seat, Stand, held, peer_at
from tests.cluster.people import Crowd
from tests.cluster.stack import cluster_at

LAST_SECONDS = 10
CONNECTIONS = 16


@dataclass(frozen=True)
class Load:
    """So many pages wait, and so many of them are scanned, some each second."""

    pages: int = 500
    scans: int = 480
    per_second: float = 40


@dataclass
class Outcome:
    """Milliseconds from each scan to its page, how many pages should have been told, and CPU."""

    expected: int = 0
    waits: list[float] = field(default_factory=list)
    cpu: float = 0

    def add(self, other: "Outcome") -> None:
        self.expected += other.expected
        self.waits += other.waits
        self.cpu += other.cpu

    def at(self, share: float) -> float:
        """The wait that this share of the pages did not exceed."""
        waits = sorted(self.waits)
        return waits[ceil(share * len(waits)) - 1] if waits else inf

    @property
    def delivered(self) -> float:
        return len(self.waits) / self.expected

    def __str__(self) -> str:
        half, most = self.at(0.5), self.at(0.99)
        each = self.cpu / self.expected * 1e3
        return (
            f"p50 {half:.1f} ms, p99 {most:.1f} ms, {len(self.waits)} of {self.expected} told, "
            f"{each:.1f} ms of CPU each"
        )


def main() -> None:
    load, product, peer, redis = Load(), Outcome(), Outcome(), Outcome()
    with tempfile.TemporaryDirectory() as name, ExitStack() as running:
        folder = Path(name)
        folder.chmod(0o755)
        cluster = running.enter_context(cluster_at(folder))
        crowd = Crowd(cluster)
        running.callback(crowd.leave)
        ours = Product(cluster, crowd)
        theirs = running.enter_context(peer_at(folder, cluster.redis.url))
        order: list[tuple[Stand, Outcome]] = [(ours, product), (theirs, peer)]
        for stand, outcome in (*order, *reversed(order)):
            outcome.add(told(stand, load))
            redis.add(published(cluster.redis.url, load))
    print(f"     product   {product}\n     socket.io {peer}\n     Redis     {redis}")
    for share in (0.5, 0.99):
        of_redis, of_peer = (product.at(share) / one.at(share) for one in (redis, peer))
        print(f"     p{share * 100:.0f}: {of_redis:.1f} of Redis alone, {of_peer:.1f} of socket.io")
    print(f"{'ok  ' if product.delivered == 1 else 'OVER'} told: {product.delivered} (must be 1)")
    sys.exit(product.delivered != 1)


def told(stand: Stand, load: Load) -> Outcome:
    """Let the pages wait and the phones scan; a page that is never told has no wait."""
    with held(stand, load.pages) as (pages, seats):
        servers = stand.servers()
        before = sum(cpu_of(server) for server in servers)
        sent = scan(stand.port, seats[: load.scans], load.per_second)
        expected = dict.fromkeys(sent, "scanned")
        pages.show(expected, LAST_SECONDS)
        cpu = sum(cpu_of(server) for server in servers) - before
        at = {page: first_scanned(pages.heard[page]) for page in sent}
        waits = [(at[page] - sent[page]) / 1e6 for page in sent if at[page]]
        return Outcome(len(sent), waits, cpu)


def first_scanned(heard: list[dict[str, Any]]) -> int:
    """The nanosecond at which a page was first told of the scan; 0 when it never was."""
    return next((one["at"] for one in heard if one.get("state") == "scanned"), 0)


def scan(port: int, seats: list[Seat], per_second: float) -> dict[str, int]:
    """Scan one page after the other in even time; the nanosecond at which each was sent."""
    sent = {}

    def send(client: Client, seat: Seat) -> str:
        sent[seat.id] = monotonic_ns()
        return client.send(seat.scan)[0]

    with Client(port) as client, ThreadPoolExecutor(CONNECTIONS) as threads:
        begun, answers = monotonic(), []
        for number, seat in enumerate(seats):
            Event().wait(max(0.0, begun + number / per_second - monotonic()))
            answers.append(threads.submit(send, client, seat))
    refused = [one.result() for one in answers if not one.result().startswith("HTTP/1.1 200")]
    if refused:
        raise RuntimeError(f"{len(refused)} scans were refused, the first by {refused[0]}")
    return sent


def published(url: str, load: Load) -> Outcome:
    """What Redis alone takes: from a PUBLISH to its subscriber, as often and as fast."""
    waits: list[float] = []
    with Redis.from_url(url) as tells, Redis.from_url(url) as hears, hears.pubsub() as channel:
        channel.subscribe("bench")
        channel.get_message(timeout=LAST_SECONDS)

        def hear() -> None:
            while len(waits) < load.scans and (message := channel.get_message(timeout=1)):
                waits.append((monotonic_ns() - int(message["data"])) / 1e6)

        listener = Thread(target=hear)
        listener.start()
        for _ in range(load.scans):
            Event().wait(1 / load.per_second)
            tells.publish("bench", monotonic_ns())
        listener.join()
    return Outcome(load.scans, waits)


if __name__ == "__main__":
    main()
