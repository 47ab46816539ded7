"""What must be true after every event: rows, QR session, page and model say the same."""

from qr_session import QrSession
from tests.server.signing.model.expected import OPERATOR, Expected
from tests.server.signing.model.world import Facts, World

OPEN = ("awaiting_signer", "authorized", "sealing", "failed")
FINAL = ("sealed", "cancelled")


class Agreement:
    """Holds the real task against the model; `before` is what was true after the last event."""

    def __init__(self, world: World, model: Expected) -> None:
        self.world, self.model = world, model
        self.before: Facts = world.facts()
        self.checked_at = -1

    def check(self) -> None:
        facts = self.world.facts()
        self.the_row_is_as_expected(facts)
        self.the_session_is_as_expected(facts.session)
        if (facts, self.model.now) != (self.before, self.checked_at):
            self.there_is_one_document_or_none_and_all_rows_agree(facts)
            self.the_page_shows_what_the_rows_say()
        self.before, self.checked_at = facts, self.model.now

    def the_row_is_as_expected(self, facts: Facts) -> None:
        task, model = facts.task, self.model
        if model.code is not None and not model.code.id:
            assert task["qr_session_id"] not in ("", self.before.task["qr_session_id"])
            model.code.id = task["qr_session_id"]
        assert task["status"] == model.status
        assert self.before.task["status"] in (model.status, *OPEN), "what has ended stays"
        assert task["qr_session_id"] == (model.code.id if model.code else "")
        signer = model.right.person if model.right else ""
        assert task["signer_id"] == self.world.accounts.get(signer)

    def the_session_is_as_expected(self, session: QrSession | None) -> None:
        code = self.model.shown
        assert (session is None) == (code is None)
        if session is None or code is None:
            return
        assert (session.state, session.reference_ok) == (code.state, code.picked)
        assert session.progress == code.progress
        scanned_by = session.phone.account if session.phone else None
        assert scanned_by == self.world.accounts.get(code.person or "")
        left = (session.deadline - self.world.clock.now()).total_seconds()
        assert not code.is_open or left == code.deadline - self.model.now

    def there_is_one_document_or_none_and_all_rows_agree(self, facts: Facts) -> None:
        truth, uses = self.world.truth(), self.model.uses
        assert truth.documents <= 1
        assert truth.is_whole, truth
        assert truth.uses == tuple(use.state for use in uses)
        counted = [use for use in uses if use.person == OPERATOR and use.state != "released"]
        assert facts.granted_uses == len(counted)
        if self.model.status in (*FINAL, "awaiting_signer"):
            assert truth.releases == 0, "no key outlives its right"

    def the_page_shows_what_the_rows_say(self) -> None:
        model = self.model
        if model.holder is None:
            return
        view, right = self.world.view(model.holder), model.right
        live = right is not None and right.taken and right.is_live(model.now)
        assert view["task"]["status"] == model.status
        assert view["public_computer"] == model.is_public
        assert (view["qr"] or {}).get("state") == (model.shown.state if model.shown else None)
        assert (view["grant"] is not None) == live
        assert {seal["kind"] for seal in view["seals"]} == (
            right.seals if right and live else set()
        )
        assert (view["result"] is not None) == (model.status == "sealed")
        assert (view["task"]["failure"] is not None) == (model.status == "failed")
