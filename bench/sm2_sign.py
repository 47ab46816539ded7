"""CPU of one SM2 signature; the peer is `openssl speed` on the same library in the same run.

Run: python -m bench.sm2_sign.
"""

import re
import statistics
import subprocess
import time

from bench.figures import report
from server.pki.sm2 import Sm2PrivateKey

BOUND = 1 / 0.9
ROUNDS = 5
_SPEED = re.compile(r"SM2 \(CurveSM2\)\s+\S+s\s+\S+s\s+([\d.]+)")


def main() -> None:
    measured = [(ours(2_000), peer(seconds=1)) for _ in range(ROUNDS)]
    mine, theirs = (statistics.median(side) for side in zip(*measured, strict=True))
    print(f"one SM2 signature: {mine * 1e6:.0f} µs of CPU, openssl {theirs * 1e6:.0f} µs")
    report("SM2 signature against openssl", mine / theirs, BOUND)


def ours(times: int) -> float:
    """CPU seconds of one signature over 32 bytes."""
    key, digest = Sm2PrivateKey.generate(), bytes(32)
    begun = time.process_time()
    for _ in range(times):
        key.sign(digest)
    return (time.process_time() - begun) / times


def peer(seconds: int) -> float:
    """CPU seconds of one signature as the `openssl` command measures itself."""
    command = ["openssl", "speed", "-seconds", str(seconds), "sm2"]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    found = _SPEED.search(said)
    if found is None:
        raise RuntimeError(f"openssl speed said: {said}")
    return 1 / float(found[1])


if __name__ == "__main__":
    main()
