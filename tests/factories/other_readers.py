"""What openssl and mutool say of a signed PDF, each by its own parser."""

import subprocess
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

from asn1crypto import cms

from server.pki.chain import to_pem
from server.sealing.check_output import BYTE_RANGE, der_in


def by_mutool(pdf: bytes, folder: Path) -> list[str]:
    """MuPDF's report on each signature field."""
    (folder / "signed.pdf").write_bytes(pdf)
    said = _said(["mutool", "sign", "-v", "signed.pdf"], folder)
    return said.split("Verifying signature ")[1:]


def by_qpdf(pdf: bytes, folder: Path) -> str:
    (folder / "signed.pdf").write_bytes(pdf)
    return _said(["qpdf", "--check", "signed.pdf"], folder)


def by_openssl_cms(pdf: bytes, roots: Sequence[bytes], folder: Path, *, which: int = -1) -> str:
    """The CMS of one signature over the bytes that its ByteRange names."""
    start, resume, rest = _range(pdf, which)
    (folder / "cms").write_bytes(der_in(pdf[start + 1 : resume - 1]))
    (folder / "content").write_bytes(pdf[:start] + pdf[resume : resume + rest])
    (folder / "roots.pem").write_bytes(to_pem(roots))
    command = "openssl cms -verify -binary -inform DER -in cms -content content -out out"
    return _said([*command.split(), "-CAfile", "roots.pem", "-purpose", "any"], folder)


def by_openssl_ts(pdf: bytes, roots: Sequence[bytes], folder: Path, *, which: int = -1) -> str:
    """The time stamp of one signature, over its signature value."""
    start, resume, _ = _range(pdf, which)
    whole = cms.ContentInfo.load(der_in(pdf[start + 1 : resume - 1]))
    (info,) = whole["content"]["signer_infos"]
    (stamp,) = info["unsigned_attrs"]
    (folder / "token").write_bytes(stamp["values"][0].dump())
    (folder / "roots.pem").write_bytes(to_pem(roots))
    imprint = sha256(info["signature"].native).hexdigest()
    command = f"openssl ts -verify -token_in -in token -digest {imprint} -CAfile roots.pem"
    return _said(command.split(), folder)


def _range(pdf: bytes, which: int) -> tuple[int, int, int]:
    start, resume, rest = map(int, BYTE_RANGE.findall(pdf)[which])
    return start, resume, rest


def _said(command: list[str], folder: Path) -> str:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    return done.stdout + done.stderr
