"""Waiting pages with the stock socket.io client of Node.js, and what each of them has heard."""

import json
import shutil
import subprocess
from pathlib import Path
from threading import Thread
from typing import Any

from tests import services
from tests.qr_session.patience import within

ROOT = Path(__file__).parents[2]
SCRIPT = Path(__file__).parent / "pages.mjs"


class Pages:
    """Any number of pages in one Node.js process."""

    def __init__(self, base: str) -> None:
        node = shutil.which("node") or services.missing("Node.js")
        if not (ROOT / "node_modules" / "socket.io-client").is_dir():
            services.missing("socket.io-client (./test fetches it)")
        self.heard: dict[str, list[dict[str, Any]]] = {}
        self._base = base
        self._process = subprocess.Popen(
            [node, str(SCRIPT)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT
        )
        self._reader = Thread(target=self._read, daemon=True)
        self._reader.start()

    def open(self, page: str, ticket: str, cookie: str = "", *, address: str = "127.0.0.1") -> None:
        """One page more, which comes back by itself whenever its connection ends.

        `cookie`: of the browser that the ticket was given to, where it was given to one.
        `address`: of this machine, from which it connects.
        """
        self.heard[page] = []
        whose = {"cookie": cookie, "address": address}
        told = {"id": page, "base": self._base, "ticket": ticket, **whose}
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(told).encode() + b"\n")
        self._process.stdin.flush()

    def close(self) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(10)
        self._reader.join(10)
        self._process.stdout.close()

    def states(self, page: str) -> list[str]:
        """The states that a page was told, each change once."""
        told = [one["state"] for one in self.heard[page] if "state" in one]
        return [
            state for state, before in zip(told, [None, *told], strict=False) if state != before
        ]

    def shows(self, page: str) -> str | None:
        """The state that a page has; None when it has none, or lost its connection since."""
        told = [one for one in self.heard[page] if one["name"] != "connect_error"]
        return told[-1].get("state") if told else None

    def show(self, expected: dict[str, str], seconds: float) -> bool:
        """Whether each page comes to show its state within some seconds."""
        return within(
            seconds, lambda: all(self.shows(page) == state for page, state in expected.items())
        )

    def lost(self) -> int:
        """How many connections have ended so far."""
        return sum(
            one["name"] == "disconnect" for page in list(self.heard) for one in self.heard[page]
        )

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            told = json.loads(line)
            self.heard[told["id"]].append(told)
