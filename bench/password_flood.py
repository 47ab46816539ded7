"""Memory, and how long others wait, while 200 people log in by password at once.

Run: python -m bench.password_flood [LOGINS]. One web process of a whole cluster takes them all. The
peer of the wait is one login on the quiet process. Each name is another one and unknown: that costs
what a known one costs, and locks nothing. What waits for a connection too long is told 503.
"""

import asyncio
import statistics
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

from bench.figures import memory_of, report
from bench.load import request
from tests.cluster.stack import Cluster, cluster_at

LOGINS = 200
MOST_MIB, BOUND = 100, 5.0
QUIET_LOGINS, PAUSE_SECONDS = 8, 0.02
PATH, ASKED = "/m/login/password", "/readyz"
JUDGED, TOLD_TO_WAIT = 422, 503
MIB = 1024 * 1024


@dataclass(frozen=True)
class Flood:
    """What a flood did: `statuses` of its logins, bytes that the process grew by at most, seconds
    that one login takes alone, and that requests of somebody else took meanwhile."""

    statuses: list[int]
    growth: int
    alone: float
    waits: list[float]

    @property
    def p95(self) -> float:
        """Seconds that all but one in twenty of the others' requests were done within."""
        return statistics.quantiles(self.waits, n=20)[-1]

    @property
    def ratio(self) -> float:
        return self.p95 / self.alone


def main() -> None:
    logins = int(sys.argv[1]) if len(sys.argv) > 1 else LOGINS
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        with cluster_at(folder) as cluster:
            seen = flood(cluster, logins)
    judged, told = seen.statuses.count(JUDGED), seen.statuses.count(TOLD_TO_WAIT)
    print(f"     {judged} of {logins} logins judged, {told} told to come again")
    print(f"     one alone takes {seen.alone * 1e3:.0f} ms")
    grown = report(f"MiB of growth with {logins} logins", seen.growth / MIB, MOST_MIB)
    waited = report(f"p95 of others {seen.p95 * 1e3:.0f} ms in logins", seen.ratio, BOUND)
    sys.exit(not (grown and waited and judged + told == logins))


def flood(cluster: Cluster, logins: int) -> Flood:
    """Send the logins at once to the first web process, and ask it something else meanwhile."""
    return asyncio.run(_flood(cluster, logins))


async def _flood(cluster: Cluster, logins: int) -> Flood:
    port, server = cluster.ports[0], cluster.webs[0].children()[0]
    quiet = [await _timed(port, _login(cluster, number)) for number in range(QUIET_LOGINS)]
    before = memory_of(server)
    first = QUIET_LOGINS
    many = asyncio.gather(
        *(_timed(port, _login(cluster, first + number)) for number in range(logins))
    )
    waits, most = [], before
    while not many.done():
        waits.append((await _timed(port, request("GET", ASKED, {})))[1])
        most = max(most, memory_of(server))
        await asyncio.sleep(PAUSE_SECONDS)
    alone = statistics.median(seconds for _, seconds in quiet)
    return Flood([status for status, _ in await many], most - before, alone, waits)


def _login(cluster: Cluster, number: int) -> str:
    body = {"name": f"139077{number:05d}", "password": "wrong-2026", "agreed": True}
    return request("POST", PATH, body, Origin=cluster.base, Connection="close")


async def _timed(port: int, text: str) -> tuple[int, float]:
    """The status of the answer, and the seconds until it came."""
    started = monotonic()
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(text.encode())
    head = await reader.readuntil(b"\r\n\r\n")
    writer.close()
    return int(head.split()[1]), monotonic() - started


if __name__ == "__main__":
    main()
