"""The partner API of the electronic seal platform; copy this one file into your own system."""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self, TypeVar

import httpx

Read = TypeVar("Read")

# A PDF of 20 MiB takes a while to send; everything else is answered at once.
TIMEOUT = httpx.Timeout(15, connect=3, write=60)
PAUSES = (0.4, 1.2)
LONGEST_PAUSE = 5.0
PASSING = {429, 502, 503, 504}


class DocumentStatus(StrEnum):
    """How far the check of a PDF has come."""

    CHECKING = "checking"
    READY = "ready"
    REJECTED = "rejected"


class TaskStatus(StrEnum):
    """How far a signing task has come.

    `sealed`, `cancelled` and `expired` are final; the signer may try a `failed` one again.
    """

    AWAITING_SIGNER = "awaiting_signer"
    AUTHORIZED = "authorized"
    SEALING = "sealing"
    SEALED = "sealed"
    FAILED = "failed"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


@dataclass(frozen=True)
class Problem:
    """Why something did not work, and what to do: two sentences that may be shown to people."""

    code: str
    detail: str
    next_step: str

    @classmethod
    def read(cls, body: dict[str, Any] | None) -> Self | None:
        if not body:
            return None
        return cls(body["code"], body.get("detail", ""), body.get("next_step", ""))


@dataclass(frozen=True)
class Document:
    """A PDF at the platform."""

    id: str
    status: DocumentStatus
    warnings: tuple[str, ...]
    problem: Problem | None

    @classmethod
    def read(cls, body: dict[str, Any]) -> Self:
        warnings = tuple(warning["message"] for warning in body.get("warnings") or ())
        status = DocumentStatus(body["status"])
        return cls(body["id"], status, warnings, Problem.read(body.get("problem")))


@dataclass(frozen=True)
class Result:
    """What a sealed task made; the bytes come from `PartnerApi.result`."""

    name: str
    size: int
    sha256: str
    seals: int


@dataclass(frozen=True)
class SigningTask:
    """One request for seals on one document; `open_url` is fresh in every answer to a create."""

    id: str
    status: TaskStatus
    open_url: str
    failure: Problem | None
    sealed_at: str | None
    result: Result | None

    @classmethod
    def read(cls, body: dict[str, Any]) -> Self:
        made = body.get("result")
        return cls(
            id=body["id"],
            status=TaskStatus(body["status"]),
            open_url=body.get("open_url") or "",
            failure=Problem.read(body.get("failure")),
            sealed_at=body.get("sealed_at"),
            result=made and Result(made["name"], made["size"], made["sha256"], made["seals"]),
        )


@dataclass(frozen=True)
class LoginSession:
    """One login by QR code that waits for its person; `open_url` works once, for two minutes."""

    id: str
    open_url: str

    @classmethod
    def read(cls, body: dict[str, Any]) -> Self:
        return cls(body["id"], body["open_url"])


@dataclass(frozen=True)
class ScannedPerson:
    """Who has logged in. `subject` is this person at your system alone, and stays the same; the
    name is masked, and a mere claim unless `level` is `proven`."""

    subject: str
    name: str
    level: str

    @classmethod
    def read(cls, body: dict[str, Any]) -> Self:
        return cls(body["subject"], body["name"], body["level"])


class ApiError(Exception):
    """The platform refused or could not be reached; `status` is None when no answer came."""

    def __init__(
        self, problem: Problem, *, status: int | None = None, retry_after: float = 0
    ) -> None:
        super().__init__(f"{status or 'no answer'} {problem.code}")
        self.problem = problem
        self.status = status
        self.retry_after = retry_after

    @property
    def passing(self) -> bool:
        """True when the same request may succeed a moment later."""
        return self.status is None or self.status in PASSING


UNREACHABLE = Problem(
    "unreachable", "暂时连接不上电子印章平台。", "文件已保存，请稍后重试，无需重新上传。"
)
BAD_ANSWER = Problem(
    "bad_answer", "电子印章平台的答复无法识别。", "请稍后重试；仍然如此请拨打技术支持电话。"
)


class PartnerApi:
    """Calls `/partner/v1` with your API key; may be shared by threads.

    A call that meets a passing fault is repeated. That is safe because every POST carries an
    Idempotency-Key: the platform answers a repetition with what the first one made.
    """

    def __init__(
        self, base_url: str, api_key: str, *, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        # trust_env=False: a proxy set for the machine must not see the key by accident.
        self._http = httpx.Client(
            base_url=base_url,
            timeout=TIMEOUT,
            trust_env=False,
            headers={"Authorization": f"Bearer {api_key}", "Accept-Language": "zh-CN"},
        )
        self._sleep = sleep

    def close(self) -> None:
        """Close the connections that are kept open."""
        self._http.close()

    def add_document(self, name: str, content: bytes, *, key: str) -> Document:
        """Send a PDF (at most 20 MiB); it is `checking` at first, so ask again."""
        files = {"file": (name, content, "application/pdf")}
        answer = self._send("POST", "/partner/v1/documents", key=key, files=files)
        return _read(answer, Document.read)

    def document(self, document_id: str) -> Document:
        """The document with the outcome of the check."""
        return _read(self._send("GET", f"/partner/v1/documents/{document_id}"), Document.read)

    def create_task(self, request: dict[str, str], *, key: str) -> SigningTask:
        """Ask for seals: `document_id`, `title`, `return_url`, `user_reference`.

        The same key with the same request gives the same task with a fresh `open_url`. Send the
        browser there at once: the address works one time and for two minutes.
        """
        answer = self._send("POST", "/partner/v1/signing-tasks", key=key, json=request)
        return _read(answer, SigningTask.read)

    def task(self, task_id: str) -> SigningTask:
        """The task as it stands."""
        answer = self._send("GET", f"/partner/v1/signing-tasks/{task_id}")
        return _read(answer, SigningTask.read)

    def cancel_task(self, task_id: str) -> None:
        """Withdraw the request; refused with 409 once sealing has begun."""
        path = f"/partner/v1/signing-tasks/{task_id}/cancel"
        self._send("POST", path, key=f"cancel-{task_id}", json={})

    def result(self, task_id: str) -> bytes:
        """The sealed PDF; compare it with `Result.sha256`."""
        return self._send("GET", f"/partner/v1/signing-tasks/{task_id}/result").content

    def create_login(self, request: dict[str, str], *, key: str) -> LoginSession:
        """Ask for a login: `code_challenge`, `code_challenge_method` (S256), `return_url`, `state`.

        Send the browser to `open_url` at once; it comes back to `return_url` with a code.
        """
        answer = self._send("POST", "/partner/v1/login-sessions", key=key, json=request)
        return _read(answer, LoginSession.read)

    def exchange(self, code: str, verifier: str, *, key: str) -> ScannedPerson:
        """Who is behind the code that the browser brought: once, within 60 seconds."""
        request = {"code": code, "code_verifier": verifier}
        path = "/partner/v1/login-sessions/exchange"
        return _read(self._send("POST", path, key=key, json=request), ScannedPerson.read)

    def _send(
        self, method: str, path: str, *, key: str | None = None, **content: Any
    ) -> httpx.Response:
        headers = {"Idempotency-Key": key} if key else {}
        for pause in PAUSES:
            try:
                return self._send_once(method, path, headers=headers, **content)
            except ApiError as error:
                if not error.passing or error.retry_after > LONGEST_PAUSE:
                    raise
                # The jitter keeps many callers from coming back at the same moment.
                self._sleep(max(pause, error.retry_after) * random.uniform(1, 1.3))
        return self._send_once(method, path, headers=headers, **content)

    def _send_once(self, method: str, path: str, **content: Any) -> httpx.Response:
        try:
            answer = self._http.request(method, path, **content)
        except httpx.TransportError as error:
            raise ApiError(UNREACHABLE) from error
        if answer.is_success:
            return answer
        raise ApiError(
            _problem_of(answer),
            status=answer.status_code,
            retry_after=_seconds(answer.headers.get("Retry-After", "")),
        )


def _read(answer: httpx.Response, read: Callable[[dict[str, Any]], Read]) -> Read:
    try:
        return read(answer.json())
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ApiError(BAD_ANSWER, status=answer.status_code) from error


def _problem_of(answer: httpx.Response) -> Problem:
    try:
        return Problem.read(answer.json()) or BAD_ANSWER
    except (ValueError, KeyError, TypeError, AttributeError):
        return UNREACHABLE if answer.status_code in PASSING else BAD_ANSWER


def _seconds(retry_after: str) -> float:
    return float(retry_after) if retry_after.isdigit() else 0
