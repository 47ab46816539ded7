"""扫码登录: a login by QR code at the platform, bound to the browser that began it (RFC 7636)."""

import hashlib
import hmac
import secrets
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from urllib.parse import urlsplit

from examples.approval_system.client import ApiError, PartnerApi, Problem, ScannedPerson
from examples.approval_system.database import Database

OTHER_BROWSER = Problem(
    "other_browser", "这次扫码登录不是在本浏览器发起的，或已经用过。", "请重新点击“扫码登录”。"
)
NOT_LOGGED_IN = Problem("not_logged_in", "本次扫码登录未完成。", "请重新点击“扫码登录”。")
STRANGE_ADDRESS = Problem(
    "strange_address", "登录页面的地址不在已登记的平台上，已停止跳转。", "请拨打技术支持电话。"
)


@dataclass(frozen=True)
class Begun:
    """A login on its way: `handle` goes into this browser's session, the browser to `open_url`."""

    handle: str
    open_url: str


@dataclass(frozen=True)
class CameBack:
    """What the browser brings from the platform; `code` is empty when nothing came of it."""

    code: str
    state: str


class ScanLoginDesk:
    """The use cases. The verifier and the state never leave the server: the browser has a handle,
    so a code that was carried to another browser is worth nothing there."""

    def __init__(
        self, database: Database, api: PartnerApi, *, return_url: str, signing_origin: str
    ) -> None:
        self._database = database
        self._api = api
        self._return_url = return_url
        self._signing_origin = signing_origin

    def begin(self, next_path: str) -> Begun:
        """Ask the platform for a login; raises ApiError."""
        handle, verifier, state = (secrets.token_urlsafe(32) for _ in range(3))
        request = {
            "code_challenge": challenge_of(verifier),
            "code_challenge_method": "S256",
            "return_url": self._return_url,
            "state": state,
        }
        made = self._api.create_login(request, key=handle)
        if urlsplit(made.open_url)[:2] != urlsplit(self._signing_origin)[:2]:
            raise ApiError(STRANGE_ADDRESS, status=403)
        with self._database.begin() as db:
            db.execute("DELETE FROM scan_logins WHERE created_at < datetime('now', '-1 hour')")
            db.execute(
                "INSERT INTO scan_logins (handle, verifier, state, next) VALUES (?, ?, ?, ?)",
                (handle, verifier, state, next_path),
            )
        return Begun(handle, made.open_url)

    def finish(self, handle: str, brought: CameBack) -> tuple[ScannedPerson, str]:
        """Who has logged in, and where to go on; each handle is good once. Raises ApiError."""
        with self._database.begin() as db:
            begun = db.execute(
                "DELETE FROM scan_logins WHERE handle = ? RETURNING *", (handle,)
            ).fetchone()
        # Before anything else: somebody else's login must not become this browser's.
        if begun is None or not hmac.compare_digest(begun["state"], brought.state):
            raise ApiError(OTHER_BROWSER, status=403)
        if not brought.code:
            raise ApiError(NOT_LOGGED_IN, status=403)
        person = self._api.exchange(brought.code, begun["verifier"], key=f"exchange-{handle}")
        return person, begun["next"]

    def person_of(self, subject: str) -> str | None:
        """The account of ours that this subject was bound to."""
        with self._database.begin() as db:
            found = db.execute(
                "SELECT person FROM scanned_people WHERE subject = ?", (subject,)
            ).fetchone()
        return found and str(found["person"])

    def bind(self, subject: str, person: str) -> None:
        """From now on this subject logs in as `person`."""
        with self._database.begin() as db:
            db.execute(
                "INSERT INTO scanned_people VALUES (?, ?)"
                " ON CONFLICT (subject) DO UPDATE SET person = excluded.person",
                (subject, person),
            )


def challenge_of(verifier: str) -> str:
    """The challenge of RFC 7636 4.2, by S256."""
    digest = hashlib.sha256(verifier.encode()).digest()
    return urlsafe_b64encode(digest).rstrip(b"=").decode()
