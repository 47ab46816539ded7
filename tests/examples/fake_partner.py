"""A small partner API on loopback: real HTTP, states moved by the test."""

import hashlib
import json
import threading
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from typing import Any, Self

from flask import Flask, Response, jsonify, request
from werkzeug.serving import WSGIRequestHandler, make_server

KEY = "sk_test"


class _Quiet(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002  its name above
        pass


@dataclass
class FakePartner:
    """Keeps documents and tasks in memory; `faults` are answered first, one for each request."""

    documents: dict[str, dict[str, Any]] = field(default_factory=dict)
    tasks: dict[str, dict[str, Any]] = field(default_factory=dict)
    results: dict[str, bytes] = field(default_factory=dict)
    logins: dict[str, dict[str, Any]] = field(default_factory=dict)
    made: dict[str, tuple[str, str]] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)
    faults: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    opened: int = 0
    subject: str = "sub-huang"

    def __enter__(self) -> Self:
        self.server = make_server("127.0.0.1", 0, self.app(), threaded=True, request_handler=_Quiet)
        self.url = f"http://127.0.0.1:{self.server.port}"
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.02,))
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()

    # What a test may do to the platform.

    def check(self, *, problem: dict[str, str] | None = None, warning: str = "") -> None:
        """Finish the check of every document."""
        for document in self.documents.values():
            document["status"] = "rejected" if problem else "ready"
            document["problem"] = problem
            document["warnings"] = [{"code": "w", "message": warning}] if warning else []

    def move(self, status: str, *, failure: dict[str, str] | None = None) -> None:
        """Move the newest task."""
        list(self.tasks.values())[-1].update(status=status, failure=failure)

    def seal(self, content: bytes = b"%PDF-1.7 sealed", *, seals: int = 4) -> None:
        """Finish the newest task with these bytes."""
        task = list(self.tasks.values())[-1]
        self.results[task["id"]] = content
        digest = hashlib.sha256(content).hexdigest()
        name = task["title"].replace(".pdf", "（已签章）.pdf")
        task.update(status="sealed", sealed_at="2026-11-21T02:30:00+00:00")
        task["result"] = {"document_id": "doc_sealed", "name": name, "size": len(content)}
        task["result"].update(sha256=digest, seals=seals)

    # The addresses.

    def app(self) -> Flask:
        app = Flask("fake_partner")
        app.before_request(self._before)
        api, sign = "/partner/v1", self._signing_page
        app.add_url_rule(f"{api}/documents", view_func=self._add, methods=["POST"])
        app.add_url_rule(f"{api}/documents/<id_>", view_func=self._document)
        app.add_url_rule(f"{api}/signing-tasks", view_func=self._create, methods=["POST"])
        app.add_url_rule(f"{api}/signing-tasks/<id_>", view_func=self._task)
        app.add_url_rule(
            f"{api}/signing-tasks/<id_>/cancel", view_func=self._cancel, methods=["POST"]
        )
        app.add_url_rule(f"{api}/signing-tasks/<id_>/result", view_func=self._result)
        app.add_url_rule("/sign/<id_>", view_func=sign)
        app.add_url_rule(f"{api}/login-sessions", view_func=self._create_login, methods=["POST"])
        app.add_url_rule(
            f"{api}/login-sessions/exchange", view_func=self._exchange, methods=["POST"]
        )
        return app

    def _before(self) -> Response | None:
        if request.path.startswith("/sign/"):
            return None
        self.calls.append(f"{request.method} {request.path}")
        if self.faults:
            status, headers = self.faults.pop(0)
            return problem(status, "fault", headers)
        if request.headers.get("Authorization") != f"Bearer {KEY}":
            return problem(401, "bad_api_key")
        return None

    def _add(self) -> Response:
        upload = request.files["file"]
        content = upload.read()
        id_ = self._once("doc", hashlib.sha256(content).hexdigest())
        if id_ is None:
            return problem(422, "idempotency_key_reused")
        body = {"id": id_, "status": "checking", "name": upload.filename, "size": len(content)}
        return answer(self.documents.setdefault(id_, body), 202)

    def _document(self, id_: str) -> Response:
        body = self.documents.get(id_)
        return answer(body) if body else problem(404, "not_found")

    def _create(self) -> Response:
        body = request.get_json()
        document = self.documents.get(body["document_id"])
        if document is None:
            return problem(404, "not_found")
        if document["status"] != "ready":
            return problem(409, "document_not_ready")
        id_ = self._once("task", json.dumps(body, sort_keys=True))
        if id_ is None:
            return problem(422, "idempotency_key_reused")
        task = {"id": id_, "status": "awaiting_signer", "title": body["title"], "request": body}
        task = self.tasks.setdefault(id_, task | {"failure": None, "result": None})
        self.opened += 1
        opening = {"open_url": f"{self.url}/sign/{id_}#open{self.opened}", "expires_at": None}
        return answer(task | opening, 201)

    def _task(self, id_: str) -> Response:
        body = self.tasks.get(id_)
        return answer(body) if body else problem(404, "not_found")

    def _cancel(self, id_: str) -> Response:
        if self.tasks[id_]["status"] == "sealing":
            return problem(409, "sealing_began")
        self.tasks[id_]["status"] = "cancelled"
        return answer(self.tasks[id_])

    def _result(self, id_: str) -> Response:
        return Response(self.results[id_], mimetype="application/pdf")

    def _create_login(self) -> Response:
        body = request.get_json()
        id_ = self._once("plog", json.dumps(body, sort_keys=True))
        self.logins[f"code_of_{id_}"] = body
        return answer({"id": id_, "open_url": f"{self.url}/qr-login/{id_}#open"}, 201)

    def _exchange(self) -> Response:
        body = request.get_json()
        login = self.logins.pop(body["code"], None)
        if login is None:
            return problem(403, "login_code_refused")
        digest = hashlib.sha256(body["code_verifier"].encode()).digest()
        if urlsafe_b64encode(digest).rstrip(b"=").decode() != login["code_challenge"]:
            return problem(403, "wrong_code_verifier")
        return answer({"subject": self.subject, "name": "黄*", "level": "proven"})

    def _signing_page(self, id_: str) -> str:
        return (
            f"<title>签章页面 {id_}</title><a href={self.tasks[id_]['request']['return_url']}>返回"
        )

    def _once(self, kind: str, digest: str) -> str | None:
        """The id that this Idempotency-Key stands for; None when the body is another."""
        made = f"{kind}_{len(self.made) + 1}"
        id_, before = self.made.setdefault(request.headers["Idempotency-Key"], (made, digest))
        return id_ if before == digest else None


def answer(body: dict[str, Any], status: int = 200) -> Response:
    response = jsonify(body)
    response.status_code = status
    return response


def problem(status: int, code: str, headers: dict[str, str] | None = None) -> Response:
    body = {"code": code, "detail": f"平台说：{code}。", "next_step": "请照此办理。"}
    response = answer(body | {"status": status}, status)
    response.mimetype = "application/problem+json"
    response.headers.update(headers or {})
    return response
