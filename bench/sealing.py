"""Seals 1 page, 20 pages and 20 MB, and measures CPU, growth and memory against peers and a bound.

Run: python -m bench.sealing [FOLDER]. With a folder the peers other than pyHanko are measured too:
what they need is fetched into it when it is not there. Every figure is CPU time and the median of
five, of this process and its children together; the time stamp authority's own work is left out.
The bound is what cannot be saved: hash, sign, write. Ends with 1 when a figure is over its bound.
"""

import logging
import os
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from cryptography.hazmat.primitives import hashes

from bench.figures import cpu_of, report
from bench.sealing_peers import Peers, RsaSigner
from server.sealing import impression
from server.sealing.inspection import inspect
from server.sealing.known_documents import KnownDocuments
from server.sealing.sandbox import Sandbox
from server.sealing.seal_pdf import Signing, seal
from server.sealing.stamp import SealPicture, SealsSigned, Stamp, Timestamper
from tests.factories.electronic_seal import electronic_seal, seal_signer
from tests.factories.pdf import Page, make_pdf, padded_pdf
from tests.factories.signer import SmallAuthority
from tests.factories.stamp import META, one_on_every_page, oval_seal

ROUNDS = 5
OF_PYHANKO, TWENTY_PAGES_S, CONFIRM_S, OF_THE_BOUND = 1 / 15, 0.015, 0.030, 1.5
GROWTH_BOUND, MEMORY_BOUND = 80 * 1024, 130 * 1000 * 1000
ATTRIBUTE = "1.3.6.1.4.1.32473.38540.1"


@dataclass
class World:
    """Everything that a sealing takes, and where a sealed file is written."""

    folder: Path
    signing: Signing
    excluded: float = 0.0
    child: int = 0
    sandbox: Sandbox = field(default_factory=lambda: Sandbox(workers=1))

    def begin(self) -> None:
        """A fresh child, so that none ends in the middle of a case."""
        self.sandbox.close()
        self.sandbox = Sandbox(workers=1)
        self.sandbox.warm()
        self.child = self.sandbox.run(os.getpid)

    def cpu(self, work: Callable[[], object]) -> float:
        """The median of the CPU seconds of this process and the child."""
        spent = []
        for _ in range(ROUNDS + 1):
            self.excluded = 0.0
            before = time.process_time() + cpu_of(self.child)
            work()
            spent.append(time.process_time() + cpu_of(self.child) - before - self.excluded)
        return statistics.median(spent[1:])

    def stamper(self, stamp: Timestamper) -> Timestamper:
        """The same authority, whose own CPU time is left out."""

        def stamped(imprint: bytes) -> bytes:
            before = time.process_time()
            token = stamp(imprint)
            self.excluded += time.process_time() - before
            return token

        return stamped

    def sealed(self, document: bytes, stamps: Sequence[Stamp], signing: Signing) -> bytes:
        """A sealing by somebody who has not met the document, unless `signing` knows it."""
        done = seal(document, stamps, META, sandbox=self.sandbox, signing=signing)
        (self.folder / "sealed.pdf").write_bytes(done)
        return done


def main() -> int:
    logging.disable()
    folder = Path(sys.argv[1]) if sys.argv[1:] else None
    with tempfile.TemporaryDirectory() as place:
        world = _world(Path(place))
        good = [
            *_one_page(world, folder),
            *_twenty_pages(world, folder),
            *_twenty_megabytes(world, folder),
        ]
        world.sandbox.close()
    return 0 if all([*good, _memory()]) else 1


def _world(place: Path) -> World:
    authority, owner = SmallAuthority(), seal_signer(place)
    seals = SealsSigned(
        owner, (electronic_seal(place, owner.certificate),), META.signing_time, ATTRIBUTE
    )
    world = World(place, Signing(authority.signer()))
    stamper = world.stamper(authority.timestamper(META.signing_time))
    world.signing = Signing(world.signing.signer, stamper, seals)
    return world


def _plain(signer: RsaSigner) -> Signing:
    return Signing(signer)


def _one_page(world: World, folder: Path | None) -> list[bool]:
    document, signer = make_pdf(), RsaSigner.made()
    world.begin()
    stamps = one_on_every_page(inspect(document).pages, oval_seal())
    ours = world.cpu(lambda: world.sealed(document, stamps, _plain(signer)))
    return [*_against(folder, signer, document, ours, "1 page, RSA")]


def _twenty_pages(world: World, folder: Path | None) -> list[bool]:
    document, signer = make_pdf([Page()] * 20), RsaSigner.made()
    world.begin()
    stamps = one_on_every_page(inspect(document).pages, _real_seal())
    ours = world.cpu(lambda: world.sealed(document, stamps, _afresh(world.signing)))
    what = f"CPU, 20 seals, dual, time stamp {ours * 1e3:.1f} ms"
    good = [report(what, ours / TWENTY_PAGES_S, 1)]
    grown = len(world.sealed(document, stamps, world.signing)) - len(document)
    good.append(report(f"growth, 20 seals {grown / 1024:.1f} KiB", grown / GROWTH_BOUND, 1))
    # Each peer makes one signature, without a time stamp: told, and no bound.
    _against(folder, signer, document, ours, "20 seals, dual, time stamp")
    return good


def _twenty_megabytes(world: World, folder: Path | None) -> list[bool]:
    document, signer = padded_pdf(), RsaSigner.made()
    stamps = one_on_every_page(inspect(document).pages, oval_seal())
    world.begin()
    cold = world.cpu(lambda: world.sealed(document, stamps, _afresh(world.signing)))
    bound = world.cpu(lambda: _unavoidable(document, world))
    what = f"CPU, 20 MiB, dual, time stamp {cold * 1e3:.0f} ms against {bound * 1e3:.0f}"
    good = [report(what, cold / bound, OF_THE_BOUND)]
    world.begin()
    world.signing.known.learn(document, world.sandbox)
    confirm = world.cpu(
        lambda: seal(document, stamps, META, sandbox=world.sandbox, signing=world.signing)
    )
    what = f"CPU, 20 MiB, dual, time stamp, hashed before {confirm * 1e3:.1f} ms"
    good.append(report(what, confirm / CONFIRM_S, 1))
    world.begin()
    plain = world.cpu(lambda: world.sealed(document, stamps, _plain(signer)))
    return [*good, *_against(folder, signer, document, plain, "20 MiB, RSA")]


def _afresh(signing: Signing) -> Signing:
    return Signing(signing.signer, signing.timestamper, signing.seals, KnownDocuments())


def _against(
    folder: Path | None, signer: RsaSigner, document: bytes, ours: float, what: str
) -> list[bool]:
    """Ours against each peer: a fifteenth of pyHanko on one page, else less than any."""
    peers = Peers(folder or Path(tempfile.mkdtemp()), signer, ROUNDS)
    good = []
    for name, theirs in peers.cpu(document, others=folder is not None):
        if theirs is None:
            print(f"     {what}: {name} is not here")
            continue
        told = f"CPU, {what} {ours * 1e3:.1f} ms against {theirs * 1e3:.1f} of {name}"
        if "dual" in what:
            print(f"     {told}: {ours / theirs:.2f}")
            continue
        bound = OF_PYHANKO if (name, what[0]) == ("stock pyHanko", "1") else 1
        good.append(report(told, ours / theirs, round(bound, 3)))
    return good


def _unavoidable(document: bytes, world: World) -> None:
    """Hash by both, sign by both, write."""
    national = hashes.Hash(hashes.SM3())
    national.update(document)
    assert world.signing.seals is not None
    world.signing.seals.signer.sign(national.finalize())
    world.signing.signer.sign(sha256(document).digest())
    (world.folder / "bound.pdf").write_bytes(document)


def _memory() -> bool:
    """Peak of resident memory of one child that reads what it has to seal, 20 MiB."""
    document, signing = padded_pdf(), Signing(RsaSigner.made())
    stamps = one_on_every_page(inspect(document).pages, oval_seal())
    with Sandbox(workers=1) as sandbox:
        seal(document, stamps, META, sandbox=sandbox, signing=signing)
        peak = sandbox.run(_peak_memory)
    return report(f"child's peak, 20 MiB {peak / 1e6:.0f} MB", peak / MEMORY_BOUND, 1)


def _real_seal() -> SealPicture:
    design = impression.Design(kind="company", name="南宁桂印科技有限公司", number="4501030012345")
    drawn = impression.draw(design)
    return SealPicture("company", drawn.pdf_operators(), drawn.width_mm, drawn.height_mm)


def _peak_memory() -> int:
    status = Path("/proc/self/status").read_text()
    return int(re.search(r"VmHWM:\s+(\d+) kB", status).group(1)) * 1024


if __name__ == "__main__":
    sys.exit(main())
