"""What the platform publishes of itself: its endpoints and its keys, kept for an hour."""

import threading
from datetime import datetime, timedelta
from typing import Any, Final

from joserfc.jwk import KeySet

from server.core.clock import Clock
from server.providers.bounded import BoundedSession

KEPT: Final = timedelta(hours=1)
# A forged token must not make us ask the platform for its keys each time.
PAUSE: Final = timedelta(minutes=1)
WELL_KNOWN: Final = "/.well-known/openid-configuration"


class Discovery:
    """The documents of one issuer (OpenID Connect Discovery 4). Raises requests' errors,
    ValueError for what is not the issuer's, LookupError for what it does not have.
    """

    def __init__(self, issuer: str, read_seconds: float, clock: Clock) -> None:
        self._issuer, self._read_seconds, self._clock = issuer, read_seconds, clock
        self._lock = threading.Lock()
        self._metadata: dict[str, Any] = {}
        self._keys: KeySet | None = None
        self._metadata_at = self._keys_at = datetime.min.replace(tzinfo=clock.now().tzinfo)

    def endpoint(self, name: str) -> str:
        """An address of the platform's; over https wherever the issuer itself is."""
        with self._lock:
            if self._clock.now() >= self._metadata_at + KEPT:
                found = self._fetched(self._issuer.rstrip("/") + WELL_KNOWN)
                if found.get("issuer") != self._issuer:
                    raise ValueError("another issuer")
                self._metadata, self._metadata_at = found, self._clock.now()
            address = str(self._metadata[name])
        scheme = self._issuer.partition(":")[0]
        if not address.startswith((f"{scheme}://", "https://")):
            raise ValueError("an address that is not safe")
        return address

    def keys(self) -> KeySet:
        """The platform's public keys."""
        return self._keys_younger_than(KEPT)

    def newer_keys(self) -> KeySet:
        """The same, fetched again, though not more often than once a minute."""
        return self._keys_younger_than(PAUSE)

    def _keys_younger_than(self, age: timedelta) -> KeySet:
        address = self.endpoint("jwks_uri")
        with self._lock:
            if self._keys is None or self._clock.now() >= self._keys_at + age:
                published: Any = self._fetched(address)
                self._keys, self._keys_at = KeySet.import_key_set(published), self._clock.now()
            return self._keys

    def _fetched(self, address: str) -> dict[str, Any]:
        with BoundedSession(read_seconds=self._read_seconds) as session:
            answer = session.get(address)
        answer.raise_for_status()
        found = answer.json()
        if not isinstance(found, dict):
            raise TypeError("a document is an object")
        return found
