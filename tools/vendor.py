"""Copy the files that the pages load out of node_modules: an allow-list, nothing else."""

import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
SOURCE = ROOT / "node_modules"
TARGET = ROOT / "server" / "static" / "vendor"
FILES = {
    "weui/dist/style/weui.min.css": "weui.min.css",
    "pdfjs-dist/build/pdf.min.mjs": "pdf.min.mjs",
    "pdfjs-dist/build/pdf.worker.min.mjs": "pdf.worker.min.mjs",
    "pdfjs-dist/legacy/build/pdf.min.mjs": "pdf.legacy.min.mjs",
    "pdfjs-dist/legacy/build/pdf.worker.min.mjs": "pdf.worker.legacy.min.mjs",
    "socket.io-client/dist/socket.io.esm.min.js": "socket.io.esm.min.js",
}
FOLDERS = {
    "pdfjs-dist/cmaps": "cmaps",
    "pdfjs-dist/standard_fonts": "standard_fonts",
    "pdfjs-dist/wasm": "wasm",
}


def main() -> None:
    """Fill the folder afresh; a missing file ends it with its name."""
    shutil.rmtree(TARGET, ignore_errors=True)
    TARGET.mkdir(parents=True)
    for source, name in FILES.items():
        if not (SOURCE / source).is_file():
            sys.exit(f"missing asset: {source}")
        shutil.copyfile(SOURCE / source, TARGET / name)
    for source, name in FOLDERS.items():
        shutil.copytree(SOURCE / source, TARGET / name)


if __name__ == "__main__":
    main()
