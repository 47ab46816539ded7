"""The stand-in for Tencent Cloud in this process, and accounts there."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from server.providers.face.tencent import TencentFace, TencentRule
from server.providers.sms.templates import TEMPLATES, gaps
from server.providers.sms.tencent import TencentSms, TencentTexts
from server.providers.tencent import TencentAccount
from standins.tencent.server import serving
from standins.tencent.world import Fault, World
from tests.fakes.clock import FakeClock

SECRET_ID, SECRET_KEY = "AKIDcanary7d1c0f", "canary-key-7d1c0f"
NUMBERS = {name: str(2_000_001 + place) for place, name in enumerate(sorted(TEMPLATES))}


@dataclass
class Cloud:
    """Tencent's side of a test, and clients of it that are closed at the end."""

    world: World
    address: str
    clock: FakeClock
    open: list[TencentSms | TencentFace] = field(default_factory=list)

    def account(self, **changes: object) -> TencentAccount:
        return TencentAccount(**{**vars(self._account()), **changes})

    def _account(self) -> TencentAccount:
        return TencentAccount(SECRET_ID, SECRET_KEY, self.address)

    def sms(self, **changes: object) -> TencentSms:
        texts = TencentTexts(self.world.sms_app, self.world.sign, NUMBERS)
        sms = TencentSms(self.account(**changes), texts, self.clock)
        self.open.append(sms)
        return sms

    def face(self, *documents: str, **changes: object) -> TencentFace:
        kinds = frozenset(documents or ("resident_id",))
        rule = TencentRule(self.world.rule, kinds, "https://seal.example")
        face = TencentFace(self.account(**changes), rule)
        self.open.append(face)
        return face

    def trouble(self, **what: object) -> None:
        self.world.faults.append(Fault(**what))  # type: ignore[arg-type]


@contextmanager
def cloud_of(clock: FakeClock) -> Iterator[Cloud]:
    """A stand-in whose console has approved our texts."""
    counts = {NUMBERS[name]: len(gaps(name)) for name in TEMPLATES}
    world = World(SECRET_ID, SECRET_KEY, templates=counts)
    with serving(world) as address:
        cloud = Cloud(world, address, clock)
        yield cloud
        for client in cloud.open:
            client.close()
