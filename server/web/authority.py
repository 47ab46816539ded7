"""What readers of a certificate fetch: the revocation list, OCSP answers, the issuer.

P-256 certificates name the addresses without a kind, SM2 certificates those under `/pki/sm2`.
"""

from apiflask import APIBlueprint
from flask import Response, request

from server.pki.subject_keys import Algorithm
from server.runtime import runtime

bp = APIBlueprint("authority", __name__, url_prefix="/pki", enable_openapi=False)
LARGEST_REQUEST = 16 * 1024


@bp.get("/issuing.crl", defaults={"algorithm": Algorithm.P256})
@bp.get("/sm2/issuing.crl", defaults={"algorithm": Algorithm.SM2})
def crl(algorithm: Algorithm) -> Response:
    """The present revocation list, DER."""
    return Response(runtime().providers.ca.crl(algorithm), mimetype="application/pkix-crl")


@bp.post("/ocsp")
def ocsp() -> Response:
    """An OCSP answer (RFC 6960), DER."""
    asked = request.stream.read(LARGEST_REQUEST)
    return Response(runtime().providers.ca.ocsp(asked), mimetype="application/ocsp-response")


@bp.get("/issuing.cer", defaults={"algorithm": Algorithm.P256})
@bp.get("/sm2/issuing.cer", defaults={"algorithm": Algorithm.SM2})
def issuer(algorithm: Algorithm) -> Response:
    """The issuing authority's certificate, DER."""
    issuing = runtime().providers.ca.chain(algorithm)[0]
    return Response(issuing, mimetype="application/pkix-cert")
