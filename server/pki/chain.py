"""Chains of certificates: reading PEM and DER, putting in order, and checking up to a root."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import verification
from cryptography.x509.verification import Criticality, ExtensionPolicy, PolicyBuilder, Store

from server.core.errors import Invalid
from server.pki.issuer_keys import SM2_WITH_SM3
from server.pki.sm2_chain import find_chain
from server.pki.subject_keys import is_sm2, public_key_of

PEM_MARK = b"-----BEGIN CERTIFICATE-----"
_UNREADABLE = (ValueError, x509.InvalidVersion, x509.DuplicateExtension, UnsupportedAlgorithm)


class CertificateUnreadable(Invalid):
    """The bytes are not a certificate, in DER or in PEM."""

    code = "certificate_unreadable"
    message = ("证书文件无法读取。", "The certificate cannot be read.")
    next_step = ("请提供 PEM 或 DER 格式的证书。", "Please give a certificate in PEM or DER.")


class ChainBroken(Invalid):
    """No way leads from the certificate to a trusted root at that time."""

    code = "chain_broken"
    message = ("证书链验证失败。", "The certificate does not lead to a trusted root.")
    next_step = (
        "请核对证书的颁发机构和有效期。",
        "Check its issuer and its period.",
    )


def load_certificates(data: bytes) -> list[x509.Certificate]:
    """One certificate in DER, or all of a PEM file in its order; raises CertificateUnreadable."""
    try:
        if PEM_MARK in data:
            found = x509.load_pem_x509_certificates(data)
        else:
            found = [x509.load_der_x509_certificate(data)]
        for certificate in found:
            _read_to_the_end(certificate)
    except _UNREADABLE as error:
        raise CertificateUnreadable from error
    return found


def _read_to_the_end(certificate: x509.Certificate) -> None:
    """All that is read late: here it fails as one named error, not later as many."""
    for name in (certificate.subject, certificate.issuer):
        name.rfc4514_string()
    certificate.not_valid_before_utc, certificate.not_valid_after_utc  # noqa: B018
    certificate.serial_number, certificate.signature_algorithm_oid  # noqa: B018
    certificate.extensions  # noqa: B018
    if not is_sm2(public_key_of(certificate)):
        certificate.public_key()


def to_pem(certificates: Iterable[bytes]) -> bytes:
    """DER certificates as one PEM text."""
    return b"".join(
        x509.load_der_x509_certificate(der).public_bytes(Encoding.PEM) for der in certificates
    )


def leaf_to_root(certificates: Iterable[x509.Certificate]) -> list[x509.Certificate]:
    """One chain, each followed by its issuer; raises ChainBroken when they are not one chain."""
    rest = list(certificates)
    issuers = {c.issuer for c in rest if c.issuer != c.subject}
    chain = [c for c in rest if c.subject not in issuers]
    if len(chain) != 1 and not (len(rest) == len(chain) == 0):
        raise ChainBroken
    while len(chain) < len(rest):
        above = [c for c in rest if c.subject == chain[-1].issuer and c not in chain]
        if len(above) != 1:
            raise ChainBroken
        chain.append(above[0])
    return chain


def check_chain(
    leaf: x509.Certificate,
    pool: Sequence[x509.Certificate],
    roots: Sequence[x509.Certificate],
    at: datetime,
) -> list[x509.Certificate]:
    """The chain from `leaf` through `pool` to one of `roots`, as it stood `at`.

    Signatures, periods, basic constraints, path lengths and key usage of the authorities are
    checked (RFC 5280 6); revocation is not. Raises ChainBroken.
    """
    if not roots:
        raise ChainBroken
    if leaf.signature_algorithm_oid.dotted_string == SM2_WITH_SM3:
        chain = find_chain(leaf, pool, roots, at)
        if chain is None:
            raise ChainBroken
        return chain
    authorities = (
        ExtensionPolicy.permit_all()
        .require_present(x509.BasicConstraints, Criticality.AGNOSTIC, None)
        # Some roots carry no key usage, which allows every use (RFC 5280 4.2.1.3).
        .may_be_present(x509.KeyUsage, Criticality.AGNOSTIC, _may_sign_certificates)
    )
    verifier = (
        PolicyBuilder()
        .store(Store(list(roots)))
        .time(at)
        .extension_policies(ca_policy=authorities, ee_policy=ExtensionPolicy.permit_all())
        .build_client_verifier()
    )
    try:
        return verifier.verify(leaf, list(pool)).chain
    except verification.VerificationError as error:
        raise ChainBroken from error


def _may_sign_certificates(
    policy: verification.Policy, certificate: x509.Certificate, usage: x509.KeyUsage | None
) -> None:
    if usage is not None and not usage.key_cert_sign:
        raise ValueError("this key may not sign certificates")
