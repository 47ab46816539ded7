"""The browsers of one signing: the page on a desktop, and a person's phone."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from server.providers.sms.console import ConsoleSms
from server.seed import DemoPerson

OWN_ORIGIN = {"Origin": "http://127.0.0.1:8321"}


def multipart(field: str, name: str, content: bytes) -> dict[str, Any]:
    """The body of an upload and its type, with any file name as it stands."""
    head = f'Content-Disposition: form-data; name="{field}"; filename="{name}"'
    parts = (b"--limit", head.encode(), b"Content-Type: application/pdf", b"", content)
    data = b"\r\n".join((*parts, b"--limit--", b""))
    return {"data": data, "content_type": "multipart/form-data; boundary=limit"}


@dataclass
class Browser:
    """A browser on one of our pages: it names its origin, and keeps cookies."""

    client: FlaskClient

    def send_photo(self, photo: bytes) -> TestResponse:
        return self.client.post("/m/scan", headers=OWN_ORIGIN, **multipart("photo", "p.png", photo))

    def get(self, path: str, **more: Any) -> TestResponse:
        return self.client.get(path, buffered=True, **more)

    def post(self, path: str, body: Any = None, **more: Any) -> TestResponse:
        headers = {**OWN_ORIGIN, **more.pop("headers", {})}
        return self.client.post(path, json={} if body is None else body, headers=headers, **more)

    def put(self, path: str, body: Any) -> TestResponse:
        return self.client.put(path, json=body, headers=OWN_ORIGIN)

    def delete(self, path: str) -> TestResponse:
        return self.client.delete(path, headers=OWN_ORIGIN)

    def upload(self, path: str, content: bytes, name: str = "合同.pdf") -> TestResponse:
        return self.client.post(path, headers=OWN_ORIGIN, **multipart("file", name, content))


@dataclass
class SigningPage(Browser):
    """The desktop page of one task."""

    open_url: str
    state: dict[str, Any]

    def __init__(self, client: FlaskClient, open_url: str) -> None:
        super().__init__(client)
        self.open_url = open_url

    @property
    def path(self) -> str:
        return "/sign/" + self.open_url.split("/sign/")[1].split("#")[0]

    @property
    def open_token(self) -> str:
        return self.open_url.split("#")[1]

    def open(self, open_token: str | None = None) -> TestResponse:
        token = self.open_token if open_token is None else open_token
        return self.post(f"{self.path}/open", {"open_token": token})

    def post_to(self, action: str, body: Any = None, **more: Any) -> TestResponse:
        """One of the page's own actions: `refresh`, `cancel`, `restart` …"""
        return self.post(f"{self.path}/{action}", body, **more)

    def save(self, placements: list[dict[str, Any]], **more: Any) -> TestResponse:
        return self.put(f"{self.path}/placements", {"placements": placements, **more})

    def read(self) -> dict[str, Any]:
        answer: dict[str, Any] = self.get(f"{self.path}/state").get_json()
        return answer

    def frame(self, place: int = 0) -> str:
        """The link in the QR that shows now."""
        frames = self.get(f"{self.path}/frames").get_json()["frames"]
        text: str = frames[place]["text"]
        return text

    def load(self) -> TestResponse:
        return self.post(f"{self.path}/load")

    def everywhere(self, seal: int = 0) -> list[dict[str, Any]]:
        """One seal in the middle of every page."""
        state = self.read()
        seal_id = state["seals"][seal]["id"]
        return [
            {
                "seal_id": seal_id,
                "page": page["number"],
                "x": page["width"] / 2,
                "y": page["height"] / 2,
            }
            for page in state["document"]["pages"]
        ]

    def across(self, edge: str = "right", seal: int = 0, **more: Any) -> dict[str, Any]:
        """One seal across an edge of every page."""
        state = self.read()
        pages = [page["number"] for page in state["document"]["pages"]]
        return {"seal_id": state["seals"][seal]["id"], "edge": edge, "pages": pages} | (
            {"along": 0.5, "two_sided": False} | more
        )

    def confirm(
        self,
        placements: list[dict[str, Any]],
        straddles: Sequence[dict[str, Any]] = (),
        *,
        key: str = "k-1",
        sha256: str | None = None,
    ) -> TestResponse:
        digest = sha256 or self.state["document"]["sha256"]
        body = {"document_sha256": digest, "placements": placements}
        if straddles:
            body["straddles"] = list(straddles)
        return self.post(f"{self.path}/confirm", body, headers={"Idempotency-Key": key})


@dataclass
class LoginPage(Browser):
    """The page on a computer that somebody wants to log in on."""

    base = "/login"
    state: dict[str, Any]

    def __init__(self, client: FlaskClient) -> None:
        super().__init__(client)
        self.open()

    def open(self) -> TestResponse:
        answer = self.post_to("open")
        self.state = answer.get_json()
        return answer

    def post_to(self, action: str, **more: Any) -> TestResponse:
        """One of the page's own actions: `refresh`, `not-me`, `confirm` …"""
        return self.post(f"{self.base}/{action}", **more)

    def qr(self) -> dict[str, Any]:
        """What the page shows of its QR session now."""
        shown: dict[str, Any] = self.get(f"{self.base}/state").get_json()["qr"]
        return shown

    def frame(self, place: int = 0) -> str:
        """The link in the QR that shows now."""
        frames = self.get(f"{self.base}/frames").get_json()["frames"]
        text: str = frames[place]["text"]
        return text


@dataclass
class PhoneInHand(Browser):
    """One person's phone."""

    person: DemoPerson
    sms: ConsoleSms

    def __init__(self, client: FlaskClient, person: DemoPerson, sms: ConsoleSms) -> None:
        super().__init__(client)
        self.person, self.sms = person, sms
        # A person reads the number once; the page hides it as soon as it was picked.
        self.seen: dict[str, str] = {}

    def ask_code(self, phone: str | None = None) -> TestResponse:
        return self.post("/m/login/sms", {"phone": phone or self.person.phone})

    def code(self) -> str:
        """The newest code in the text messages of this phone."""
        mine = [one.text for one in self.sms.messages() if one.phone == self.person.phone]
        return next(found[1] for text in mine if (found := re.search(r"验证码 (\d{6})", text)))

    def log_in(self) -> TestResponse:
        self.ask_code()
        body = {"phone": self.person.phone, "code": self.code(), "agreed": True}
        answer = self.post("/m/login", body)
        assert answer.status_code == 200, answer.get_json()
        return answer

    def open_link(self, link: str) -> TestResponse:
        return self.get("/q/" + link.rsplit("/", 1)[1])

    def scan(self, link: str) -> TestResponse:
        """Open the link of a QR, and let the confirm screen take the session."""
        target = self.open_link(link)
        if target.status_code != 303:
            return target
        return self.post(target.headers["Location"] + "/scan")

    def confirm(
        self, asked: dict[str, Any], page: SigningPage, *, pin: str | None = None, **other: Any
    ) -> TestResponse:
        """Pick the number that the page shows, and give the PIN."""
        shown = page.read().get("qr", {}).get("reference_code")
        if shown:
            self.seen[asked["session_id"]] = shown
        body = {
            "reference_code": self.seen.get(asked["session_id"], asked["reference_choices"][0]),
            "acting": {"kind": "enterprise", "id": asked["acting"][0]["id"]},
            "pin": pin or self.person.pin,
            **other,
        }
        return self.post(f"/m/qr/{asked['session_id']}/confirm", body)

    def scan_login(self, page: LoginPage) -> dict[str, Any]:
        """Scan the code of a computer that wants to be let in; what the phone is asked."""
        asked = self.scan(page.frame())
        assert asked.status_code == 200, asked.get_json()
        told: dict[str, Any] = asked.get_json()
        return told

    def let_in(self, page: LoginPage) -> str:
        """Scan, pick the number on the page and confirm; the QR session's id."""
        session_id: str = self.scan_login(page)["session_id"]
        body = {"reference_code": page.qr()["reference_code"]}
        answer = self.post(f"/m/qr/{session_id}/login/confirm", body)
        assert answer.status_code == 200, answer.get_json()
        return session_id
