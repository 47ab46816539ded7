"""The stand-in for WeChat in this process, and clients of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from server.providers.wechat.client import HttpWeChat
from server.providers.wechat.gateway import WeChatApp
from server.providers.wechat.push import PushKeys
from server.providers.wechat.token import LocalTokens, Tokens
from standins.wechat.clock import Clock
from standins.wechat.server import serving
from standins.wechat.world import App, Fault, World
from tests.fakes.clock import FakeClock

# The example of WeChat's own documentation of pushes.
APPID = "wxba5fad812f8e6fb9"
SECRET = "canary-secret-7d1c0f"
PUSH = PushKeys(APPID, "AAAAA", "A" * 43)


@dataclass
class Land:
    """WeChat's side of a test: its state, its address, and the time there and here."""

    world: World
    address: str
    clock: FakeClock
    clients: list[HttpWeChat] = field(default_factory=list)

    def app(self, **changes: float) -> WeChatApp:
        return WeChatApp(APPID, SECRET, self.address, **changes)

    def client(self, tokens: Tokens | None = None, **changes: float) -> HttpWeChat:
        """A client that is closed at the end."""
        tokens = tokens or LocalTokens(self.clock)
        self.clients.append(HttpWeChat(self.app(**changes), tokens, self.clock))
        return self.clients[-1]

    def login_code(self, user: str = "wei") -> str:
        return self.world.mint("login", user)

    def trouble(self, path: str, **what: object) -> None:
        self.world.faults.append(Fault(path, **what))  # type: ignore[arg-type]

    def count(self, path: str) -> int:
        return self.world.calls[path]


@contextmanager
def land_of(clock: FakeClock) -> Iterator[Land]:
    """A stand-in that lives by the test's clock."""
    app = App(APPID, SECRET, PUSH.token, PUSH.aes_key)
    world = World(app, Clock(lambda: clock.now().timestamp()))
    with serving(world) as address:
        land = Land(world, address, clock)
        yield land
        for client in land.clients:
            client.close()
