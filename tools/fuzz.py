"""Bytes that nobody thought of, for what reads foreign files: python -m tools.fuzz ENTRY FOLDER.

It needs atheris, which the product does not: pip install --target DIR atheris, PYTHONPATH=DIR.
Ends with 1 at the first find, whose bytes lie in FOLDER then; without one it ends with 0.
"""

import argparse
import logging
import sys
from pathlib import Path

MODULES = ["server.sealing", "server.pki", "asn1crypto", "pyhanko"]
CORPUS = Path(__file__).parent.parent / "tests" / "attacks" / "corpus"


def main() -> None:
    """Read the arguments and begin; the fuzzer ends the process."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("entry", choices=["seals", "pdfs", "sealed_pdfs"])
    parser.add_argument("folder", type=Path, help="for finds, and for what the fuzzer learns")
    parser.add_argument("--seconds", type=int, default=120)
    asked = parser.parse_args()
    try:
        import atheris
    except ImportError:
        raise SystemExit(__doc__) from None
    with atheris.instrument_imports(include=MODULES):
        from tests.attacks.entries import ENTRIES

    logging.disable()  # parsers log what stands in each file, which only slows the search
    learnt = asked.folder / "learnt"
    learnt.mkdir(parents=True, exist_ok=True)
    options = [
        f"-max_total_time={asked.seconds}",
        f"-artifact_prefix={asked.folder}/",
        "-max_len=40000",
        "-timeout=10",
        "-rss_limit_mb=2000",
        "-print_final_stats=1",
    ]
    seeds = CORPUS / ("seals" if asked.entry == "seals" else "pdfs")
    atheris.Setup([sys.argv[0], *options, str(learnt), str(seeds)], ENTRIES[asked.entry])
    atheris.Fuzz()


if __name__ == "__main__":
    main()
