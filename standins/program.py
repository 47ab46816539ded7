"""A stand-in as a program: a folder for what it keeps, an address on its first line."""

import argparse
import signal
import socket
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

from flask import Flask

from standins.serving import served


def run(
    name: str, make_app: Callable[[Path], Flask], arguments: Sequence[str] | None = None
) -> int:
    """Serve until interrupted; 2 when started for production."""
    parser = argparse.ArgumentParser(prog=name)
    parser.add_argument("--port", type=int, default=0, help="0 (default) takes a free port")
    parser.add_argument("--folder", type=Path, required=True, help="where the settings are kept")
    parser.add_argument("--profile", default="development")
    options = parser.parse_args(arguments)
    if options.profile == "production":
        sys.stderr.write("演示替身不能用于生产环境。 This stand-in refuses production.\n")
        return 2
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    with served(make_app(options.folder), options.port or same_port(options.folder)) as address:
        sys.stdout.write(f"{address}\n")
        sys.stdout.flush()
        stop.wait()
    return 0


def same_port(folder: Path) -> int:
    """The port of the last start if it is free, else another that is.

    What the product knows of a house is known under the house's address.
    """
    found = int(kept(folder, "port", lambda: "0"))
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", found))
        except OSError:
            probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    (folder / "port").write_text(str(port))
    return port


def kept(folder: Path, name: str, make: Callable[[], str]) -> str:
    """The text of a file for its owner alone, made at the first start."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / name
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(make())
    return path.read_text()
