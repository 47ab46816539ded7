"""A QR session as qr-session.md tells it: the model that the real one is held against."""

from dataclasses import dataclass

PENDING, SCANNED, SCANNED_AT_MOST, CONFIRMED, IN_ALL = 120, 180, 300, 60, 900
READABLE, FOLLOWED, TICKET = 600, 2400, 180
REFRESHES, OTHER_PHONES = 4, 2
WORTH_A_WRITE = 5
OPEN = ("pending", "scanned", "confirmed")


@dataclass(eq=False)
class Code:
    """One QR session; times are seconds since the test began.

    `id` and `number` (the reference code) are what the world has shown of the real one.
    """

    created: int
    deadline: int
    state: str = "pending"
    person: str | None = None
    scanned_at: int = 0
    picked: bool = False
    refreshes: int = 0
    other_phones: int = 0
    forgotten_at: int | None = None
    progress: str = ""
    id: str = ""
    number: str | None = None

    @classmethod
    def begun(cls, now: int) -> "Code":
        return cls(now, now + PENDING)

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def ends_at(self) -> int:
        return self.created + IN_ALL

    def is_readable(self, now: int) -> bool:
        return self.forgotten_at is None or now < self.forgotten_at

    def is_at(self, person: str) -> bool:
        """Whether this person's phone may act on it."""
        return self.is_open and self.person == person

    def settle(self, now: int) -> None:
        """What the deadlines did until now."""
        while self.is_open and now >= self.deadline:
            if self.state == "scanned":
                self.give_back(self.deadline)
            else:
                self.end("expired", self.deadline)

    def end(self, state: str, at: int) -> None:
        if self.is_open:
            self.state = state
            self.forgotten_at = at + (FOLLOWED if state == "consumed" else READABLE)

    def lose(self, at: int) -> None:
        """Its store has lost it: nobody can read or move it."""
        self.state, self.forgotten_at = "lost", at

    def follow(self, progress: str, now: int) -> None:
        """The task's progress was noted on it, and news keep it readable."""
        if self.state == "consumed" and self.is_readable(now) and self.progress != progress:
            self.progress, self.forgotten_at = progress, now + FOLLOWED

    def give_back(self, at: int) -> None:
        if self.other_phones >= OTHER_PHONES or at >= self.ends_at:
            self.end("expired", at)
            return
        self.state, self.person, self.picked = "pending", None, False
        self.other_phones += 1
        self.deadline = min(at + PENDING, self.ends_at)

    def refresh(self, now: int) -> bool:
        if self.state != "pending" or self.refreshes >= REFRESHES:
            return False
        self.refreshes += 1
        self.deadline = min(now + PENDING, self.ends_at)
        return True

    def use_another_phone(self, now: int) -> bool:
        if self.state != "scanned":
            return False
        self.give_back(now)
        return True

    def scan(self, person: str, now: int) -> bool:
        if not self.is_open or self.person not in (None, person):
            return False
        if self.person is None:
            self.state, self.person, self.scanned_at = "scanned", person, now
            self.deadline = min(now + SCANNED, self.ends_at)
        return True

    def touch(self, person: str, now: int) -> bool:
        if not self.is_at(person):
            return False
        longer = min(now + SCANNED, self.scanned_at + SCANNED_AT_MOST, self.ends_at)
        if self.state == "scanned" and longer - self.deadline >= WORTH_A_WRITE:
            self.deadline = longer
        return True

    def confirm(self, now: int) -> None:
        if self.state == "scanned":
            self.state, self.deadline = "confirmed", min(now + CONFIRMED, self.ends_at)
