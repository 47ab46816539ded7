"""A web process goes, killed or asked to; nobody who comes through nginx loses anything."""

import os
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread
from time import monotonic
from typing import Any

import httpx
import pytest

from tests.cluster.held import held_pages
from tests.cluster.pages import Pages
from tests.cluster.people import Crowd
from tests.cluster.stack import Cluster, Program
from tests.factories.pdf import make_pdf
from tests.factories.product import WEI, Signing
from tests.qr_session.patience import within

SECONDS = 5


def is_gone(program: Program) -> bool:
    """Whether neither the process nor any child of it is left."""
    assert program.process is not None
    try:
        os.killpg(program.process.pid, 0)
    except ProcessLookupError:
        return True
    return False


@pytest.mark.row("R-14")
@pytest.mark.parametrize("victim", ["the worker", "all of it"])
def test_pages_of_a_killed_process_have_the_right_state_again_in_five_seconds(
    cluster: Cluster, first_web: Program, pages: Pages, victim: str
) -> None:
    with held_pages(cluster, pages, 200) as held:
        lost = cluster.waiting_pages(0)
        killed = monotonic()
        if victim == "the worker":
            for pid in first_web.children():
                os.kill(pid, signal.SIGKILL)
        else:
            first_web.stop(signal.SIGKILL)
        held.scan_half()

        assert within(SECONDS, lambda: pages.lost() == lost)
        assert held.all_right(SECONDS - (monotonic() - killed))
        assert cluster.waiting_pages(1) == 200
    assert within(SECONDS, lambda: first_web.process.poll() is not None)


@dataclass
class Visitors:
    """People who go on sending requests; `complaints` is whatever was not answered well."""

    stop: Event = field(default_factory=Event)
    answers: int = 0
    complaints: list[str] = field(default_factory=list)

    def keep_asking(self, client: httpx.Client, method: str, path: str, **more: Any) -> None:
        while not self.stop.is_set():
            try:
                answer = client.request(method, path, **more)
                if answer.status_code != 200:
                    self.complaints.append(f"{method} {path}: {answer.status_code}")
            except httpx.HTTPError as error:
                self.complaints.append(f"{method} {path}: {error!r}")
            self.answers += 1


@contextmanager
def visitors(signing: Signing, cluster: Cluster) -> Iterator[Visitors]:
    """One reads pages, one changes things, one reads a state, one waits for news."""
    visitors = Visitors()
    client: httpx.Client = signing.page.client.client
    own = {"headers": {"Origin": cluster.base}, "json": {}}
    asked = [
        ("GET", "/m/login", {}),
        ("GET", f"{signing.page.path}/state", {}),
        ("GET", f"{signing.page.path}/events?after=99&wait=8", {}),
        ("POST", f"{signing.page.path}/open", own),
    ]
    threads = [
        Thread(target=visitors.keep_asking, args=(client, method, path), kwargs=more)
        for method, path, more in asked
    ]
    for thread in threads:
        thread.start()
    try:
        yield visitors
    finally:
        visitors.stop.set()
        for thread in threads:
            thread.join()


@pytest.mark.row("R-17")
def test_a_process_that_is_asked_to_go_is_gone_in_five_seconds_and_nobody_sees_an_error(
    cluster: Cluster, first_web: Program, crowd: Crowd, pages: Pages
) -> None:
    signing = crowd.signing(crowd.partner().task(make_pdf()), WEI)
    with held_pages(cluster, pages, 100) as held:
        with visitors(signing, cluster) as seen:
            assert within(SECONDS, lambda: seen.answers > 50)
            lost, asked = cluster.waiting_pages(0), monotonic()

            assert first_web.stop() < SECONDS

            held.scan_half()
            assert pages.lost() == lost
            assert held.all_right(SECONDS - (monotonic() - asked))
            answered = seen.answers
            assert within(SECONDS, lambda: seen.answers > answered + 50)
        assert seen.complaints == []
    assert first_web.process.returncode == 0
    assert is_gone(first_web)


def not_taken(port: int) -> int:
    """Connections that the system has accepted for a listening process, and it has not taken."""
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    mine = f":{port:04X}"
    return sum(row[1].endswith(mine) and row[3] == "01" and row[9] == "0" for row in rows)


@pytest.mark.row("R-17")
def test_a_change_that_a_process_had_not_taken_when_it_went_is_made_by_another(
    cluster: Cluster, first_web: Program, crowd: Crowd
) -> None:
    """Its connection was accepted for the process by the system, and is reset when it goes."""
    signing = crowd.signing(crowd.partner().task(make_pdf()), WEI)
    client, path = signing.page.client.client, f"{signing.page.path}/open"
    own = {"headers": {"Origin": cluster.base}, "json": {}}
    [worker] = first_web.children()
    os.kill(worker, signal.SIGSTOP)
    with ThreadPoolExecutor(8) as browsers:
        asked = [browsers.submit(client.post, path, **own) for _ in range(8)]
        assert within(SECONDS, lambda: not_taken(cluster.ports[0]) > 1)
        first_web.stop(signal.SIGKILL)

        assert [one.result().status_code for one in asked] == [200] * 8


def test_a_process_with_pages_and_nothing_to_do_does_not_use_up_its_time(
    cluster: Cluster, first_web: Program, pages: Pages
) -> None:
    with held_pages(cluster, pages, 60):
        assert first_web.stop() < 3.5
