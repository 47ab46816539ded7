"""The states of an application and the moves between them; pure.

Review stands before certification: the text message of B4.1 comes after it. The fast way (A5) has
neither, and goes from the draft straight to issuing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from server.applications.errors import (
    ApplicationEnded,
    ApplicationMovedOn,
    ApplicationNotReady,
    TooLateToWithdraw,
)


class ApplicationState(StrEnum):
    """Where an application stands."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    CORRECTION = "correction"
    CERTIFYING = "certifying"
    ISSUING = "issuing"
    DONE = "done"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


STATE_WORDS: Mapping[ApplicationState, str] = {
    ApplicationState.DRAFT: "草稿",
    ApplicationState.IN_REVIEW: "审核中",
    ApplicationState.CORRECTION: "待补正",
    ApplicationState.CERTIFYING: "待认证",
    ApplicationState.ISSUING: "印章生成中",
    ApplicationState.DONE: "已完成",
    ApplicationState.REJECTED: "已驳回",
    ApplicationState.WITHDRAWN: "已撤销",
    ApplicationState.EXPIRED: "已失效",
}


class Move(StrEnum):
    """What may happen to an application."""

    SUBMIT = "submit"
    SUBMIT_FAST = "submit_fast"
    APPROVE = "approve"
    ASK_CORRECTION = "ask_correction"
    REJECT = "reject"
    CERTIFIED = "certified"
    FINISH = "finish"
    WITHDRAW = "withdraw"
    EXPIRE = "expire"
    REFUSE = "refuse"


S = ApplicationState
EDITABLE: Final = frozenset({S.DRAFT, S.CORRECTION})
ENDED: Final = frozenset({S.REJECTED, S.WITHDRAWN, S.EXPIRED})
# Submitted and not yet decided for good: its kinds of seals are taken.
UNDER_WAY: Final = frozenset({S.IN_REVIEW, S.CORRECTION, S.CERTIFYING, S.ISSUING})
_STEP: Final = {S.DRAFT: 0, S.CORRECTION: 0, S.IN_REVIEW: 1, S.CERTIFYING: 2, S.ISSUING: 3}


@dataclass(frozen=True)
class _Rule:
    sources: frozenset[ApplicationState]
    target: ApplicationState


def _rule(target: ApplicationState, *sources: ApplicationState) -> _Rule:
    return _Rule(frozenset(sources), target)


# REFUSE is the registry's: representative or company are not as they were when it was submitted.
_RULES: Final[Mapping[Move, _Rule]] = {
    Move.SUBMIT: _rule(S.IN_REVIEW, S.DRAFT, S.CORRECTION),
    Move.SUBMIT_FAST: _rule(S.ISSUING, S.DRAFT),
    Move.APPROVE: _rule(S.CERTIFYING, S.IN_REVIEW),
    Move.ASK_CORRECTION: _rule(S.CORRECTION, S.IN_REVIEW),
    Move.REJECT: _rule(S.REJECTED, S.IN_REVIEW),
    Move.CERTIFIED: _rule(S.ISSUING, S.CERTIFYING),
    Move.FINISH: _rule(S.DONE, S.ISSUING),
    Move.WITHDRAW: _rule(S.WITHDRAWN, S.DRAFT, S.CORRECTION, S.IN_REVIEW, S.CERTIFYING),
    Move.EXPIRE: _rule(S.EXPIRED, S.DRAFT, S.CORRECTION, S.CERTIFYING),
    Move.REFUSE: _rule(S.REJECTED, S.IN_REVIEW, S.CERTIFYING, S.ISSUING),
}


def after(state: ApplicationState, move: Move) -> ApplicationState:
    """The state that a move leads to.

    Raises ApplicationEnded for one that is over (late), ApplicationMovedOn for a move that was
    made before (twice), ApplicationNotReady for one whose turn has not come (order), and
    TooLateToWithdraw.
    """
    rule = _RULES[move]
    if state in rule.sources:
        return rule.target
    if state in ENDED:
        raise ApplicationEnded(state=state.value)
    if move == Move.WITHDRAW:
        raise TooLateToWithdraw(state=state.value)
    first = min(_STEP[one] for one in rule.sources)
    if _STEP.get(state, len(_STEP)) < first:
        raise ApplicationNotReady(state=state.value)
    raise ApplicationMovedOn(state=state.value)


def require_editable(state: ApplicationState) -> None:
    """Raise ApplicationEnded or ApplicationMovedOn unless its content may still be changed."""
    if state not in EDITABLE:
        raise (ApplicationEnded if state in ENDED else ApplicationMovedOn)(state=state.value)
