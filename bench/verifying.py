"""Verifies our own files with all eight checks; the peer is pyHanko, which checks PAdES alone.

Run: python -m bench.verifying. Every figure is the ratio of CPU time to the peer's, in one run.
"""

import io
import logging
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives import hashes
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from bench.figures import report
from server.sealing.checks import verify
from server.sealing.report import Overall
from server.sealing.trust import TrustList
from tests.factories.pdf import Page, make_pdf, padded_pdf
from tests.factories.sealing_world import World, sealed_by, stamps_for
from tests.factories.stamp import META

ROUNDS, BOUND, HASHING_BOUND = 9, 1 / 3, 1.5
AT = META.signing_time + timedelta(hours=1)


def main() -> None:
    logging.disable()
    with tempfile.TemporaryDirectory() as folder:
        world = World(Path(folder) / "world")
        owner = world.owner("南宁桂印科技有限公司", seals=1)
        signing, trust = world.signing(owner), world.trust()
        for count in (1, 20):
            document = make_pdf([Page()] * count)
            stamps = stamps_for(document, range(1, count + 1))[:count]
            _compare(f"{count} page(s)", sealed_by(signing, document, stamps), trust)
        document = make_pdf([Page()] * 2)
        both = sealed_by(signing, document, stamps_for(document))
        both = sealed_by(world.signing(world.owner("乙公司", seals=1)), both, stamps_for(both))
        _compare("2 companies", both, trust, 1)  # its revisions are compared by pyHanko
        large = padded_pdf()
        _against_hashing(sealed_by(signing, large, stamps_for(large)[:1]), trust)


def _compare(name: str, sealed: bytes, trust: TrustList, bound: float = BOUND) -> None:
    assert verify(sealed, trust, AT).overall is Overall.VALID
    pairs = [
        (_cpu_of(lambda: verify(sealed, trust, AT)), _cpu_of(lambda: _peer(sealed, trust)))
        for _ in range(ROUNDS + 1)
    ][1:]
    mine, peer = (statistics.median(column) for column in zip(*pairs, strict=True))
    words = f"verify {name} {mine * 1e3:.1f} ms against {peer * 1e3:.1f}"
    report(words, mine / peer, bound)


def _against_hashing(sealed: bytes, trust: TrustList) -> None:
    """A large file costs what SHA-256 and SM3 over it cost; the peer computes no SM3."""
    mine = statistics.median(_cpu_of(lambda: verify(sealed, trust, AT)) for _ in range(ROUNDS))
    bound = statistics.median(_cpu_of(lambda: _hash(sealed)) for _ in range(ROUNDS))
    words = f"verify 20 MiB {mine * 1e3:.0f} ms against hashing {bound * 1e3:.0f}"
    report(words, mine / bound, HASHING_BOUND)


def _hash(sealed: bytes) -> None:
    for algorithm in (hashes.SHA256(), hashes.SM3()):
        digest = hashes.Hash(algorithm)
        digest.update(sealed)
        digest.finalize()


def _peer(sealed: bytes, trust: TrustList) -> None:
    """Every signature field that pyHanko sees, as its documentation verifies one."""
    roots = [
        asn1_x509.Certificate.load(der) for der in (*trust.document_roots, *trust.time_stamp_roots)
    ]

    def context() -> ValidationContext:
        return ValidationContext(trust_roots=roots, moment=AT, allow_fetching=False)

    for embedded in PdfFileReader(io.BytesIO(sealed), strict=False).embedded_signatures:
        assert validate_pdf_signature(embedded, context(), context()).bottom_line


def _cpu_of(work: Callable[[], object]) -> float:
    before = time.process_time()
    work()
    return time.process_time() - before


if __name__ == "__main__":
    main()
