"""Each move has its states; every other try has its own error: order, late, twice."""

import pytest

from server.applications.errors import (
    ApplicationEnded,
    ApplicationMovedOn,
    ApplicationNotReady,
    TooLateToWithdraw,
)
from server.applications.lifecycle import ENDED, ApplicationState, Move, after, require_editable

S = ApplicationState
LEADS = {
    (S.DRAFT, Move.SUBMIT): S.IN_REVIEW,
    (S.CORRECTION, Move.SUBMIT): S.IN_REVIEW,
    (S.DRAFT, Move.SUBMIT_FAST): S.ISSUING,
    (S.IN_REVIEW, Move.APPROVE): S.CERTIFYING,
    (S.IN_REVIEW, Move.ASK_CORRECTION): S.CORRECTION,
    (S.IN_REVIEW, Move.REJECT): S.REJECTED,
    (S.CERTIFYING, Move.CERTIFIED): S.ISSUING,
    (S.ISSUING, Move.FINISH): S.DONE,
    (S.DRAFT, Move.WITHDRAW): S.WITHDRAWN,
    (S.CORRECTION, Move.WITHDRAW): S.WITHDRAWN,
    (S.IN_REVIEW, Move.WITHDRAW): S.WITHDRAWN,
    (S.CERTIFYING, Move.WITHDRAW): S.WITHDRAWN,
    (S.DRAFT, Move.EXPIRE): S.EXPIRED,
    (S.CORRECTION, Move.EXPIRE): S.EXPIRED,
    (S.CERTIFYING, Move.EXPIRE): S.EXPIRED,
    (S.IN_REVIEW, Move.REFUSE): S.REJECTED,
    (S.CERTIFYING, Move.REFUSE): S.REJECTED,
    (S.ISSUING, Move.REFUSE): S.REJECTED,
}
EVERY = [(state, move) for state in S for move in Move]


@pytest.mark.parametrize(("state", "move"), LEADS)
def test_a_move_leads_from_its_states_to_one(state: S, move: Move) -> None:
    assert after(state, move) == LEADS[state, move]


@pytest.mark.parametrize(("state", "move"), [one for one in EVERY if one not in LEADS])
def test_no_other_move_is_made_from_any_state(state: S, move: Move) -> None:
    expected: tuple[type[Exception], ...] = (ApplicationMovedOn, ApplicationNotReady)
    if state in ENDED:
        expected = (ApplicationEnded,)
    elif move == Move.WITHDRAW:
        expected = (TooLateToWithdraw,)
    with pytest.raises(expected) as refused:
        after(state, move)
    assert refused.value.details == {"state": state.value}  # type: ignore[attr-defined]


@pytest.mark.row("F-21", "S-31")
def test_a_step_before_its_turn_is_named_otherwise_than_one_that_was_done() -> None:
    with pytest.raises(ApplicationNotReady):
        after(S.DRAFT, Move.CERTIFIED)
    with pytest.raises(ApplicationNotReady):
        after(S.IN_REVIEW, Move.FINISH)
    with pytest.raises(ApplicationMovedOn):
        after(S.CERTIFYING, Move.SUBMIT)
    with pytest.raises(ApplicationMovedOn):
        after(S.DONE, Move.CERTIFIED)


def test_only_a_draft_or_what_came_back_is_changed() -> None:
    for state in (S.DRAFT, S.CORRECTION):
        require_editable(state)
    for state in (S.IN_REVIEW, S.CERTIFYING, S.ISSUING, S.DONE):
        with pytest.raises(ApplicationMovedOn):
            require_editable(state)
    for state in ENDED:
        with pytest.raises(ApplicationEnded):
            require_editable(state)
