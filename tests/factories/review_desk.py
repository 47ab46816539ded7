"""The review desk: a reviewer, his browser, and an application that waits for him."""

import re
from dataclasses import dataclass
from typing import Any

from werkzeug.test import TestResponse

from server.accounts import passwords
from server.applications import queries
from server.reviewers import service
from tests.factories.applications import HAND, Applicant
from tests.factories.changes import Request
from tests.factories.devices import Browser
from tests.factories.product import Product
from tests.factories.twice import Route

LOGIN, ONE_TIME, OWN = "tan", "printed-once-2026", "mine-alone-2026"
DESK = "/admin/applications"


def make_reviewer(product: Product, login: str = LOGIN) -> str:
    """A reviewer as the command makes him; his id."""
    digest = passwords.digest(ONE_TIME)
    with product.parts.db.begin() as uow:
        return service.create(uow, login=login, name="谭审核", digest=digest).id


def waiting(product: Product) -> str:
    """An application that a person has to decide on; its id."""
    applicant = Applicant(product)
    return applicant.submit(applicant.filled(), HAND).id


@dataclass
class Desk(Browser):
    """A reviewer's browser."""

    def decide(self, application_id: str, decision: str, **body: Any) -> TestResponse:
        """Decide on what the page shows at this moment."""
        path = f"{DESK}/{application_id}"
        shown = re.search(r'data-content="([0-9a-f]{64})"', self.get(path).text)
        content = shown[1] if shown else "0" * 64
        return self.post(f"{path}/{decision}", {"content": content, **body})

    def log_in(self, password: str = OWN, login: str = LOGIN) -> Any:
        return self.post("/admin/login", {"login": login, "password": password})


def at_door(product: Product) -> Desk:
    """Logged in by the one-time password, and with nothing else to do than set another."""
    desk = Desk(product.app.test_client())
    assert desk.log_in(ONE_TIME).status_code == 200
    return desk


def at_desk(product: Product) -> Desk:
    """A reviewer who has set a password of his own."""
    make_reviewer(product)
    desk = at_door(product)
    assert desk.post("/admin/password", {"password": OWN}).status_code == 200
    return desk


def logging_in(product: Product) -> Request:
    make_reviewer(product)
    body = {"login": LOGIN, "password": ONE_TIME}
    return Request(Desk(product.app.test_client()).client, "/admin/login", body=body)


def password_set(product: Product) -> Request:
    make_reviewer(product)
    return Request(at_door(product).client, "/admin/password", body={"password": OWN})


def logging_out(product: Product) -> Request:
    return Request(at_desk(product).client, "/admin/logout")


def deciding(decision: str, body: Any = None) -> Any:
    def ready(product: Product) -> Request:
        application_id = waiting(product)
        with product.parts.db.read() as uow:
            content = queries.for_review(uow, application_id).content_digest
        path = f"{DESK}/{application_id}/{decision}"
        return Request(at_desk(product).client, path, body={"content": content, **(body or {})})

    return ready


MOVED_ON = (409, "application_moved_on")
REVIEWS = {
    "admin_login.log_in": Route(logging_in, anew=frozenset({"reviewer_sessions"})),
    "admin_login.log_out": Route(logging_out, (401, "reviewer_login_needed"), alone=False),
    "admin_login.set_password": Route(password_set, (422, "same_reviewer_password"), alone=False),
    "admin_reviews.approve": Route(deciding("approve"), MOVED_ON),
    "admin_reviews.ask_correction": Route(
        deciding("correction", {"reason": "请重新拍照", "parts": {"licence": "反光"}}),
        (409, "application_not_ready"),
    ),
    "admin_reviews.reject": Route(
        deciding("reject", {"reason": "材料不实"}), (410, "application_ended")
    ),
}
