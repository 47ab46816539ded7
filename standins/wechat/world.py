"""What the stand-in knows: one mini-program, its users, codes, consents, and planned troubles."""

import base64
import hashlib
import hmac
import re
import secrets
import threading
from collections import Counter, defaultdict, deque
from dataclasses import dataclass, field
from typing import Any, Final

from standins.wechat.clock import Clock
from standins.wechat.refusals import Refusal
from standins.wechat.tokens import TokenDesk

CODE_LIFE: Final = 300
MINUTE, DAY = 60, 86_400
PATH: Final = re.compile(r"[0-9A-Za-z_\-]+(/[0-9A-Za-z_\-]+)*")


@dataclass(frozen=True)
class App:
    """As in WeChat's console; an AES key means the safe mode."""

    appid: str
    secret: str
    push_token: str = ""
    push_aes_key: str = ""


@dataclass
class Code:
    """A code that a phone was given; `what` is `login` or `phone`."""

    what: str
    user: str
    ends: float
    used: bool = False
    phone: str = ""


@dataclass
class Fault:
    """A trouble for the next `times` calls of `path` (`*`: of any).

    `errcode` answers that number, with `more` in its text; `html` an HTML page of that status;
    `cut` closes the connection; `wait` answers so many seconds later; `drip` sends a byte now and
    then; `body` is answered as JSON as it stands.
    """

    path: str
    times: int = 1
    errcode: int = 0
    more: str = ""
    html: int = 0
    cut: bool = False
    wait: float = 0.0
    drip: float = 0.0
    body: Any = None


@dataclass
class Face:
    """One verification that was begun; `outcome` is what the person in front of the phone did."""

    out_seq_no: str
    openid: str
    cert_hash: str
    ends: float
    outcome: int = 90002


@dataclass
class World:
    """All state; every request holds `lock` while it works with it."""

    app: App
    clock: Clock = field(default_factory=Clock)
    lock: threading.RLock = field(default_factory=threading.RLock)
    tokens: TokenDesk = field(default_factory=TokenDesk)
    codes: dict[str, Code] = field(default_factory=dict)
    session_keys: dict[str, str] = field(default_factory=dict)
    users: dict[str, str] = field(default_factory=dict)
    risky_users: set[str] = field(default_factory=set)
    has_unionid: bool = True
    ip_allowed: bool = True
    pages: set[str] | None = None
    templates: dict[str, list[str]] = field(default_factory=dict)
    consents: Counter[tuple[str, str]] = field(default_factory=Counter)
    sent: list[dict[str, Any]] = field(default_factory=list)
    words: dict[str, str] = field(default_factory=lambda: {"违规": "risky", "待审": "review"})
    faces: dict[str, Face] = field(default_factory=dict)
    face_outcomes: dict[str, int] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    calls: Counter[str] = field(default_factory=Counter)
    limits: dict[str, tuple[int, int]] = field(
        default_factory=lambda: {
            "login": (100, MINUTE),
            "token": (2000, DAY),
            "stable_token": (500_000, DAY),
            "qr_code": (5000, MINUTE),
            "link": (500_000, DAY),
            "text": (4000, MINUTE),
        }
    )
    _hits: dict[tuple[str, str], deque[float]] = field(default_factory=lambda: defaultdict(deque))

    def openid(self, user: str) -> str:
        """The same for the same user and appid, in every run; remembers the user."""
        found = "o" + self._name("openid", user)[:27]
        self.users[found] = user
        return found

    def unionid(self, user: str) -> str:
        return "u" + self._name("unionid", user)[:27]

    def _name(self, kind: str, user: str) -> str:
        made = hmac.digest(f"{kind}:{self.app.appid}".encode(), user.encode(), "sha256")
        return base64.urlsafe_b64encode(made).decode()

    def mint(self, what: str, user: str, phone: str = "") -> str:
        """A code as `wx.login` or `getPhoneNumber` gives it to the phone."""
        code = secrets.token_urlsafe(24)
        self.openid(user)
        self.codes[code] = Code(what, user, self.clock.now() + CODE_LIFE, phone=phone)
        return code

    def spend(self, what: str, text: Any) -> Code:
        """Use up a code, or raise 40029 (unknown, ended), 40163 (used)."""
        code = self.codes.get(str(text))
        if code is None or code.what != what or code.ends <= self.clock.now():
            raise Refusal(40029)
        if code.used:
            raise Refusal(40163)
        code.used = True
        return code

    def hit(self, limit: str, who: str, errcode: int) -> None:
        """Count one call; beyond the limit raise `errcode`."""
        most, seconds = self.limits[limit]
        times, now = self._hits[limit, who], self.clock.now()
        while times and times[0] <= now - seconds:
            times.popleft()
        if len(times) >= most:
            raise Refusal(errcode)
        times.append(now)

    def known(self, openid: Any) -> str:
        """The user behind an openid, or 40003."""
        if openid not in self.users:
            raise Refusal(40003)
        return self.users[openid]

    def is_page(self, path: Any) -> bool:
        """Whether this page is published; without a list every well-formed path is."""
        if not isinstance(path, str) or not PATH.fullmatch(path):
            return False
        return self.pages is None or path in self.pages

    def next_fault(self, path: str) -> Fault | None:
        """The first planned trouble of this path, used up by one."""
        for fault in self.faults:
            if fault.path in (path, "*"):
                fault.times -= 1
                if fault.times <= 0:
                    self.faults.remove(fault)
                return fault
        return None


def session_signature(session_key: str, text: str = "") -> str:
    """The signature of the session: the key is the Base64 text itself, not what it stands for."""
    return hmac.digest(session_key.encode(), text.encode(), "sha256").hex()


def cert_hash(cert: dict[str, Any]) -> str:
    """SHA-256 over the fields in Base64, in the order of the documentation."""
    names = ("cert_type", "cert_name", "cert_no")
    coded = [f"{one}={base64.b64encode(str(cert.get(one)).encode()).decode()}" for one in names]
    return hashlib.sha256("&".join(coded).encode()).hexdigest()
