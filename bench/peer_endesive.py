"""The peer endesive: signs a PDF so many times and prints the CPU seconds of each.

Run by the peers' own Python: peer_endesive.py PDF P12 PASSWORD ROUNDS.
"""

import sys
import time
from pathlib import Path
from unittest.mock import MagicMock

from cryptography.hazmat.primitives.serialization import pkcs12

# Only its verifying half needs these, and they do not load beside every OpenSSL 3.
for name in ("certvalidator", "certvalidator.registry", "oscrypto", "oscrypto.asymmetric"):
    sys.modules[name] = MagicMock()
from endesive.pdf import cms  # noqa: E402

WORDS = {
    "aligned": 16384,
    "sigflags": 3,
    "sigpage": 0,
    "sigfield": "Signature",
    "signaturebox": (100, 100, 200, 200),
    "signature": "sealed",
    "contact": "",
    "location": "",
    "reason": "",
    "signingdate": "D:20261120080000+00'00'",
}


def main() -> None:
    document, p12 = (Path(name).read_bytes() for name in sys.argv[1:3])
    key, certificate, others = pkcs12.load_key_and_certificates(p12, sys.argv[3].encode())
    for _ in range(int(sys.argv[4])):
        before = time.process_time()
        tail = cms.sign(document, dict(WORDS), key, certificate, others, "sha256")
        signed = document + tail
        print(time.process_time() - before)
    assert signed.count(b"/ByteRange") == 1


if __name__ == "__main__":
    main()
