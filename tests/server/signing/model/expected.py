"""A signing task and its QR session by the rules of the specification, without any of our code.

Each event answers whether it must be allowed. A refused one changes nothing, but that a wrong
number or a wrong PIN may end the QR session and counts.
"""

from dataclasses import dataclass, field

from tests.server.signing.model.pin import Pin
from tests.server.signing.model.qr_code import TICKET, Code
from tests.server.signing.model.use import JOB_LEASE, USE_LEASE, Use

LINK, TAKE, GRANT, IDLE = 120, 60, 1800, 600
REPRESENTATIVE, OPERATOR = "representative", "operator"
SEALS = {
    REPRESENTATIVE: frozenset({"company", "legal_representative"}),
    OPERATOR: frozenset({"company"}),
}
UNTIL_STORED = ("taken_up", "signed", "stored")


@dataclass
class Right:
    """What a confirmed QR session gave to the page."""

    person: str
    seals: frozenset[str]
    begun: int
    active: int
    taken: bool = False
    over: bool = False

    def is_live(self, now: int) -> bool:
        return not self.over and now < min(self.begun + GRANT, self.active + IDLE)


@dataclass
class Ticket:
    code: Code
    turn: int
    until: int


def pins() -> dict[str, Pin]:
    return {person: Pin() for person in SEALS}


@dataclass
class Expected:
    """`holder` is the browser that is the page; `visible` is whether it still has its token."""

    now: int = 0
    status: str = "awaiting_signer"
    holder: int | None = None
    is_public: bool = False
    link_until: int = 0
    code: Code | None = None
    right: Right | None = None
    uses: list[Use] = field(default_factory=list)
    tickets: dict[str, Ticket] = field(default_factory=dict)
    at: dict[str, Code] = field(default_factory=dict)
    pins: dict[str, Pin] = field(default_factory=pins)
    keys: dict[str, str] = field(default_factory=dict)
    suspended: bool = False
    revoked: bool = False

    def seals_of(self, person: str) -> frozenset[str]:
        """What a person may seal with at this moment."""
        if person == OPERATOR and self.revoked:
            return frozenset()
        return SEALS[person] - ({"company"} if self.suspended else set())

    @property
    def is_open(self) -> bool:
        return self.status in ("awaiting_signer", "authorized", "failed")

    @property
    def shown(self) -> Code | None:
        """The QR session that the page can still read."""
        return self.code if self.code and self.code.is_readable(self.now) else None

    def pass_time(self, seconds: int) -> None:
        self.now += seconds
        for code in self._codes():
            code.settle(self.now)

    def lose_the_store(self) -> None:
        """Nobody knows any QR session any more; the rows stay as they are."""
        for code in self._codes():
            code.lose(self.now)

    def _codes(self) -> set[Code]:
        tickets = {ticket.code for ticket in self.tickets.values()}
        return {self.code, *self.at.values(), *tickets} - {None}

    # The page

    def new_link(self) -> None:
        self.link_until = self.now + LINK

    def open(self, browser: int, newest: bool) -> bool:
        """A browser opens a link; the page's own one just goes on."""
        if self.holder == browser and self.is_public:
            self.holder = None  # the page kept its token in memory alone
        good = newest and self.now < self.link_until
        if self.holder == browser:
            self.link_until = 0 if newest else self.link_until
        elif not good:
            return False
        else:
            self._take_over(browser)
        if self.status == "awaiting_signer" and not (self.code and self.code.is_open):
            self.code = Code.begun(self.now)
        return True

    def _take_over(self, browser: int) -> None:
        self.end_right()
        if self.status in ("authorized", "failed"):
            self.status, self.right = "awaiting_signer", None
        self._end_code("cancelled")
        self.holder, self.is_public, self.link_until, self.code = browser, False, 0, None

    def refresh(self, browser: int) -> bool:
        return self.holder == browser and bool(self.shown and self.shown.refresh(self.now))

    def use_another_phone(self, browser: int) -> bool:
        if self.holder != browser or self.shown is None:
            return False
        return self.shown.use_another_phone(self.now)

    def restart(self, browser: int) -> bool:
        if self.holder != browser or not self.is_open:
            return False
        self.end_right()
        self.status, self.right = "awaiting_signer", None
        self._new_code()
        return True

    def make_public(self, browser: int) -> bool:
        if self.holder != browser or self.status != "awaiting_signer":
            return False
        self.is_public = True
        self._new_code()
        return True

    def leave(self, browser: int) -> bool:
        if self.holder != browser:
            return False
        self.end_right()
        return True

    def cancel(self, browser: int | None) -> bool:
        """By the page, or by the partner (None)."""
        if browser is not None and self.holder != browser:
            return False
        if self.is_open:
            self.status = "cancelled"
            self.end_right()
            self._end_code("cancelled")
        return self.status == "cancelled"

    def load(self, browser: int) -> bool:
        right, code = self.right, self.shown
        if self.holder != browser or right is None or not right.is_live(self.now):
            return False
        stands = code is not None and code.state in ("confirmed", "consumed")
        if not right.taken and not (stands and self.now < right.begun + TAKE):
            return False
        right.taken, right.active = True, self.now
        if code is not None and code.state == "confirmed":
            code.end("consumed", self.now)
        return True

    def _may_place(self, browser: int) -> bool:
        right = self.right
        loaded = right is not None and right.taken and right.is_live(self.now)
        return self.holder == browser and loaded and self.status in ("authorized", "failed")

    def save(self, browser: int) -> bool:
        if not self._may_place(browser) or self.right is None:
            return False
        self.right.active = self.now
        return True

    def confirm(self, browser: int, key: str, seal: str) -> bool:
        """确认签署; a key that was taken brings the same answer, for the same body."""
        if self.holder == browser and key in self.keys:
            return self.keys[key] == seal
        right = self.right
        if not self._may_place(browser) or right is None:
            return False
        if seal not in right.seals & self.seals_of(right.person):
            return False
        right.active, self.status, self.keys[key] = self.now, "sealing", seal
        self.uses.append(Use(right.person, seal, self.now, self.now, self.now + USE_LEASE))
        return True

    # The phone

    def look(self, person: str) -> bool:
        """Open the link in the code that shows now."""
        code = self.shown
        if code is None or code.state != "pending":
            return False
        self.tickets[person] = Ticket(code, code.other_phones, self.now + TICKET)
        return True

    def scan(self, person: str) -> bool:
        ticket = self.tickets[person]
        code = ticket.code
        if self.now >= ticket.until or code.other_phones != ticket.turn:
            return False
        if not code.scan(person, self.now):
            return False
        # The id is public: whoever knows it may try to act on it.
        self.at = dict.fromkeys(SEALS, code)
        return True

    def prove(self, person: str, *, number: bool, pin: bool) -> bool:
        """The number and the PIN on the phone's confirm screen."""
        code = self.at[person]
        if not code.is_at(person):
            return False
        if not number:
            code.end("failed", self.now)
            return False
        code.picked = True
        outcome = self.pins[person].take(pin, self.now)
        if outcome == "locked":
            code.end("failed", self.now)
        if outcome != "right" or code is not self.code or not self.seals_of(person):
            return False
        self.end_right()
        self.status = "authorized"
        self.right = Right(person, self.seals_of(person), self.now, self.now)
        code.confirm(self.now)
        return True

    def decline(self, person: str) -> bool:
        code = self.at[person]
        if not code.is_at(person):
            return False
        if self.status == "authorized" and code is self.code:
            self.end_right()
            self.status, self.right = "awaiting_signer", None
        code.end("declined", self.now)
        return True

    def touch(self, person: str) -> bool:
        return self.at[person].touch(person, self.now)

    # The worker

    def work(self, dies_at: str) -> bool:
        """Whether a worker that would die at this step comes as far as that."""
        due = [use for use in self.uses if use.has_job and use.due <= self.now]
        return any(self._run(use, dies_at) for use in sorted(due, key=lambda use: use.reserved))

    def _run(self, use: Use, dies_at: str) -> bool:
        entitled = use.seal in self.seals_of(use.person)
        lost, settled = use.has_lost_its_key(self.now), use.state != "reserved"
        reached = not (lost or settled) and (entitled or dies_at in UNTIL_STORED)
        dies = reached and bool(dies_at)
        use.has_job = dies
        use.due = self.now + JOB_LEASE + 1
        if not (lost or settled):
            use.lease = self.now + USE_LEASE
        if not settled and not (dies and dies_at != "committed"):
            self._settle(use, "failed" if lost or not entitled else "sealed")
        if not dies and self.code is not None and self.status in ("sealed", "failed"):
            self.code.follow(self.status, self.now)
        return dies

    def sweep(self) -> None:
        """A reservation whose key is gone and that no worker holds is given back."""
        for use in self.uses:
            held = use.lease >= self.now or not use.has_lost_its_key(self.now)
            if use.state == "reserved" and not held:
                self._settle(use, "failed")
                if self.code is not None:
                    self.code.follow("failed", self.now)

    def _settle(self, use: Use, status: str) -> None:
        self.status = status
        use.state = "done" if status == "sealed" else "released"

    def end_right(self) -> None:
        if self.right is not None:
            self.right.over = True

    def _new_code(self) -> None:
        self._end_code("cancelled")
        self.code = Code.begun(self.now)

    def _end_code(self, state: str) -> None:
        if self.code is not None:
            self.code.end(state, self.now)
