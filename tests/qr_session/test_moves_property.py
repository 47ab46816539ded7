"""Whatever pages, phones, partners and time do in whatever order, a session keeps its rules."""

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from qr_session import Code, Phone, QrSessionError
from tests.qr_session.scene import Scene

PHONES = [Phone(account=name, name="某*") for name in ("a", "b", "c")]
OPEN = {"pending", "scanned", "confirmed"}
ENDS = {"cancelled", "expired", "failed"}
# The specification's table, written down a second time.
AFTER = {
    "pending": ENDS | {"scanned"},
    "scanned": ENDS | {"declined", "confirmed", "pending"},
    "confirmed": ENDS | {"declined", "consumed"},
}

phones = st.sampled_from(PHONES)


class Journey(RuleBasedStateMachine):
    """Random moves, each allowed or refused; `happened` counts the ones that must be rare."""

    def __init__(self) -> None:
        super().__init__()
        self.scene = Scene(named_signer=None)
        self.service = self.scene.service
        self.seen = self.service.peek(self.scene.id)
        self.tickets: dict[str, str] = {}
        self.proofs: dict[str, str] = {}
        self.consumed = 0
        self.right_picks: set[str] = set()

    def attempt(self, act) -> bool:
        """Do it; a refusal must leave an open session as it was."""
        before = self.service.peek(self.scene.id)
        try:
            act()
        except QrSessionError as error:
            after = self.service.peek(self.scene.id)
            if error.code is not Code.WRONG_REFERENCE:
                assert after == before
            return False
        return True

    @rule(phone=phones)
    def the_usual_next_step(self, phone):
        """Chance alone would hardly ever come as far as a result."""
        now = self.service.peek(self.scene.id)
        if now.state == "pending":
            self.resolve(phone)
            self.bring_ticket(phone.account)
        elif now.state == "scanned" and not now.reference_ok:
            self.pick(now.phone, right=True)
        elif now.state == "scanned":
            self.confirm(now.phone)
        else:
            self.consume()

    @rule(phone=phones)
    def resolve(self, phone):
        shown = self.service.frames(self.scene.id, self.scene.page)

        def bring():
            got = self.service.resolve(shown[0].text, holder=phone.account)
            self.tickets[phone.account] = got.ticket

        if shown:
            assert self.attempt(bring)

    @precondition(lambda self: self.tickets)
    @rule(data=st.data())
    def scan(self, data):
        self.bring_ticket(data.draw(st.sampled_from(sorted(self.tickets))))

    def bring_ticket(self, account):
        phone = next(phone for phone in PHONES if phone.account == account)
        owner = self.service.peek(self.scene.id).phone
        if self.attempt(
            lambda: self.service.scan(self.tickets[account], holder=account, phone=phone)
        ):
            assert owner in (None, phone)

    @rule(phone=phones, right=st.integers(0, 7).map(bool))
    def pick(self, phone, right):
        seen = self.service.view(self.scene.id, self.scene.page)
        code = seen.reference_code if right else "00"
        if code is not None and self.attempt(
            lambda: self.service.check_reference(self.scene.id, phone.account, code)
        ):
            self.right_picks.add(phone.account)

    @rule(phone=phones)
    def go_on_here(self, phone):
        """The page is on this phone: a ticket, and a proof instead of the pick."""
        scene, account = self.scene, phone.account

        def bring():
            here = self.service.take_on_this_device(scene.id, scene.page, holder=account)
            self.tickets[account], self.proofs[account] = here.ticket, here.proof

        self.attempt(bring)

    @precondition(lambda self: self.proofs)
    @rule(data=st.data())
    def prove_page(self, data):
        """Whoever brings a proof: it counts in the browser that it was made for."""
        owner = data.draw(st.sampled_from(sorted(self.proofs)))
        holder = data.draw(st.sampled_from([phone.account for phone in PHONES]))
        if self.attempt(
            lambda: self.service.accept_page_browser(
                self.scene.id, holder, self.proofs[owner], holder=holder
            )
        ):
            assert holder == owner
            self.right_picks.add(holder)

    @rule(phone=phones)
    def confirm(self, phone):
        if self.attempt(lambda: self.service.confirm(self.scene.id, phone.account)):
            after = self.service.peek(self.scene.id)
            assert after.phone == phone
            assert phone.account in self.right_picks

    @rule(phone=phones)
    def wrong_pin(self, phone):
        self.attempt(lambda: self.service.note_wrong_pin(self.scene.id, phone.account))

    @rule(phone=phones)
    def extend(self, phone):
        self.attempt(lambda: self.service.extend(self.scene.id, phone.account))

    @rule(phone=phones)
    def decline(self, phone):
        owner = self.service.peek(self.scene.id).phone
        if self.attempt(lambda: self.service.decline(self.scene.id, phone.account)):
            assert owner == phone

    @rule()
    def refresh(self):
        self.attempt(lambda: self.service.refresh(self.scene.id, self.scene.page))

    @rule()
    def use_another_phone(self):
        self.attempt(lambda: self.service.use_another_phone(self.scene.id, self.scene.page))

    @rule()
    def consume(self):
        was = self.service.peek(self.scene.id).state
        if self.attempt(lambda: self.service.consume(self.scene.id, self.scene.page)):
            assert was == "confirmed"
            self.consumed += 1

    @rule(sure=st.integers(0, 15))
    def end(self, sure):
        if sure == 0:
            self.attempt(lambda: self.service.cancel(self.scene.id, hint=Code.GRANT_REVOKED))
        if sure == 1:
            self.attempt(lambda: self.service.fail(self.scene.id, hint=Code.PIN_LOCKED))

    @precondition(lambda self: self.seen.is_open)
    @rule(seconds=st.sampled_from([1, 2, 5, 10, 30, 59, 60, 119, 120, 180]))
    def time_passes(self, seconds):
        self.check()
        self.scene.clock.advance(seconds=seconds)
        lapsed = {"pending": {"expired"}, "confirmed": {"expired"},
                  "scanned": {"pending", "expired"}}  # fmt: skip
        now = self.service.peek(self.scene.id)
        assert now.state == self.seen.state or now.state in lapsed[self.seen.state]
        self.seen = now

    @invariant()
    def check(self):
        before, now = self.seen, self.service.peek(self.scene.id)
        assert now.seq >= before.seq
        assert (now == before) == (now.seq == before.seq)
        if now.state != before.state:
            assert now.state in AFTER[before.state]
        assert (now.state in OPEN) == (now.status == "pending")
        assert (now.state == "consumed") == (now.status == "complete")
        assert now.refreshes <= 4
        assert now.other_phones <= 2
        assert now.generation == now.refreshes + now.other_phones
        assert now.deadline <= now.ends_at
        assert now.state != "pending" or now.phone is None
        assert now.state not in ("scanned", "confirmed", "consumed") or now.phone is not None
        assert self.consumed <= 1
        self.seen = now


Journey.TestCase.settings = settings(
    max_examples=100, stateful_step_count=30, deadline=None, derandomize=True
)
test_a_session_keeps_its_rules_in_every_order = Journey.TestCase
