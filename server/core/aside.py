"""What an answer must not wait for, because the time that it takes would tell a secret."""

import threading
from collections.abc import Callable

Aside = Callable[[Callable[[], object]], object]
"""Does something beside the request; it may be lost with the process."""


def in_a_thread(act: Callable[[], object]) -> None:
    """At once, in a thread of its own; on a server of one thread that is its own kind."""
    threading.Thread(target=act, daemon=True).start()
