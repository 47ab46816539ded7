"""Files signed by another program, in the ways that ordinary PDF signatures know."""

import io
from collections.abc import Sequence
from typing import Any

from asn1crypto import cms, crl, keys
from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import PdfSignatureMetadata, PdfSigner, PdfTimeStamper, SimpleSigner
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko_certvalidator.registry import SimpleCertificateStore

from tests.factories.signer import SmallAuthority


class StamperOf(TimeStamper):
    """Another program's way to our time-stamp authority."""

    def __init__(self, stamp: Any) -> None:
        super().__init__()
        self._stamp = stamp

    async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> cms.ContentInfo:
        return cms.ContentInfo.load(self._stamp(message_digest))

    async def async_dummy_response(self, md_algorithm: str) -> cms.ContentInfo:
        return cms.ContentInfo.load(self._stamp(bytes(32)))


def rsa_signer(authority: SmallAuthority, *, pss: bool = False) -> SimpleSigner:
    key = rsa.generate_private_key(65537, 2048)
    made = authority.signer("外地公司", key=key)
    encoded = key.private_bytes(
        serialization.Encoding.DER,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    store = SimpleCertificateStore()
    store.register(asn1_x509.Certificate.load(authority.root))
    return SimpleSigner(
        signing_cert=asn1_x509.Certificate.load(made.certificate),
        signing_key=keys.PrivateKeyInfo.load(encoded),
        cert_registry=store,
        prefer_pss=pss,
    )


def signed_elsewhere(
    document: bytes,
    signer: SimpleSigner,
    *,
    subfilter: SigSeedSubFilter = SigSeedSubFilter.ADOBE_PKCS7_DETACHED,
    docmdp: MDPPerm | None = None,
    name: str = "Elsewhere",
) -> bytes:
    meta = PdfSignatureMetadata(
        field_name=name,
        md_algorithm="sha256",
        subfilter=subfilter,
        certify=docmdp is not None,
        docmdp_permissions=docmdp or MDPPerm.FILL_FORMS,
    )
    writer = IncrementalPdfFileWriter(io.BytesIO(document))
    return bytes(PdfSigner(meta, signer).sign_pdf(writer).getvalue())


def stamped_elsewhere(document: bytes, stamp: Any) -> bytes:
    """With a document time stamp over the whole (PAdES B-LTA)."""
    writer = IncrementalPdfFileWriter(io.BytesIO(document))
    stamper = PdfTimeStamper(StamperOf(stamp), field_name="Stamp")
    return bytes(stamper.timestamp_pdf(writer, "sha256").getvalue())


def with_store(document: bytes, crls: Sequence[bytes]) -> bytes:
    """With a document security store that holds these revocation lists."""
    stream = io.BytesIO(document)
    lists = [crl.CertificateList.load(der) for der in crls]
    DocumentSecurityStore.add_dss(stream, None, crls=lists, force_write=True)
    return stream.getvalue()
