"""Outside services whose caller dies, or that go away, at a chosen call."""

from collections.abc import Callable
from typing import Any


class Died(BaseException):
    """The process is gone: nothing catches this, and no transaction ends."""


class Struck:
    """Stands before a service. The `at`-th call of `name` is made, and then `fate` happens, so that
    its answer is lost; `calls` holds what each call of it returned.
    """

    development_only = True

    def __init__(
        self, behind: Any, name: str, at: int = 0, fate: Callable[[], BaseException] = Died
    ) -> None:
        self._behind, self._name, self._at, self._fate = behind, name, at, fate
        self.calls: list[Any] = []

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._behind, name)
        return self._struck(found) if name == self._name else found

    def _struck(self, found: Callable[..., Any]) -> Callable[..., Any]:
        def call(*given: Any, **named: Any) -> Any:
            answer = found(*given, **named)
            self.calls.append(answer)
            if len(self.calls) == self._at:
                raise self._fate()
            return answer

        return call


class Away:
    """A service of which every call raises."""

    development_only = True

    def __init__(self, refusal: Callable[[], Exception]) -> None:
        self._refusal = refusal

    def __getattr__(self, _name: str) -> Any:
        def call(*_given: Any, **_named: Any) -> Any:
            raise self._refusal()

        return call


class DiesInside:
    """A transaction whose process dies right before it commits."""

    def __init__(self, behind: Any) -> None:
        self.behind = behind

    def __enter__(self) -> Any:
        self.uow = self.behind.__enter__()
        return self.uow

    def __exit__(self, *_: object) -> None:
        self.uow.session.flush()
        death = Died()
        self.behind.__exit__(Died, death, None)
        raise death
