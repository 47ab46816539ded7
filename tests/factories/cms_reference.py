"""The CMS of a PAdES signature as asn1crypto writes it, structure by structure."""

from collections.abc import Mapping, Sequence
from hashlib import sha256
from types import MappingProxyType

from asn1crypto import algos, cms, core, tsp
from asn1crypto import x509 as asn1_x509

from server.sealing.stamp import Signer, Timestamper


def reference_cms(
    digest: bytes,
    signer: Signer,
    timestamper: Timestamper | None,
    more: Mapping[str, Sequence[bytes]] = MappingProxyType({}),
) -> bytes:
    certificate = asn1_x509.Certificate.load(signer.certificate)
    attributes = _signed_attributes(digest, signer.certificate, more)
    signature = signer.sign(attributes.dump())
    info = cms.SignerInfo(
        {
            "version": "v1",
            "sid": cms.SignerIdentifier(
                {
                    "issuer_and_serial_number": cms.IssuerAndSerialNumber(
                        {"issuer": certificate.issuer, "serial_number": certificate.serial_number}
                    )
                }
            ),
            "digest_algorithm": _sha256(),
            "signed_attrs": attributes,
            "signature_algorithm": {"algorithm": f"sha256_{_key_kind(certificate)}"},
            "signature": signature,
        }
    )
    if timestamper:
        token = cms.ContentInfo.load(timestamper(sha256(signature).digest()))
        info["unsigned_attrs"] = cms.CMSAttributes(
            [cms.CMSAttribute({"type": "signature_time_stamp_token", "values": [token]})]
        )
    return _signed_data(info, [signer.certificate, *signer.chain])


def _signed_attributes(
    digest: bytes, certificate: bytes, more: Mapping[str, Sequence[bytes]]
) -> cms.CMSAttributes:
    this_certificate = tsp.ESSCertIDv2({"cert_hash": sha256(certificate).digest()})
    values = {
        "content_type": "data",
        "message_digest": digest,
        "signing_certificate_v2": tsp.SigningCertificateV2({"certs": [this_certificate]}),
    }
    own = [cms.CMSAttribute({"type": kind, "values": [value]}) for kind, value in values.items()]
    others = [
        cms.CMSAttribute({"type": kind, "values": [core.Asn1Value.load(der) for der in ders]})
        for kind, ders in more.items()
    ]
    return cms.CMSAttributes([*own, *others])


def _signed_data(info: cms.SignerInfo, certificates: list[bytes]) -> bytes:
    signed_data = cms.SignedData(
        {
            "version": "v1",
            "digest_algorithms": [_sha256()],
            "encap_content_info": {"content_type": "data"},
            "certificates": [asn1_x509.Certificate.load(der) for der in certificates],
            "signer_infos": [info],
        }
    )
    content = cms.ContentInfo({"content_type": "signed_data", "content": signed_data})
    dumped: bytes = content.dump()
    return dumped


def _sha256() -> algos.DigestAlgorithm:
    return algos.DigestAlgorithm({"algorithm": "sha256", "parameters": core.Null()})


def _key_kind(certificate: asn1_x509.Certificate) -> str:
    return {"ec": "ecdsa", "rsa": "rsa"}[certificate.public_key.algorithm]
