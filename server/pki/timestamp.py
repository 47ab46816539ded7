"""Time stamps by RFC 3161: the request, the reply, and what a token says."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, ClassVar

from asn1crypto import cms, core, tsp

from server.core.errors import Invalid

DIGEST_BYTES = {"sha256": 32, "sha384": 48, "sha512": 64}
GRANTED = ("granted", "granted_with_mods")
# What asn1crypto raises on bytes that are not what they should be.
UNREADABLE = (ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError)


class TimestampReply(core.Sequence):  # type: ignore[misc]
    """TimeStampResp (RFC 3161 2.4.2); asn1crypto's own takes no refusal, which has no token."""

    _fields: ClassVar = [
        ("status", tsp.PKIStatusInfo),
        ("time_stamp_token", cms.ContentInfo, {"optional": True}),
    ]


class TimestampInvalid(Invalid):
    """A time stamp that does not stand; the children say why."""

    code = "timestamp_invalid"
    message = ("时间戳无效。", "The time stamp is not valid.")
    next_step = ("请重新签署以获取新的时间戳。", "Please sign again to get a new time stamp.")


class TimestampUnreadable(TimestampInvalid):
    """The bytes are not a time-stamp request, reply or token."""

    code = "timestamp_unreadable"
    message = ("时间戳数据无法读取。", "The time stamp cannot be read.")


class TimestampRefused(TimestampInvalid):
    """The authority answered with a refusal; `status` and `failure` are its words."""

    code = "timestamp_refused"
    message = ("时间戳服务拒绝了请求。", "The time-stamp authority refused.")


class TimestampWrongImprint(TimestampInvalid):
    """The token stamps other data than asked."""

    code = "timestamp_wrong_imprint"
    message = ("时间戳与文件不符。", "The time stamp belongs to other data.")


class TimestampWrongNonce(TimestampInvalid):
    """The token answers another request: perhaps an old answer, sent again."""

    code = "timestamp_wrong_nonce"
    message = ("时间戳不是对本次请求的答复。", "The time stamp answers another request.")


class TimestampForged(TimestampInvalid):
    """The token's signature or one of its signed attributes does not fit."""

    code = "timestamp_forged"
    message = ("时间戳签名验证失败。", "The signature of the time stamp is wrong.")


class TimestampUntrusted(TimestampInvalid):
    """The signer is no time-stamp authority, or none that a trusted root stands for."""

    code = "timestamp_untrusted"
    message = ("时间戳机构不受信任。", "The time-stamp authority is not trusted.")


@dataclass(frozen=True)
class TimestampRequest:
    """What is asked: a digest, and whether certificates are wanted back.

    `hash_name` is one of DIGEST_BYTES; ValueError when the imprint is no digest of that name.
    """

    hash_name: str
    imprint: bytes
    nonce: int | None = None
    policy: str | None = None
    wants_certificates: bool = True

    def __post_init__(self) -> None:
        if DIGEST_BYTES.get(self.hash_name) != len(self.imprint):
            raise ValueError(f"not a {self.hash_name} digest")


def build_request(request: TimestampRequest) -> bytes:
    """The TimeStampReq in DER."""
    fields: dict[str, Any] = {
        "version": 1,
        "message_imprint": message_imprint(request.hash_name, request.imprint),
        "cert_req": request.wants_certificates,
    }
    if request.nonce is not None:
        fields["nonce"] = request.nonce
    if request.policy is not None:
        fields["req_policy"] = request.policy
    return bytes(tsp.TimeStampReq(fields).dump())


@contextmanager
def reading() -> Iterator[None]:
    """Whatever goes wrong inside while foreign bytes are read becomes TimestampUnreadable.

    asn1crypto reads each field when it is asked for. Reading all at once (`native`) would cost a
    hundred times the check itself and make later dumps write anew what must be the original bytes.
    """
    try:
        yield
    except UNREADABLE as error:
        raise TimestampUnreadable from error


@reading()
def parse_request(data: bytes) -> tsp.TimeStampReq:
    """A TimeStampReq, read to its last field; raises TimestampUnreadable."""
    request = tsp.TimeStampReq.load(data, strict=True)
    request.native  # noqa: B018  (small: here reading all at once is the simplest)
    return request


@reading()
def token_of_response(response: bytes) -> bytes:
    """The token (ContentInfo, DER) in a TimeStampResp; raises TimestampUnreadable and -Refused."""
    answer = TimestampReply.load(response, strict=True)
    status = answer["status"]
    if status["status"].native not in GRANTED:
        failures = status["fail_info"].native or set()
        raise TimestampRefused(status=status["status"].native, failure=sorted(failures))
    token = answer["time_stamp_token"]
    if isinstance(token, core.Void):
        raise TimestampUnreadable
    return bytes(token.dump())


def message_imprint(hash_name: str, imprint: bytes) -> tsp.MessageImprint:
    """The digest and its algorithm as RFC 3161 writes them."""
    return tsp.MessageImprint(
        {"hash_algorithm": {"algorithm": hash_name}, "hashed_message": imprint}
    )
