"""Time stamps that stand in a file: of a signature, of a seal's signature, of the document."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from asn1crypto import cms
from cryptography.hazmat.primitives import hashes

from server.pki.timestamp import (
    TimestampInvalid,
    TimestampRequest,
    TimestampUntrusted,
    TimestampWrongImprint,
)
from server.pki.timestamp_check import check_token
from server.sealing.certificate_chain import PASSED, Chains, Verdict, facts_of, name_of, readable
from server.sealing.malformed import MALFORMED
from server.sealing.report import Answer, CertificateFacts

CLOCKS_DIFFER = timedelta(minutes=5)
_HASHES = {"sha256": hashes.SHA256(), "sha384": hashes.SHA384(), "sha512": hashes.SHA512()}


@dataclass(frozen=True)
class Stamped:
    """What a token is worth; `time` (aware) only when it was passed."""

    verdict: Verdict
    time: datetime | None = None
    signer: str = ""
    certificate: CertificateFacts | None = None


NO_STAMP = Stamped((Answer.UNKNOWN, "no_time_stamp"))


def judge_token(token: bytes | None, stamped: bytes, chains: Chains) -> Stamped:
    """What a token (CMS, DER) over the digest of `stamped` says; NO_STAMP for None."""
    if token is None:
        return NO_STAMP
    try:
        name = imprint_digest(token)
    except (*MALFORMED, RecursionError):
        return Stamped((Answer.FAILED, "stamp_unreadable"))
    if name not in _HASHES:
        return Stamped((Answer.UNKNOWN, "stamp_algorithm_unknown"))
    digest = hashes.Hash(_HASHES[name])
    digest.update(stamped)
    return judge_imprint(token, name, digest.finalize(), chains)


def judge_imprint(token: bytes, name: str, imprint: bytes, chains: Chains) -> Stamped:
    """What a token says of this digest."""
    trust = chains.trust
    roots = readable((*trust.time_stamp_roots, *trust.document_roots))
    try:
        said = check_token(token, TimestampRequest(name, imprint), roots)
    except TimestampWrongImprint:
        return Stamped((Answer.FAILED, "stamp_wrong_imprint"))
    except TimestampUntrusted as error:
        trusted = error.details.get("rule") != "chain"
        cause = "stamp_key_usage" if trusted else "stamp_untrusted"
        return Stamped((Answer.FAILED if trusted else Answer.UNKNOWN, cause))
    except (TimestampInvalid, *MALFORMED, RecursionError):
        return Stamped((Answer.FAILED, "stamp_forged"))
    if said.time > chains.now + CLOCKS_DIFFER:
        return Stamped((Answer.FAILED, "stamp_in_the_future"))
    [certificate] = readable([said.certificate])
    return Stamped(PASSED, said.time, name_of(certificate), facts_of(certificate))


def imprint_digest(token: bytes) -> str:
    """The name of the digest that a token is over. Raises what asn1crypto raises."""
    content = cms.ContentInfo.load(token)["content"]["encap_content_info"]["content"]
    name: str = content.parsed["message_imprint"]["hash_algorithm"]["algorithm"].native
    return name
