"""A time-stamp authority of our own (RFC 3161): for development, tests, and the stand-in."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Self

from asn1crypto import algos, cms, core, tsp
from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding

from server.core.clock import Clock, SystemClock
from server.pki.authority import Authority, Period, create_root
from server.pki.issuer_keys import sign_bytes
from server.pki.key_folder import KeyFolder
from server.pki.timestamp import DIGEST_BYTES, TimestampReply, TimestampUnreadable, parse_request

# In the arc that ITU-T X.660 keeps for examples, until a real one is given.
POLICY = "2.999.4501.1"
ACCURACY = timedelta(seconds=1)
LIFE = timedelta(days=3650)


@dataclass(frozen=True)
class TimestampAuthority:
    """`signer` signs tokens; `root` stands for it; `clock` says the time."""

    signer: Authority
    root: bytes
    clock: Clock

    @classmethod
    def open(cls, folder: Path, clock: Clock | None = None) -> Self:
        """The authority whose keys are in `folder`; they are made at the first start."""
        clock = clock or SystemClock()
        keys = KeyFolder(folder)
        with keys.locked():
            root = keys.load("root") or keys.save("root", _new_root(clock.now()))
            signer = keys.load("tsa") or keys.save("tsa", _new_signer(root))
        return cls(signer, root.certificate.public_bytes(Encoding.DER), clock)

    def respond(self, request: bytes) -> bytes:
        """The TimeStampResp (DER) to a TimeStampReq (DER); whatever comes is answered."""
        try:
            asked = parse_request(request)
        except TimestampUnreadable:
            return _refusal("bad_data_format")
        imprint = asked["message_imprint"]
        size = DIGEST_BYTES.get(imprint["hash_algorithm"]["algorithm"].native)
        if size is None:
            return _refusal("bad_alg")
        if asked["version"].native != "v1" or len(imprint["hashed_message"].native) != size:
            return _refusal("bad_data_format")
        if asked["req_policy"].native not in (None, POLICY):
            return _refusal("unaccepted_policy")
        if asked["extensions"].native:
            return _refusal("unaccepted_extensions")
        token = self._token(asked)
        reply = TimestampReply({"status": {"status": "granted"}, "time_stamp_token": token})
        return bytes(reply.dump())

    def _token(self, asked: tsp.TimeStampReq) -> cms.ContentInfo:
        content = self._content(asked).dump()
        certificate = asn1_x509.Certificate.load(self.signer.certificate.public_bytes(Encoding.DER))
        attributes = _signed_attributes(content, certificate)
        signed: dict[str, Any] = {
            "version": "v3",
            "digest_algorithms": [{"algorithm": "sha256"}],
            "encap_content_info": {
                "content_type": "tst_info",
                "content": core.ParsableOctetString(content),
            },
            "signer_infos": [self._signer_info(attributes, certificate)],
        }
        if asked["cert_req"].native:
            signed["certificates"] = [certificate]
        return cms.ContentInfo({"content_type": "signed_data", "content": cms.SignedData(signed)})

    def _content(self, asked: tsp.TimeStampReq) -> tsp.TSTInfo:
        fields: dict[str, Any] = {
            "version": "v1",
            "policy": POLICY,
            "message_imprint": asked["message_imprint"],
            # Random, so that two processes with the same key need not agree on a counter.
            "serial_number": secrets.randbits(127) | 1,
            "gen_time": self.clock.now().replace(microsecond=0),
            "accuracy": {"seconds": int(ACCURACY.total_seconds())},
        }
        if asked["nonce"].native is not None:
            fields["nonce"] = asked["nonce"]
        return tsp.TSTInfo(fields)

    def _signer_info(
        self, attributes: cms.CMSAttributes, certificate: asn1_x509.Certificate
    ) -> cms.SignerInfo:
        name = cms.IssuerAndSerialNumber(
            {"issuer": certificate.issuer, "serial_number": certificate.serial_number}
        )
        return cms.SignerInfo(
            {
                "version": "v1",
                "sid": cms.SignerIdentifier("issuer_and_serial_number", name),
                "digest_algorithm": {"algorithm": "sha256"},
                "signed_attrs": attributes,
                "signature_algorithm": {"algorithm": "sha256_ecdsa"},
                "signature": sign_bytes(self.signer.key, attributes.dump()),
            }
        )


def _signed_attributes(content: bytes, certificate: asn1_x509.Certificate) -> cms.CMSAttributes:
    identifier = tsp.ESSCertIDv2(
        {
            "hash_algorithm": algos.DigestAlgorithm({"algorithm": "sha256"}),
            "cert_hash": hashlib.sha256(certificate.dump()).digest(),
        }
    )
    return cms.CMSAttributes(
        [
            {"type": "content_type", "values": ["tst_info"]},
            {"type": "message_digest", "values": [hashlib.sha256(content).digest()]},
            {
                "type": "signing_certificate_v2",
                "values": [tsp.SigningCertificateV2({"certs": [identifier]})],
            },
        ]
    )


def _refusal(failure: str) -> bytes:
    status = {"status": "rejection", "fail_info": tsp.PKIFailureInfo({failure})}
    return bytes(TimestampReply({"status": status}).dump())


def _new_root(now: datetime) -> Authority:
    key = ec.generate_private_key(ec.SECP256R1())
    starts = now.replace(microsecond=0) - timedelta(hours=1)
    return create_root("桂印演示时间戳根", key, Period(starts, starts + LIFE))


def _new_signer(root: Authority) -> Authority:
    key = ec.generate_private_key(ec.SECP256R1())
    whole_life = Period(root.certificate.not_valid_before_utc, root.certificate.not_valid_after_utc)
    certificate = root.issue_timestamper("桂印演示时间戳", key.public_key(), whole_life)
    return Authority(key, certificate)
