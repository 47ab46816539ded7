"""Chains of SM2 certificates, checked by pyhanko-certvalidator with our SM2 in its place.

`cryptography` verifies chains of the algorithms that it knows; see `server.pki.chain`.
"""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from asn1crypto import x509 as asn1_x509
from asn1crypto.algos import SignedDigestAlgorithm
from asn1crypto.keys import PublicKeyInfo
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko_certvalidator import CertificateValidator, ValidationContext
from pyhanko_certvalidator.errors import PathBuildingError, ValidationError
from pyhanko_certvalidator.policy_decl import AcceptAllAlgorithms
from pyhanko_certvalidator.sig_validate import (
    DEFAULT_VALIDATION_CONTEXT,
    SignatureValidationContext,
    SignatureValidator,
)

from server.pki.issuer_keys import SM2_WITH_SM3
from server.pki.sm2 import NotAnSm2Key, Sm2PublicKey


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
