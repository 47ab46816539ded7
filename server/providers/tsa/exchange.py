"""One exchange with a time-stamp authority: request, reply, and the check of what came back."""

import secrets
from collections.abc import Callable, Sequence

from cryptography import x509

from server.pki.timestamp import (
    TimestampInvalid,
    TimestampRequest,
    build_request,
    token_of_response,
)
from server.pki.timestamp_check import check_token
from server.providers.tsa import TsaAnswerRejected

NONCE_BITS = 64


def exchange(
    send: Callable[[bytes], bytes],
    imprint: bytes,
    hash_name: str,
    roots: Sequence[x509.Certificate],
) -> bytes:
    """A checked TimeStampToken (DER); `send` carries the request (DER) and brings the reply.

    Raises TsaAnswerRejected, whose `cause` is the code of the broken rule.
    """
    # The top bit is set, so that the nonce always has its full length.
    nonce = secrets.randbits(NONCE_BITS - 1) | 1 << (NONCE_BITS - 1)
    asked = TimestampRequest(hash_name, imprint, nonce=nonce)
    reply = send(build_request(asked))
    try:
        token = token_of_response(reply)
        check_token(token, asked, roots)
    except TimestampInvalid as error:
        raise TsaAnswerRejected(cause=error.code) from error
    return token
