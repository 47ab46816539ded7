"""The outside world, one folder for each kind of service.

A kind is a Protocol with its errors; each implementation is a file beside it. An implementation
that exists for development says so by `development_only = True`.
"""

from collections.abc import Iterable


class DoubleInProduction(Exception):
    """A development double was about to serve real people: the start is refused."""


def refuse_doubles(providers: Iterable[object]) -> None:
    """Called by the composition roots in the production profile; raises DoubleInProduction."""
    doubles = [type(p).__name__ for p in providers if getattr(p, "development_only", True)]
    if doubles:
        raise DoubleInProduction(", ".join(sorted(doubles)))
