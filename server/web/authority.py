"""What readers of a certificate fetch: the revocation list, OCSP answers, the issuer."""

from apiflask import APIBlueprint
from flask import Response, request

from server.runtime import runtime

bp = APIBlueprint("authority", __name__, url_prefix="/pki", enable_openapi=False)
LARGEST_REQUEST = 16 * 1024


@bp.get("/issuing.crl")
def crl() -> Response:
    """The present revocation list, DER."""
    return Response(runtime().providers.ca.crl(), mimetype="application/pkix-crl")


@bp.post("/ocsp")
def ocsp() -> Response:
    """An OCSP answer (RFC 6960), DER."""
    asked = request.stream.read(LARGEST_REQUEST)
    return Response(runtime().providers.ca.ocsp(asked), mimetype="application/ocsp-response")


@bp.get("/issuing.cer")
def issuer() -> Response:
    """The issuing authority's certificate, DER."""
    return Response(runtime().providers.ca.chain()[0], mimetype="application/pkix-cert")
