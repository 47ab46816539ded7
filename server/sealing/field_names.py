"""Names for the fields that a revision adds."""

from collections.abc import Iterable

from server.sealing.errors import FieldNameTaken


class FieldNames:
    """Hands out names that no field of the document has."""

    def __init__(self, taken: Iterable[str]) -> None:
        self._taken = set(taken)
        self._last = 0

    def take(self, wanted: str | None) -> str:
        """The wanted name, else the next free one. Raises FieldNameTaken."""
        name = wanted or self._next()
        if name in self._taken:
            raise FieldNameTaken(name=name)
        self._taken.add(name)
        return name

    def _next(self) -> str:
        while True:
            self._last += 1
            if f"Seal{self._last}" not in self._taken:
                return f"Seal{self._last}"
