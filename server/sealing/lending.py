"""Large arguments of a call to another process go by shared memory: a pipe copies them thrice."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

LARGE = 2**20
SHARED_MEMORY = Path("/dev/shm")  # noqa: S108  (in memory; the names are random)


@dataclass(frozen=True)
class Lent:
    """Bytes that lie in a file in memory, which only this user can read."""

    path: str

    def read(self) -> bytes:
        return Path(self.path).read_bytes()


@contextmanager
def lent(arguments: Sequence[Any], folder: Path = SHARED_MEMORY) -> Iterator[list[Any]]:
    """The arguments with large bytes lent for as long as the call takes.

    Where there is no shared memory, or too little of it, they are left as they are.
    """
    with ExitStack() as until_done:
        yield [_lend(one, folder, until_done) for one in arguments]


def returned(arguments: Sequence[Any]) -> list[Any]:
    """The arguments as they were, in the process that was called."""
    return [one.read() if isinstance(one, Lent) else one for one in arguments]


def _lend(argument: Any, folder: Path, until_done: ExitStack) -> Any:
    if type(argument) is not bytes or len(argument) < LARGE:
        return argument
    try:
        return until_done.enter_context(_shared(argument, folder))
    except OSError:
        return argument


@contextmanager
def _shared(content: bytes, folder: Path) -> Iterator[Lent]:
    with NamedTemporaryFile(dir=folder, prefix="guiyin-") as file:
        file.write(content)
        file.flush()
        yield Lent(file.name)
