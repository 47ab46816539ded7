"""Tries that several processes take at once are counted together: five are let in."""

import multiprocessing
from datetime import timedelta
from multiprocessing.sharedctypes import SynchronizedArray
from multiprocessing.synchronize import Barrier

import pytest

from server.core.db import Database
from server.core.limits import Locked, LockPolicy, take_attempt
from tests.fakes.clock import FakeClock

POLICY = LockPolicy(tries=5, locks=(timedelta(minutes=15),))
PROCESSES = 4
ROUNDS = 20
WAIT_SECONDS = 60


def try_in_every_round(url: str, gate: Barrier, let_in: "SynchronizedArray[int]") -> None:
    """Three tries in each round, as soon as all the processes have come to it."""
    db = Database(url, FakeClock())
    for number in range(ROUNDS):
        gate.wait(WAIT_SECONDS)
        for _ in range(3):
            try:
                take_attempt(db, f"pin:acc-{number}", POLICY)
            except Locked:
                continue
            with let_in.get_lock():
                let_in[number] += 1
    db.close()


@pytest.mark.row("S-21", "S-50")
def test_of_twelve_tries_by_four_processes_five_are_let_in(db: Database, url: str) -> None:
    server = multiprocessing.get_context("forkserver")
    server.set_forkserver_preload([__name__])
    gate, let_in = server.Barrier(PROCESSES), server.Array("i", ROUNDS)
    processes = [
        server.Process(target=try_in_every_round, args=(url, gate, let_in))
        for _ in range(PROCESSES)
    ]
    for process in processes:
        process.start()
    for process in processes:
        process.join(WAIT_SECONDS)

    assert [process.exitcode for process in processes] == [0] * PROCESSES
    assert list(let_in) == [POLICY.tries] * ROUNDS
