"""Whatever browsers, phones, workers, owners and time do in whatever order, a task keeps its rules.

HYPOTHESIS_PROFILE=long runs many more orders, and other ones each time.
"""

import shutil
from itertools import count
from pathlib import Path

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from werkzeug.test import TestResponse

from tests.factories.product import Product
from tests.server.signing.model.agreement import FINAL, Agreement
from tests.server.signing.model.expected import OPERATOR, REPRESENTATIVE, Expected
from tests.server.signing.model.profiles import PROFILE, PROFILES
from tests.server.signing.model.use import JOB_LEASE
from tests.server.signing.model.world import Scenery, World

STEPS = ("taken_up", "signed", "stored", "before_commit", "committed")

people = st.sampled_from([REPRESENTATIVE, OPERATOR])
seals = st.sampled_from(["company", "legal_representative"])
# Chance alone goes wrong too often to come far.
mostly = st.integers(0, 4).map(lambda number: number < 4)
rarely = st.integers(0, 3).map(lambda number: number == 3)
jumps = st.sampled_from([2, 7, 31, 60, 119, 120, 175, 180, 241, 540, 600, 900, 1860])


class Orders(RuleBasedStateMachine):
    """Events in any order, on the real thing and on the model of it."""

    def __init__(self, scenery: Scenery, folder: Path) -> None:
        super().__init__()
        self.folder = folder
        self.world, self.model = World(scenery, folder), Expected()
        self.model.new_link()
        self.agreement = Agreement(self.world, self.model)
        self.confirmed = 0

    def teardown(self) -> None:
        self.world.stop()
        shutil.rmtree(self.folder)

    def same(self, answer: TestResponse, allowed: bool, *, touches: bool = False) -> None:
        """The answer is what the model says; a refusal leaves everything as it was.

        `touches`: this event may leave a trace even when it is refused.
        """
        said = answer.get_json(silent=True)
        assert answer.status_code < 500, said
        assert (answer.status_code < 400) == allowed, (answer.status_code, said)
        if not allowed:
            assert said["code"] not in ("", "internal")
            assert touches or self.world.facts() == self.agreement.before

    def browser(self, own: bool) -> int:
        """The one that is the page, or else the other."""
        page = self.model.holder or 0
        return page if own else 1 - page

    @initialize(
        tries=st.sampled_from([0, 0, 3, 4]),
        far=st.sampled_from([6, 5, 5, 4, 3, 2, 0]),
        person=people,
    )
    def begin(self, tries: int, far: int, person: str) -> None:
        """Start anywhere on the way: an order that begins at the QR seldom comes to a sealing."""
        if tries:
            self.world.count_tries(REPRESENTATIVE, tries)
            self.model.pins[REPRESENTATIVE].tries = tries
        for _ in range(far):
            self.go_on(person, "company", False)
            self.check()

    @precondition(lambda self: self.model.status not in FINAL)
    @rule(person=people, seal=seals, mistaken=rarely)
    def go_on(self, person: str, seal: str, mistaken: bool) -> None:
        model = self.model
        if model.holder is None:
            self.new_link()
            self.open(True, True)
        elif model.status == "sealing":
            self.work("")
        elif model.status == "awaiting_signer":
            self.go_on_before_the_pin(person, mistaken)
        elif not (model.right and model.right.is_live(model.now)):
            self.restart(True)
        elif not model.right.taken:
            self.load(True)
        else:
            self.confirm(True, seal, False)

    def go_on_before_the_pin(self, person: str, mistaken: bool) -> None:
        code = self.model.code
        if code is None or not code.is_open:
            self.restart(True)
        elif code.person is None:
            self.look(person)
            self.scan(person)
        else:
            self.meddle(REPRESENTATIVE if code.person == OPERATOR else OPERATOR)
            self.prove(code.person, True, not mistaken)

    def meddle(self, person: str) -> None:
        """Who did not scan knows the id, which is public, and has a PIN of his own (S-07)."""
        self.touch(person)
        self.prove(person, True, True)

    @rule()
    def new_link(self) -> None:
        assert self.world.new_link().status_code == 201
        self.model.new_link()

    @rule(own=mostly, newest=mostly)
    def open(self, own: bool, newest: bool) -> None:
        browser = self.browser(own)
        answer = self.world.open(browser, newest=newest)
        self.same(answer, self.model.open(browser, newest))

    @rule(own=mostly)
    def refresh(self, own: bool) -> None:
        browser = self.browser(own)
        self.same(self.world.act(browser, "refresh"), self.model.refresh(browser))

    @rule(own=mostly)
    def use_another_phone(self, own: bool) -> None:
        browser = self.browser(own)
        answer = self.world.act(browser, "another-phone")
        self.same(answer, self.model.use_another_phone(browser))

    @rule(own=mostly)
    def restart(self, own: bool) -> None:
        browser = self.browser(own)
        self.same(self.world.act(browser, "restart"), self.model.restart(browser))

    @rule(own=mostly)
    def make_public(self, own: bool) -> None:
        browser = self.browser(own)
        self.same(self.world.make_public(browser), self.model.make_public(browser))

    @rule(own=mostly)
    def leave(self, own: bool) -> None:
        browser = self.browser(own)
        self.same(self.world.leave(browser), self.model.leave(browser))

    @rule(own=mostly, sure=rarely)
    def cancel(self, own: bool, sure: bool) -> None:
        browser = self.browser(own)
        if sure:
            self.same(self.world.act(browser, "cancel"), self.model.cancel(browser))

    @rule(sure=rarely)
    def cancel_by_partner(self, sure: bool) -> None:
        if sure:
            self.same(self.world.cancel_by_partner(), self.model.cancel(None))

    @rule(own=mostly)
    def load(self, own: bool) -> None:
        browser = self.browser(own)
        self.same(self.world.act(browser, "load"), self.model.load(browser))

    @rule(own=mostly, seal=seals)
    def save(self, own: bool, seal: str) -> None:
        browser = self.browser(own)
        self.same(self.world.save(browser, seal), self.model.save(browser))

    @rule(own=mostly, seal=seals, again=st.booleans())
    def confirm(self, own: bool, seal: str, again: bool) -> None:
        browser = self.browser(own)
        self.confirmed += not again
        key = f"key-{self.confirmed}"
        answer = self.world.confirm(browser, key, seal)
        self.same(answer, self.model.confirm(browser, key, seal))

    @precondition(lambda self: self.model.shown and self.model.holder is not None)
    @rule(person=people)
    def look(self, person: str) -> None:
        if self.model.shown.state == "pending":
            frame = self.world.frame(self.model.holder, self.model.shown.id)
            self.same(self.world.look(person, frame), self.model.look(person))

    @precondition(lambda self: self.model.tickets)
    @rule(person=people)
    def scan(self, person: str) -> None:
        if person not in self.model.tickets:
            return
        code = self.model.tickets[person].code
        allowed = self.model.scan(person)
        self.same(self.world.scan(person, code.id), allowed)
        if allowed and code is self.model.shown and self.model.holder is not None:
            number = self.world.view(self.model.holder)["qr"]["reference_code"]
            code.number = number or code.number

    @precondition(lambda self: self.model.at)
    @rule(person=people, number=mostly, pin=mostly, sure=rarely)
    def prove_again(self, person: str, number: bool, pin: bool, sure: bool) -> None:
        """Rare, as each PIN takes a derivation; `go_on` proves where it leads on."""
        if person in self.model.at and sure:
            self.prove(person, number, pin)

    def prove(self, person: str, number: bool, pin: bool) -> None:
        code = self.model.at[person]
        right = number and code.number is not None
        pick = code.number if right else f"{(int(code.number or 10) + 1) % 100:02d}"
        answer = self.world.prove(person, code.id, number=pick, pin=pin)
        mine = code.is_at(person)
        allowed = self.model.prove(person, number=right, pin=pin)
        self.same(answer, allowed, touches=mine)

    @precondition(lambda self: self.model.at)
    @rule(person=people, sure=rarely)
    def decline(self, person: str, sure: bool) -> None:
        if person in self.model.at and sure:
            answer = self.world.tell(person, self.model.at[person].id, "decline")
            self.same(answer, self.model.decline(person))

    @precondition(lambda self: self.model.at)
    @rule(person=people)
    def touch(self, person: str) -> None:
        if person in self.model.at:
            answer = self.world.tell(person, self.model.at[person].id, "touch")
            self.same(answer, self.model.touch(person))

    @rule(on=st.booleans())
    def suspend_the_seal(self, on: bool) -> None:
        self.world.suspend(on=on)
        self.model.suspended = on

    @rule(on=st.booleans())
    def revoke_the_grant(self, on: bool) -> None:
        self.world.revoke(on=on)
        self.model.revoked = on

    @precondition(lambda self: self.model.uses)
    @rule(dies_at=st.sampled_from(["", *STEPS]))
    def work(self, dies_at: str) -> None:
        assert self.world.work(dies_at) == self.model.work(dies_at)

    @precondition(lambda self: self.model.status == "sealing")
    @rule(dies_at=st.sampled_from(STEPS), suspended=st.booleans(), revoked=st.booleans())
    def die_and_be_replaced(self, dies_at: str, suspended: bool, revoked: bool) -> None:
        self.work(dies_at)
        self.suspend_the_seal(suspended)
        self.revoke_the_grant(revoked)
        self.pass_time(JOB_LEASE + 1)
        self.work("")

    @rule()
    def sweep(self) -> None:
        self.world.sweep()
        self.model.sweep()

    @rule()
    def restart_the_process(self) -> None:
        self.world.restart_process()
        assert self.world.facts() == self.agreement.before

    @precondition(lambda self: self.model.shown)
    @rule(sure=rarely)
    def lose_the_store(self, sure: bool) -> None:
        if sure:
            self.world.lose_the_store()
            self.model.lose_the_store()

    @rule(seconds=jumps)
    def pass_time(self, seconds: int) -> None:
        self.world.pass_time(seconds)
        self.model.pass_time(seconds)

    # What must be true after every event

    @invariant()
    def check(self) -> None:
        self.agreement.check()


@pytest.mark.row(
    "S-05", "S-06", "S-07", "S-08", "S-09", "S-12", "S-29", "S-30", "R-01", "R-03", "R-06"
)
@pytest.mark.timeout(0 if PROFILE == "long" else 300)
def test_a_task_keeps_its_rules_in_every_order(product: Product, tmp_path: Path) -> None:
    scenery = Scenery.of(product)
    numbers = count()

    def machine() -> Orders:
        return Orders(scenery, tmp_path / f"order-{next(numbers)}")

    run_state_machine_as_test(machine, settings=PROFILES[PROFILE])
