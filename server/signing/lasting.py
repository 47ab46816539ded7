"""What the certificate authority says of a signer at the moment of signing, kept in the file."""

from collections.abc import Sequence

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp

from server.providers.ca import CaUnavailable, CertificateAuthority
from server.sealing.stamp import ValidationData


def validation_data(
    ca: CertificateAuthority, certificate: bytes, chain: Sequence[bytes]
) -> ValidationData | None:
    """The authority's answer for a certificate (DER) whose issuer is the first of `chain`.

    None where it does not answer, or not that the certificate is good: then the signature is B-T.
    Asks the provider only, never an address that stands in a certificate (S-38).
    """
    about, issuer = (x509.load_der_x509_certificate(der) for der in (certificate, chain[0]))
    request = ocsp.OCSPRequestBuilder().add_certificate(about, issuer, hashes.SHA256()).build()
    try:
        answer = ca.ocsp(request.public_bytes(Encoding.DER))
    except CaUnavailable:
        return None
    said = ocsp.load_der_ocsp_response(answer)
    answered = said.response_status is ocsp.OCSPResponseStatus.SUCCESSFUL
    if not answered or said.certificate_status is not ocsp.OCSPCertStatus.GOOD:
        return None
    return ValidationData((certificate, *chain), ocsps=(answer,))
