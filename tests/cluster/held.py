"""QR sessions whose pages wait at the cluster, and a phone that scans some of them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from qr_session import Phone, Purpose, QrSessionService
from tests.cluster.pages import Pages
from tests.cluster.stack import Cluster

BROWSER = "browser-of-the-phone"
PHONE = Phone(account="acc-1", name="张*")
OPEN_SECONDS = 30


@dataclass
class Held:
    """Sessions with a waiting page each; `expected` is the state that each page should show."""

    pages: Pages
    service: QrSessionService
    tokens: dict[str, str]
    expected: dict[str, str]

    def scan_half(self) -> None:
        """A phone scans every other session."""
        for session_id in list(self.tokens)[::2]:
            text = self.service.frames(session_id, self.tokens[session_id])[0].text
            ticket = self.service.resolve(text, holder=BROWSER).ticket
            self.service.scan(ticket, holder=BROWSER, phone=PHONE)
            self.expected[session_id] = "scanned"

    def all_right(self, seconds: float) -> bool:
        """Whether every page shows the state that its session has, within some seconds."""
        return self.pages.show(self.expected, seconds)


@contextmanager
def held_pages(cluster: Cluster, pages: Pages, count: int) -> Iterator[Held]:
    """So many sessions, and a page of the stock client at each; both processes hold some."""
    with cluster.sessions() as service:
        held = Held(pages, service, {}, {})
        for number in range(count):
            created = service.create(purpose=Purpose.SIGN, subject=f"task-{number}")
            token = service.open_page(created.id, created.open_token or "")
            held.tokens[created.id], held.expected[created.id] = token, "pending"
            pages.open(created.id, service.watch_ticket(created.id, token))
        assert held.all_right(OPEN_SECONDS)
        shares = [cluster.waiting_pages(web) for web in (0, 1)]
        assert sum(shares) == count
        assert min(shares) > count / 10
        yield held
