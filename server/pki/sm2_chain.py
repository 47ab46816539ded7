"""Chains of SM2 certificates, checked by pyhanko-certvalidator with our SM2 in its place.

`cryptography` verifies chains of the algorithms that it knows; see `server.pki.chain`. A chain in
which there is nothing to choose is checked here, in a fraction of the time; whatever is not found
that way is left to the library, so that this way can only shorten, never refuse.
"""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from asn1crypto import x509 as asn1_x509
from asn1crypto.algos import SignedDigestAlgorithm
from asn1crypto.keys import PublicKeyInfo
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtensionOID
from pyhanko_certvalidator import CertificateValidator, ValidationContext
from pyhanko_certvalidator.errors import PathBuildingError, ValidationError
from pyhanko_certvalidator.policy_decl import AcceptAllAlgorithms
from pyhanko_certvalidator.sig_validate import (
    DEFAULT_VALIDATION_CONTEXT,
    SignatureValidationContext,
    SignatureValidator,
)

from server.pki.issuer_keys import SM2_WITH_SM3
from server.pki.sm2 import NotAnSm2Key, Sm2PublicKey, known_key
from server.pki.subject_keys import public_key_of

LONGEST_CHAIN = 8
KNOWN_EXTENSIONS = {
    ExtensionOID.BASIC_CONSTRAINTS,
    ExtensionOID.KEY_USAGE,
    ExtensionOID.EXTENDED_KEY_USAGE,
    ExtensionOID.SUBJECT_KEY_IDENTIFIER,
    ExtensionOID.AUTHORITY_KEY_IDENTIFIER,
    ExtensionOID.CERTIFICATE_POLICIES,
    ExtensionOID.AUTHORITY_INFORMATION_ACCESS,
    ExtensionOID.CRL_DISTRIBUTION_POINTS,
    ExtensionOID.OCSP_NO_CHECK,
}


class Sm2Signatures(SignatureValidator):
    """Believes SM2 with SM3 under the usual signer's id, and nothing else."""

    def validate_signature(
        self,
        signature: bytes,
        signed_data: bytes,
        public_key_info: PublicKeyInfo,
        signature_algorithm: SignedDigestAlgorithm,
        context: SignatureValidationContext = DEFAULT_VALIDATION_CONTEXT,
    ) -> None:
        """Raises InvalidSignature."""
        if signature_algorithm["algorithm"].dotted != SM2_WITH_SM3:
            raise InvalidSignature
        try:
            key = Sm2PublicKey.from_spki(public_key_info.dump())
        except NotAnSm2Key as error:
            raise InvalidSignature from error
        if not key.verify(signature, signed_data):
            raise InvalidSignature


def find_chain(
    leaf: x509.Certificate,
    pool: Sequence[x509.Certificate],
    roots: Sequence[x509.Certificate],
    at: datetime,
) -> list[x509.Certificate] | None:
    """The chain from `leaf` to one of `roots` as it stood `at`, or None (RFC 5280 6)."""
    plain = plain_chain(leaf, pool, roots, at)
    return plain if plain is not None else _chosen_chain(leaf, pool, roots, at)


def plain_chain(
    leaf: x509.Certificate,
    pool: Sequence[x509.Certificate],
    roots: Sequence[x509.Certificate],
    at: datetime,
) -> list[x509.Certificate] | None:
    """The chain when each certificate has one possible issuer and no extension that we do not
    know; None says nothing."""
    chain = [leaf]
    while len(chain) < LONGEST_CHAIN and _is_plain(chain[-1], at):
        issuers = [root for root in roots if _may_issue(root, chain, at)]
        if issuers:
            return [*chain, issuers[0]]
        issuers = [one for one in pool if one not in chain and _may_issue(one, chain, at)]
        if len(set(issuers)) != 1:
            return None
        chain.append(issuers[0])
    return None


def _is_plain(certificate: x509.Certificate, at: datetime) -> bool:
    known = all(extension.oid in KNOWN_EXTENSIONS for extension in certificate.extensions)
    alive = certificate.not_valid_before_utc <= at <= certificate.not_valid_after_utc
    return known and alive and certificate.version is x509.Version.v3


def _may_issue(issuer: x509.Certificate, chain: list[x509.Certificate], at: datetime) -> bool:
    """Whether it has signed the chain's last certificate, and may (RFC 5280 6.1.4 k-n)."""
    issued = chain[-1]
    if issuer.subject != issued.issuer or not _is_plain(issuer, at):
        return False
    told = {extension.oid: extension.value for extension in issuer.extensions}
    authority, usage = told.get(ExtensionOID.BASIC_CONSTRAINTS), told.get(ExtensionOID.KEY_USAGE)
    if not isinstance(authority, x509.BasicConstraints) or not authority.ca:
        return False
    if authority.path_length is not None and authority.path_length < len(chain) - 1:
        return False
    if isinstance(usage, x509.KeyUsage) and not usage.key_cert_sign:
        return False
    # Authorities below a root are the same from file to file; whom they certify is not.
    return _has_signed(issuer, issued) if len(chain) == 1 else _has_certified(issuer, issued)


@lru_cache(maxsize=64)
def _has_certified(issuer: x509.Certificate, authority: x509.Certificate) -> bool:
    return _has_signed(issuer, authority)


def _has_signed(issuer: x509.Certificate, issued: x509.Certificate) -> bool:
    if issued.signature_algorithm_oid.dotted_string != SM2_WITH_SM3:
        return False
    try:
        key = known_key(public_key_of(issuer))
    except NotAnSm2Key:
        return False
    return key.verify(issued.signature, issued.tbs_certificate_bytes)


def _chosen_chain(
    leaf: x509.Certificate,
    pool: Sequence[x509.Certificate],
    roots: Sequence[x509.Certificate],
    at: datetime,
) -> list[x509.Certificate] | None:
    context = ValidationContext(
        trust_roots=[_read(root) for root in roots],
        other_certs=[_read(other) for other in pool],
        moment=at,
        allow_fetching=False,
        revocation_mode="soft-fail",
        algorithm_usage_policy=AcceptAllAlgorithms(),  # Sm2Signatures takes one only.
        signature_validator=Sm2Signatures(),
    )
    validator: Any = CertificateValidator(_read(leaf), validation_context=context)
    try:
        path = asyncio.run(validator.async_validate_usage(set()))
    except (ValidationError, PathBuildingError):
        return None
    return [x509.load_der_x509_certificate(one.dump()) for one in reversed(list(path))]


def _read(certificate: x509.Certificate) -> asn1_x509.Certificate:
    return asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER))
