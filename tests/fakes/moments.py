"""Things that happen at one moment of a confirmation, between two steps of the product."""

from collections.abc import Callable

from qr_session import QrSession, State, Store
from qr_session import QrSessionService as Service
from server.providers.keys import Keys

Event = Callable[[], object]


class BeforeTheDatabase:
    """A key holder: the PIN was right, and the transaction that releases begins after this."""

    development_only = True

    def __init__(self, behind: Keys, event: Event) -> None:
        self.behind, self.event = behind, event

    def __getattr__(self, name: str) -> object:
        return getattr(self.behind, name)

    def hmac(self, purpose: str, *rest: object) -> bytes:
        if purpose == "page_release":
            self.event()
        return self.behind.hmac(purpose, *rest)  # type: ignore[arg-type]


class BeforeTheStore:
    """A store: the database has committed, and the session is about to be confirmed."""

    def __init__(self, behind: Store, event: Event) -> None:
        self.behind, self.event, self.happened = behind, event, False

    def __getattr__(self, name: str) -> object:
        return getattr(self.behind, name)

    def swap(self, old: QrSession, new: QrSession) -> bool:
        if new.state is State.CONFIRMED and not self.happened:
            self.happened = True
            self.event()
        return self.behind.swap(old, new)


class AfterTheLook:
    """A store: the phone's session was looked at, and what follows comes after this."""

    def __init__(self, behind: Store, event: Event) -> None:
        self.behind, self.event, self.happened = behind, event, False

    def __getattr__(self, name: str) -> object:
        return getattr(self.behind, name)

    def get(self, session_id: str) -> QrSession | None:
        found = self.behind.get(session_id)
        if not self.happened:
            self.happened = True
            self.event()
        return found


def sessions_on(store: Store, like: Service) -> Service:
    """The same service on another store."""
    return Service(
        store, like.bus, clock=like.clock, master_key=like.master_key, base_url=like.base_url
    )
