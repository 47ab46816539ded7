"""Sixteen threads that begin at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from qr_session import QrSessionError

THREADS = 16


def at_once(act) -> list:
    """What 16 threads get that all begin at the same moment; errors are returned."""
    barrier = Barrier(THREADS)

    def run(number: int):
        barrier.wait()
        try:
            return act(number)
        except QrSessionError as error:
            return error

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(run, range(THREADS)))
