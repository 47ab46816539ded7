"""What a hostile file might make a child process do."""

import os
import signal
import socket
import threading
import time
from pathlib import Path

from server.sealing.errors import PdfDamaged


def spin() -> None:
    while True:
        pass


def burn(seconds: float) -> int:
    """Use CPU for so long, and say which process did."""
    end = time.process_time() + seconds
    while time.process_time() < end:
        pass
    return os.getpid()


def hang() -> None:
    threading.Event().wait()


def eat_memory(size: int) -> int:
    return len(bytearray(size))


def crash() -> None:
    os.kill(os.getpid(), signal.SIGSEGV)


def recurse(depth: int = 0) -> int:
    return recurse(depth + 1)


def refuse() -> None:
    raise PdfDamaged(where="here")


def read_environment() -> tuple[dict[str, str], bytes]:
    """The environment as Python sees it, and as it stands in memory."""
    fields = Path("/proc/self/stat").read_bytes().rpartition(b")")[2].split()
    start, end = int(fields[47]), int(fields[48])
    with open("/proc/self/mem", "rb") as memory:
        memory.seek(start)
        return dict(os.environ), memory.read(end - start)


def open_files() -> list[str]:
    """Where the descriptors from 3 on lead."""
    folder = Path("/proc/self/fd")
    links = [(entry.name, folder / entry.name) for entry in os.scandir(folder)]
    return sorted(os.readlink(link) for name, link in links if int(name) > 2 and link.is_symlink())


def connect(port: int) -> str:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=2).close()
    except OSError as error:
        return str(error)
    return "connected"


def write_file(path: str) -> str:
    try:
        Path(path).write_bytes(b"written")
    except OSError as error:
        return str(error)
    return "written"


class Unreadable:
    """It is written down and cannot be read again, as with some parsers' own objects."""

    def __setstate__(self, state: object) -> None:
        raise AttributeError("nothing to hold on to")

    def __getstate__(self) -> dict[str, int]:
        return {"some": 1}


class Untold(Exception):
    """Made with more than its words."""

    def __init__(self, *, where: str) -> None:
        super().__init__(where)


def bring_what_nobody_can_read() -> Unreadable:
    return Unreadable()


def fail_in_a_way_that_does_not_travel() -> None:
    raise Untold(where="here")
