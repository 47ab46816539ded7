"""Seals 1 and 20 pages and measures CPU, growth and memory; the peer is stock pyHanko.

Run: python -m bench.sealing. Every figure is printed as a ratio to its bound or its peer.
"""

import io
import logging
import os
import re
import statistics
import time
from collections.abc import Callable
from pathlib import Path

from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives import serialization
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter
from pyhanko_certvalidator.registry import SimpleCertificateStore

from bench.figures import cpu_of, report
from server.sealing import impression
from server.sealing.inspection import inspect
from server.sealing.sandbox import Sandbox
from server.sealing.seal_pdf import Signing, seal
from server.sealing.stamp import SealPicture, Stamp
from tests.factories.pdf import Page, make_pdf, padded_pdf
from tests.factories.signer import FakeSigner, SmallAuthority
from tests.factories.stamp import META, one_on_every_page, oval_seal

ROUNDS = 15
CPU_BOUND, GROWTH_BOUND, MEMORY_BOUND = 1.5, 80 * 1024, 200 * 1024 * 1024


def main() -> None:
    logging.disable()
    authority = SmallAuthority()
    signer = authority.signer()
    with Sandbox(workers=1) as sandbox:
        sandbox.warm()
        for count in (1, 20):
            _cpu(sandbox, signer, count)
        _growth(sandbox, authority)
    _memory(signer)


def _cpu(sandbox: Sandbox, signer: FakeSigner, count: int) -> None:
    document = make_pdf([Page()] * count)
    stamps = one_on_every_page(inspect(document).pages, oval_seal())
    stock = _stock_signer(signer)
    child = sandbox.run(_pid)

    def ours() -> None:
        seal(document, stamps, META, sandbox=sandbox, signing=Signing(signer))

    pairs = [
        (_cpu_of(ours, child), _cpu_of(lambda: _stock_sign(document, stock), child))
        for _ in range(ROUNDS + 2)
    ][2:]
    mine, peer = (statistics.median(column) for column in zip(*pairs, strict=True))
    report(
        f"CPU, {count} page(s) {mine * 1e3:.1f} ms against {peer * 1e3:.1f}", mine / peer, CPU_BOUND
    )


def _growth(sandbox: Sandbox, authority: SmallAuthority) -> None:
    document = make_pdf([Page()] * 20)
    stamps = one_on_every_page(inspect(document).pages, _real_seal())
    signing = Signing(authority.signer(), authority.timestamper(META.signing_time))
    sealed = seal(document, stamps, META, sandbox=sandbox, signing=signing)
    growth = len(sealed) - len(document)
    report(f"growth, 20 seals {growth / 1024:.1f} KiB", growth / GROWTH_BOUND, 1)


def _memory(signer: FakeSigner) -> None:
    """Peak of resident memory of one child that inspects and then prepares 20 MiB."""
    document = padded_pdf()
    with Sandbox(workers=1) as sandbox:
        inspection = sandbox.run(inspect, document)
        stamps: list[Stamp] = one_on_every_page(inspection.pages, oval_seal())
        seal(document, stamps, META, sandbox=sandbox, signing=Signing(signer))
        peak = sandbox.run(_peak_memory)
    report(f"child's peak, 20 MiB {peak / 2**20:.0f} MiB", peak / MEMORY_BOUND, 1)


def _real_seal() -> SealPicture:
    design = impression.Design(kind="company", name="南宁桂印科技有限公司", number="4501030012345")
    drawn = impression.draw(design)
    return SealPicture("company", drawn.pdf_operators(), drawn.width_mm, drawn.height_mm)


def _stock_signer(signer: FakeSigner) -> SimpleSigner:
    key = signer.key.private_bytes(
        serialization.Encoding.DER,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    store = SimpleCertificateStore()
    store.register_multiple(asn1_x509.Certificate.load(der) for der in signer.chain)
    return SimpleSigner(
        signing_cert=asn1_x509.Certificate.load(signer.certificate),
        signing_key=asn1_keys.PrivateKeyInfo.load(key),
        cert_registry=store,
    )


def _stock_sign(document: bytes, signer: SimpleSigner) -> None:
    """What pyHanko's own documentation does for one visible PAdES signature."""
    meta = PdfSignatureMetadata(
        field_name="Signature", md_algorithm="sha256", subfilter=SigSeedSubFilter.PADES
    )
    field = SigFieldSpec("Signature", on_page=0, box=(100, 100, 200, 200))
    writer = IncrementalPdfFileWriter(io.BytesIO(document))
    PdfSigner(meta, signer, new_field_spec=field).sign_pdf(writer)


def _cpu_of(work: Callable[[], None], child: int) -> float:
    """CPU seconds of this process and the child together."""
    before = time.process_time() + cpu_of(child)
    work()
    return time.process_time() + cpu_of(child) - before


def _pid() -> int:
    return os.getpid()


def _peak_memory() -> int:
    status = Path("/proc/self/status").read_text()
    return int(re.search(r"VmHWM:\s+(\d+) kB", status).group(1)) * 1024


if __name__ == "__main__":
    main()
