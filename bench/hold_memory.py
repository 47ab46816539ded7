"""Memory of a waiting page; the peer is socket.io.

Run: python -m bench.hold_memory [PAGES]. Pages wait at two processes, first a few and then many, so
that only what a page adds is counted: its part of the memory of both (PSS), in user space.
"""

import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from threading import Event

from bench.figures import memory_of
from bench.waiting import Product, Stand, held, peer_at
from tests.cluster.people import Crowd
from tests.cluster.stack import cluster_at

PAGES, FEW = 1000, 50
SETTLE_SECONDS = 1


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else PAGES
    with tempfile.TemporaryDirectory() as name, ExitStack() as running:
        folder = Path(name)
        folder.chmod(0o755)
        cluster = running.enter_context(cluster_at(folder))
        crowd = Crowd(cluster)
        running.callback(crowd.leave)
        mine = of_a_page(Product(cluster, crowd), FEW, count)
        peer = of_a_page(running.enter_context(peer_at(folder, cluster.redis.url)), FEW, count)
    print(f"     product {mine / 1024:.1f} kB a page, socket.io {peer / 1024:.1f}")
    print(f"     {count} pages: {mine / peer:.1f} of socket.io")


def of_a_page(stand: Stand, few: int, many: int) -> float:
    """Bytes that each page adds beyond the first few."""
    with held(stand, few):
        begun = _memory(stand)
        with held(stand, many):
            return (_memory(stand) - begun) / many


def _memory(stand: Stand) -> int:
    stand.servers()
    Event().wait(SETTLE_SECONDS)
    return sum(memory_of(server) for server in stand.servers())


if __name__ == "__main__":
    main()
