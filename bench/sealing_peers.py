"""What signs PDFs beside us: stock pyHanko, endesive, @signpdf/signpdf, pdfsig and mutool.

Each makes one visible signature with the same RSA key: no seals, no time stamp. The two libraries
are measured without their start, the two programs with it, as there is no other way to use them.
"""

import io
import resource
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pikepdf
from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from pikepdf import Array, Dictionary, Name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter
from pyhanko_certvalidator.registry import SimpleCertificateStore

from tests.factories.signer import BEGIN, END

HERE = Path(__file__).parent
PASSWORD = "peers"
# endesive writes by a call that later versions of pypdf no longer take.
PYTHON_PACKAGES = ["endesive==3.0.1", "pypdf==5.9.0"]
NODE_PACKAGES = [
    f"@signpdf/{name}@3.3.0" for name in ("signpdf", "signer-p12", "placeholder-plain")
]
DER = serialization.Encoding.DER


@dataclass(frozen=True)
class RsaSigner:
    """The key that all sign with."""

    key: rsa.RSAPrivateKey
    certificate: bytes
    chain: tuple[bytes, ...] = ()

    @classmethod
    def made(cls) -> "RsaSigner":
        key = rsa.generate_private_key(65537, 2048)
        name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "peers")])
        builder = x509.CertificateBuilder(name, name, key.public_key(), 7, BEGIN, END)
        return cls(key, builder.sign(key, hashes.SHA256()).public_bytes(DER))

    def sign(self, tbs: bytes) -> bytes:
        return self.key.sign(tbs, padding.PKCS1v15(), hashes.SHA256())

    def p12(self) -> bytes:
        """Encrypted as all of them can read it."""
        sealed = (
            serialization.PrivateFormat.PKCS12.encryption_builder()
            .kdf_rounds(1)
            .key_cert_algorithm(pkcs12.PBES.PBESv1SHA1And3KeyTripleDESCBC)
            .hmac_hash(hashes.SHA1())
            .build(PASSWORD.encode())
        )
        certificate = x509.load_der_x509_certificate(self.certificate)
        return pkcs12.serialize_key_and_certificates(b"peers", self.key, certificate, None, sealed)


@dataclass
class Peers:
    """The peers that can be had here; `folder` keeps what is fetched for them."""

    folder: Path
    signer: RsaSigner
    rounds: int

    def cpu(self, document: bytes, *, others: bool) -> Iterator[tuple[str, float | None]]:
        """For each peer the median of its CPU seconds; None for one that is not here.

        Without `others` pyHanko alone, which is here anyhow.
        """
        pdf, p12 = self.folder / "in.pdf", self.folder / "peers.p12"
        pdf.write_bytes(document)
        p12.write_bytes(self.signer.p12())
        yield "stock pyHanko", self._pyhanko(document)
        if not others:
            return
        arguments = [str(pdf), str(p12), PASSWORD, str(self.rounds + 1)]
        yield "endesive", self._printed([str(self._python), HERE / "peer_endesive.py", *arguments])
        script = ["node", HERE / "peer_signpdf.mjs", str(self._node), *arguments]
        yield "@signpdf/signpdf", self._printed(script)
        yield "pdfsig", self._pdfsig(pdf, p12)
        yield "mutool", self._mutool(document, p12)

    @cached_property
    def _python(self) -> Path:
        place = self.folder / "python"
        if not place.exists():
            subprocess.run([sys.executable, "-m", "venv", place], check=True)
            pip = [place / "bin/pip", "install", "-q", *PYTHON_PACKAGES]
            subprocess.run(pip, check=True)
        return place / "bin/python"

    @cached_property
    def _node(self) -> Path:
        place = self.folder / "node"
        if not place.exists():
            place.mkdir()
            npm = ["npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", *NODE_PACKAGES]
            subprocess.run(npm, cwd=place, check=True, stdout=subprocess.DEVNULL)
        return place

    def _pyhanko(self, document: bytes) -> float:
        """What pyHanko's own documentation does for one visible PAdES signature."""
        private = self.signer.key.private_bytes(
            DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        signer = SimpleSigner(
            signing_cert=asn1_x509.Certificate.load(self.signer.certificate),
            signing_key=asn1_keys.PrivateKeyInfo.load(private),
            cert_registry=SimpleCertificateStore(),
        )
        meta = PdfSignatureMetadata(
            field_name="Signature", md_algorithm="sha256", subfilter=SigSeedSubFilter.PADES
        )
        field = SigFieldSpec("Signature", on_page=0, box=(100, 100, 200, 200))
        spent = []
        for _ in range(self.rounds + 1):
            before = time.process_time()
            writer = IncrementalPdfFileWriter(io.BytesIO(document))
            PdfSigner(meta, signer, new_field_spec=field).sign_pdf(writer)
            spent.append(time.process_time() - before)
        return statistics.median(spent[1:])

    def _printed(self, command: list[str | Path]) -> float:
        said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        return statistics.median(float(line) for line in said.split()[1:])

    def _pdfsig(self, pdf: Path, p12: Path) -> float | None:
        if not shutil.which("certutil") or not shutil.which("pdfsig"):
            return None
        store = self.folder / "nss"
        if not store.exists():
            store.mkdir()
            for command in (
                ["certutil", "-N", "--empty-password", "-d", f"sql:{store}"],
                ["pk12util", "-i", str(p12), "-W", PASSWORD, "-d", f"sql:{store}"],
                ["certutil", "-M", "-n", "peers", "-t", "CTu,CTu,CTu", "-d", f"sql:{store}"],
            ):
                subprocess.run(command, check=True, capture_output=True)
        options = ["-add-signature", "-nick", "peers", "-nssdir", f"sql:{store}"]
        return self._run(["pdfsig", *options, str(pdf), str(self.folder / "out.pdf")])

    def _mutool(self, document: bytes, p12: Path) -> float | None:
        if not shutil.which("mutool"):
            return None
        pdf, number = self.folder / "field.pdf", _with_field(document, self.folder / "field.pdf")
        key = ["-s", str(p12), "-P", PASSWORD, "-o", str(self.folder / "out.pdf")]
        return self._run(["mutool", "sign", *key, str(pdf), str(number)])

    def _run(self, command: list[str]) -> float:
        spent = []
        for _ in range(self.rounds + 1):
            before = _of_children()
            (self.folder / "out.pdf").unlink(missing_ok=True)
            subprocess.run(command, check=True, capture_output=True, stdin=subprocess.DEVNULL)
            spent.append(_of_children() - before)
            assert b"/ByteRange" in (self.folder / "out.pdf").read_bytes()
        return statistics.median(spent[1:])


def _of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _with_field(document: bytes, path: Path) -> int:
    """mutool signs only a field that waits for it; its object number."""
    with pikepdf.open(io.BytesIO(document)) as pdf:
        page = pdf.pages[0].obj
        widget = Dictionary(Type=Name.Annot, Subtype=Name.Widget, FT=Name.Sig, T="Signature", F=4)
        widget.Rect, widget.P = Array([100, 100, 200, 200]), page
        field = pdf.make_indirect(widget)
        page.Annots = Array([field])
        pdf.Root.AcroForm = Dictionary(Fields=Array([field]), SigFlags=3)
        plain = pikepdf.ObjectStreamMode.disable
        pdf.save(path, object_stream_mode=plain, compress_streams=False)
    with pikepdf.open(path) as pdf:
        number: int = pdf.Root.AcroForm.Fields[0].objgen[0]
    return number
