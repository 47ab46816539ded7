"""The signing PIN of the model: five wrong ones lock (Settled 6, S-21)."""

from dataclasses import dataclass

TRIES, LOCKS = 5, (900, 86_400)


@dataclass
class Pin:
    tries: int = 0
    locks: int = 0
    locked_until: int = 0

    def take(self, right: bool, now: int) -> str:
        """`right`, `wrong` or `locked`; a try is counted before it is judged."""
        if now < self.locked_until:
            return "locked"
        if self.locked_until:
            self.tries, self.locked_until = 0, 0
        if right:
            self.tries = self.locks = 0
            return "right"
        self.tries += 1
        if self.tries < TRIES:
            return "wrong"
        self.locked_until = now + LOCKS[min(self.locks, 1)]
        self.locks += 1
        return "locked"
