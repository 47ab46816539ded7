"""Whether the web processes go on answering while something else is being done."""

from threading import Event, Thread
from time import monotonic

from tests.cluster.people import Crowd, OverHttp


class Watch:
    """Asks web processes whether they are alive, over and over; `waits` are the seconds it took."""

    def __init__(self, crowd: Crowd, webs: tuple[int, ...] = (0, 1)) -> None:
        self.waits: list[float] = []
        self._stop = Event()
        bases = [crowd.cluster.direct(web) for web in webs]
        self._threads = [Thread(target=self._ask, args=(crowd.client(base),)) for base in bases]

    @property
    def worst(self) -> float:
        return max(self.waits)

    def __enter__(self) -> "Watch":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def _ask(self, client: OverHttp) -> None:
        while not self._stop.wait(0.02):
            begun = monotonic()
            assert client.get("/livez").status_code == 200
            self.waits.append(monotonic() - begun)
