"""Access tokens: the legacy one, which each fetch retires, and the stable one."""

import secrets
from dataclasses import dataclass, field
from typing import Final

from standins.wechat.refusals import Refusal

LIFE: Final = 7200
OVERLAP: Final = 300
FORCED_PER_DAY: Final = 20
FORCED_PAUSE: Final = 30
DAY: Final = 86_400


@dataclass
class TokenDesk:
    """`ends` knows every token that was ever given out; a revoked one is unknown (40001)."""

    ends: dict[str, float] = field(default_factory=dict)
    legacy: str = ""
    stable: str = ""
    forced: list[float] = field(default_factory=list)

    def give_legacy(self, now: float) -> tuple[str, int]:
        """A new token each time; the one before lives five minutes more, at most."""
        self._retire(self.legacy, now)
        self.legacy = self._new(now)
        return self.legacy, LIFE

    def give_stable(self, now: float, *, force: bool) -> tuple[str, int]:
        """The same token until its last five minutes; by force a new one, and the old one dies."""
        if force and self._may_force(now):
            self.ends.pop(self.stable, None)
            self.stable = ""
        left = self.ends.get(self.stable, 0.0) - now
        if left <= OVERLAP:
            self._retire(self.stable, now)
            self.stable, left = self._new(now), LIFE
        return self.stable, int(left)

    def check(self, token: str, now: float) -> None:
        """Raises 41001 for none, 40001 for an unknown one, 42001 for one that has ended."""
        if not token:
            raise Refusal(41001)
        if token not in self.ends:
            raise Refusal(40001)
        if self.ends[token] <= now:
            raise Refusal(42001)

    def revoke(self) -> None:
        """Nobody knows any token any more."""
        self.ends.clear()

    def expire(self, now: float) -> None:
        """All tokens end now."""
        self.ends = dict.fromkeys(self.ends, now)

    def _may_force(self, now: float) -> bool:
        self.forced = [one for one in self.forced if one > now - DAY]
        if self.forced and now - self.forced[-1] < FORCED_PAUSE:
            return False
        if len(self.forced) >= FORCED_PER_DAY:
            raise Refusal(45009)
        self.forced.append(now)
        return True

    def _new(self, now: float) -> str:
        fresh = f"84_{secrets.token_urlsafe(96)}"
        self.ends[fresh] = now + LIFE
        return fresh

    def _retire(self, token: str, now: float) -> None:
        if token in self.ends:
            self.ends[token] = min(self.ends[token], now + OVERLAP)
