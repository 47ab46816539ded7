"""What every bench measures with: CPU and memory of a process, and how a figure is printed."""

import re
from pathlib import Path


def cpu_of(pid: int) -> float:
    """CPU seconds that the living threads of a process have had, to the nanosecond."""
    threads = Path(f"/proc/{pid}/task").iterdir()
    return sum(int((thread / "schedstat").read_text().split()[0]) for thread in threads) / 1e9


def memory_of(pid: int) -> int:
    """Bytes of a process, its part of what it shares with others included (PSS)."""
    rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    return int(re.search(r"^Pss:\s+(\d+) kB", rollup, re.MULTILINE).group(1)) * 1024


def report(what: str, ratio: float, bound: float) -> bool:
    """Print a figure beside its bound; whether it is within."""
    within = ratio <= bound
    print(f"{'ok  ' if within else 'OVER'} {what}: {ratio:.2f} (at most {bound})")
    return within
