"""Breakers around the services outside, put on when a process is assembled (R-09)."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, ClassVar, Protocol, TypeVar, cast

from server.core.breaker import Breaker
from server.core.clock import Clock
from server.core.errors import Unavailable


class Provider(Protocol):
    """What every provider says of itself."""

    development_only: ClassVar[bool]


P = TypeVar("P", bound=Provider)


def guarded(
    provider: P, names: Sequence[str], clock: Clock, refusal: Callable[[], Unavailable]
) -> P:
    """The provider with a breaker before each of the named calls; a double as it is.

    Each call has a breaker of its own, as one may work while another fails: WeChat's login needs
    no access token, and must not go down with those that do.
    """
    return (
        provider
        if provider.development_only
        else cast(P, _Guarded(provider, names, clock, refusal))
    )


class _Guarded:
    def __init__(
        self, behind: Any, names: Sequence[str], clock: Clock, refusal: Callable[[], Unavailable]
    ) -> None:
        self._behind = behind
        for name in names:
            breaker = Breaker(f"{type(behind).__name__}.{name}", clock, refusal)
            setattr(self, name, partial(breaker.call, getattr(behind, name)))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._behind, name)
