"""What a request that is sent twice at once and once more may be told, row by row."""

from dataclasses import dataclass

from tests.factories import changes

# A different word each time by intention: a link or a proof that works once, a new code to scan.
FRESH = {"open_url", "ticket", "qr", "request_id", "retry_after"}


@dataclass(frozen=True)
class Route:
    """How a request is made ready, and what a repetition is told; None: the same again."""

    ready: changes.Ready
    later: tuple[int, str] | None = None
    # Of two at once one alone is content; False where the other, as early, ends the same thing.
    alone: bool = True
    # Tables in which a repetition leaves a row of its own, which takes the first one's place.
    anew: frozenset[str] = frozenset()
    # What differs in each answer, besides FRESH.
    fresh: frozenset[str] = frozenset()
    # What one of two at once may be told while the other is at work; later it is told the same.
    busy: tuple[int, str] | None = None


WRONG_STATE, ENDED = (409, "wrong_state"), (409, "access_denied")
# Both agreements are consented to at once, each in a row of its own.
CONSENTS = frozenset({"consents"})
SESSIONS = frozenset({"account_sessions"})
CHECKS = frozenset({"face_checks"})
