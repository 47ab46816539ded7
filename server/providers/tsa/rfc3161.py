"""Time stamps from an authority on the network (RFC 3161 over HTTP), with a second address."""

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

import httpx
from cryptography import x509

from server.providers.tsa import TsaTimeout, TsaUnavailable, TsaUnreachable
from server.providers.tsa.exchange import exchange

TRIES = 2
REPLY_BYTES = 64 * 1024
AT_ONCE = 4


@dataclass(frozen=True)
class TsaService:
    """Where to ask, in order; whom to trust (DER); how long one try may take, in seconds."""

    addresses: Sequence[str]
    roots: Sequence[bytes]
    timeout_s: float = 5.0


class Rfc3161Tsa:
    """Two tries in all, each with a limit of its own: at worst `stamp` takes twice `timeout_s`."""

    development_only: ClassVar[bool] = False

    def __init__(self, service: TsaService, transport: httpx.BaseTransport | None = None) -> None:
        if not service.addresses:
            raise ValueError("a time-stamp authority needs an address")
        self._service = service
        self._roots = [x509.load_der_x509_certificate(root) for root in service.roots]
        # No proxy out of the environment: what the service talks to stands in its settings.
        self._client = httpx.Client(timeout=service.timeout_s, trust_env=False, transport=transport)
        # httpx limits each read, not the whole: an answer that drips in is cut off from outside.
        self._tries = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="tsa")

    def stamp(self, imprint: bytes, hash_name: str = "sha256") -> bytes:
        """See Tsa.stamp. Any failure, also an answer that does not stand, leads to the next try."""
        failure = TsaUnavailable()
        for number in range(TRIES):
            address = self._service.addresses[number % len(self._service.addresses)]
            try:
                return exchange(partial(self._send, address), imprint, hash_name, self._roots)
            except TsaUnavailable as error:
                failure = error
        raise failure

    def roots(self) -> list[bytes]:
        """See Tsa.roots."""
        return list(self._service.roots)

    def close(self) -> None:
        """End the connections; tries that still hang are left to their own limits."""
        self._tries.shutdown(wait=False, cancel_futures=True)
        self._client.close()

    def _send(self, address: str, request: bytes) -> bytes:
        attempt = self._tries.submit(self._post, address, request)
        try:
            return attempt.result(timeout=self._service.timeout_s)
        except (TimeoutError, httpx.TimeoutException) as error:
            attempt.cancel()
            raise TsaTimeout from error
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise TsaUnreachable from error

    def _post(self, address: str, request: bytes) -> bytes:
        ends = time.monotonic() + self._service.timeout_s
        kind = {"Content-Type": "application/timestamp-query"}
        reply = b""
        with self._client.stream("POST", address, content=request, headers=kind) as response:
            response.raise_for_status()
            for piece in response.iter_bytes():
                reply += piece
                if len(reply) > REPLY_BYTES:
                    raise TsaUnreachable(rule="reply_too_long")
                if time.monotonic() > ends:
                    raise TsaTimeout
        return reply
