"""What other programs say of the signatures in a PDF."""

import io
import subprocess
from datetime import datetime
from pathlib import Path

from asn1crypto import x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.status import PdfSignatureStatus
from pyhanko_certvalidator import ValidationContext


def by_pdfsig(pdf: bytes, folder: Path) -> list[str]:
    """Poppler's report on each signature field."""
    path = folder / "signed.pdf"
    path.write_bytes(pdf)
    command = ["pdfsig", "-nocert", str(path)]
    return subprocess.run(command, capture_output=True, text=True).stdout.split("Signature #")[1:]


def by_pyhanko(pdf: bytes, roots: list[bytes], at: datetime) -> PdfSignatureStatus:
    """pyHanko's judgement of the only signature, without any network."""
    (signature,) = PdfFileReader(io.BytesIO(pdf)).embedded_signatures
    trusted = [x509.Certificate.load(root) for root in roots]
    context = ValidationContext(trust_roots=trusted, moment=at, allow_fetching=False)
    return validate_pdf_signature(signature, context)
