"""One page, one phone and a service between them, for the tests of the library."""

from dataclasses import dataclass, field, replace
from datetime import timedelta

from qr_session import (
    InProcessBus,
    MemoryStore,
    Phone,
    Purpose,
    QrSession,
    QrSessionService,
    Store,
)
from tests.fakes.clock import FakeClock

MASTER_KEY = bytes(range(32))
ALICE = Phone(account="acc-1", name="张*")
BOB = Phone(account="acc-2", name="李*")
BROWSER = "browser-of-the-phone"


def make_service(store: Store | None = None, clock: FakeClock | None = None) -> QrSessionService:
    return QrSessionService(
        store or MemoryStore(),
        InProcessBus(),
        clock=clock or FakeClock(),
        master_key=MASTER_KEY,
        base_url="https://seal.example",
    )


def make_session(session_id: str = "A" * 16, **changes) -> QrSession:
    now = FakeClock().now() + timedelta(microseconds=123_457)
    start = QrSession(
        id=session_id,
        purpose=Purpose.SIGN,
        subject="签署任务 7",
        created_at=now,
        deadline=now + timedelta(seconds=120),
        ends_at=now + timedelta(minutes=15),
        forget_at=now + timedelta(minutes=25),
    )
    return replace(start, **changes)


@dataclass
class Scene:
    """A session that a page has opened."""

    clock: FakeClock = field(default_factory=FakeClock)
    purpose: Purpose = Purpose.SIGN
    named_signer: str | None = None
    store: Store | None = None

    def __post_init__(self) -> None:
        self.service = make_service(self.store, self.clock)
        created = self.service.create(
            purpose=self.purpose, subject="task-7", named_signer=self.named_signer
        )
        self.id = created.id
        self.page = self.service.open_page(created.id, created.open_token or "")

    def text(self) -> str:
        """What a camera reads off the page now."""
        return self.service.frames(self.id, self.page)[0].text

    def letters(self) -> str:
        """What a person can type off the page now."""
        return self.service.view(self.id, self.page).user_code or ""

    def ticket(self, holder: str = BROWSER) -> str:
        return self.service.resolve(self.text(), holder=holder).ticket

    def scan(self, phone: Phone = ALICE) -> QrSession:
        return self.service.scan(self.ticket(), holder=BROWSER, phone=phone)

    def right_reference(self) -> str:
        """What the person reads off the page."""
        return self.service.view(self.id, self.page).reference_code or ""

    def wrong_reference(self) -> str:
        three = self.service.reference_choices(self.id, ALICE.account)
        return next(code for code in three if code != self.right_reference())

    def pick(self) -> None:
        self.service.check_reference(self.id, ALICE.account, self.right_reference())

    def confirm(self) -> QrSession:
        """From pending to confirmed."""
        self.scan()
        self.pick()
        return self.service.confirm(self.id, ALICE.account)

    def consume(self) -> QrSession:
        """From pending to consumed."""
        self.confirm()
        return self.service.consume(self.id, self.page)

    def state(self) -> str:
        return self.service.peek(self.id).state.value

    def hint(self) -> str:
        return self.service.peek(self.id).hint.value
